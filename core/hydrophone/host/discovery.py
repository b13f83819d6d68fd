"""Finds installed plugins by their entry points, and imports those that are wanted."""

import inspect
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import msgspec
from msgspec import Struct

from hydrophone.errors import PluginError
from hydrophone.host.stranger import called, describe
from hydrophone.plugin import Manifest, Plugin

GROUP = "hydrophone.plugins"
_AWAITED = ("start", "stop", "check")


class Installed(Struct, frozen=True, kw_only=True):
    """An entry point; nothing of it has been imported."""

    name: str
    version: str
    """Of the distribution; empty if it has none."""
    distribution: str
    entry_point: EntryPoint
    is_clash: bool
    """Another distribution has a plugin of the same name: neither is used."""


def installed_plugins(found: Iterable[EntryPoint] | None = None) -> dict[str, Installed]:
    """Return what is installed by name, in alphabetical order. Imports nothing."""
    points = sorted(entry_points(group=GROUP) if found is None else found, key=lambda p: p.name)
    # An editable install and its wheel may both be seen: the same value is the same plugin.
    distinct = {(point.name, point.value, _distribution(point)): point for point in points}
    count = Counter(name for name, _, _ in distinct)
    return {
        name: Installed(
            name=name,
            version=point.dist.version if point.dist is not None else "",
            distribution=distribution,
            entry_point=point,
            is_clash=count[name] > 1,
        )
        for (name, _, distribution), point in distinct.items()
    }


def load(installed: Installed) -> type[Plugin[Any]]:
    """Import a plugin's class.

    Raises:
        PluginError: Its code cannot be imported, is no plugin, or has another plugin's name.
    """
    name = installed.name
    if installed.is_clash:
        raise PluginError(f"Two installed distributions have a plugin {name}; uninstall one.")
    if installed.entry_point.pattern.match(installed.entry_point.value) is None:
        raise PluginError(
            f"Its entry point is {installed.entry_point.value!r}; `module:Class` is expected."
        )
    try:
        loaded: object = called(installed.entry_point.load)
    except Exception as error:  # the border: a stranger's code runs here
        raise PluginError(f"Its code cannot be imported: {describe(error)}") from error
    if not (isinstance(loaded, type) and issubclass(loaded, Plugin)):
        raise PluginError(f"{installed.entry_point.value} is no subclass of Plugin.")
    manifest = getattr(loaded, "manifest", None)
    if not isinstance(manifest, Manifest):
        raise PluginError(f"{installed.entry_point.value} has no manifest.")
    loaded.manifest = manifest = _checked(manifest)
    if manifest.name != name:
        raise PluginError(f"Its entry point is called {name}, but its manifest {manifest.name!r}.")
    for method in _AWAITED:
        if not inspect.iscoroutinefunction(getattr(loaded, method)):
            raise PluginError(f"Its {method} must be an `async def`.")
    return loaded


def _checked(manifest: Manifest) -> Manifest:
    """Hold a manifest against its types: whoever writes one is told by nobody else."""
    plain = {field: getattr(manifest, field) for field in manifest.__struct_fields__}
    schema = plain.pop("config")
    if not (isinstance(schema, type) and issubclass(schema, Struct)):
        raise PluginError("Its manifest cannot be used: config is no Struct.")
    try:
        found = {**msgspec.to_builtins(plain), "config": schema}
        return msgspec.convert(found, Manifest, dec_hook=lambda _, value: value)
    except (msgspec.ValidationError, TypeError) as error:
        raise PluginError(f"Its manifest cannot be used: {error}") from error


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else ""
