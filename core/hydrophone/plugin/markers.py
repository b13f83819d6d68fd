"""The markers by which pluggy knows hooks and their implementations."""

from typing import Final

import pluggy

PROJECT: Final = "hydrophone"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a method of a plugin that implements a hook of `hydrophone.plugin.hookspecs`."""
