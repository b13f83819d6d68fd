"""What a plugin author imports: the plugin class, its hooks, its context, the capabilities."""

from hydrophone.plugin.api_version import PLUGIN_API
from hydrophone.plugin.base import Plugin
from hydrophone.plugin.commands import pass_plugin
from hydrophone.plugin.context import (
    Clock,
    Context,
    JobQueue,
    KeyValueStore,
    LibraryView,
    SecretStore,
    Worker,
)
from hydrophone.plugin.http import HttpAnswer, HttpBody, HttpClient
from hydrophone.plugin.http_stream import http_stream
from hydrophone.plugin.manifest import Manifest, NoConfig, Permission, PermissionKind
from hydrophone.plugin.markers import hookimpl

__all__ = [
    "PLUGIN_API",
    "Clock",
    "Context",
    "HttpAnswer",
    "HttpBody",
    "HttpClient",
    "JobQueue",
    "KeyValueStore",
    "LibraryView",
    "Manifest",
    "NoConfig",
    "Permission",
    "PermissionKind",
    "Plugin",
    "SecretStore",
    "Worker",
    "hookimpl",
    "http_stream",
    "pass_plugin",
]
