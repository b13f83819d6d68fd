"""Collects what the hooks of a plugin return: once, after its start."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import partial
from typing import Any, TypeGuard

import pluggy

from hydrophone.domain.units import Seconds
from hydrophone.errors import PluginError
from hydrophone.host.capabilities import CAPABILITIES, Capability
from hydrophone.host.registry import Registry
from hydrophone.host.stranger import called, describe
from hydrophone.plugin import Plugin
from hydrophone.plugin.hookspecs import HookSpecs
from hydrophone.plugin.markers import PROJECT


def collect(
    plugin: Plugin[Any], instance: str, registry: Registry, *, timeout: Seconds | None = None
) -> None:
    """Call the hooks of a started plugin, and take up what they return.

    Each plugin by itself: one that raises must not stop the others. Raises PluginError that names
    the hook, for what it raises and for what is no provider.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(HookSpecs)
    try:
        called(lambda: manager.register(plugin, name=instance))
    except pluggy.PluginValidationError as error:
        raise PluginError(f"A hook of its has another shape: {describe(error)}") from error
    _refuse_unknown(manager)
    for capability in CAPABILITIES:
        for implementation in getattr(manager.hook, capability.hook).get_hookimpls():
            for provider in _returned(capability, implementation.function):
                try:
                    registry.add(instance, capability, provider, timeout=timeout)
                except PluginError as error:
                    raise PluginError(
                        f"What its hook `{capability.hook}` returns is no "
                        f"{capability.protocol.__name__}: {error}"
                    ) from error


def declared(kind: type[Plugin[Any]]) -> tuple[Capability[Any], ...]:
    """Return what a plugin may be able to do, by the hooks that it implements; calls none."""
    marker = f"{PROJECT}_impl"
    return tuple(
        capability
        for capability in CAPABILITIES
        if hasattr(getattr(kind, capability.hook, None), marker)
    )


def _refuse_unknown(manager: pluggy.PluginManager) -> None:
    """Find a misspelt hook, which would never be called."""
    known = [name for name in vars(HookSpecs) if not name.startswith("_")]
    for name in vars(manager.hook):
        if name.startswith("_") or name in known:
            continue
        near = get_close_matches(name, known, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(known)}."
        raise PluginError(f"There is no hook `{name}`{hint}")


def _returned(capability: Capability[Any], hook: Callable[[], object]) -> tuple[Any, ...]:
    """Call a hook; raises PluginError if it fails, or does not return a sequence."""
    name, wanted = f"Its hook `{capability.hook}`", capability.protocol.__name__
    try:
        found = called(hook)
        providers = called(partial(tuple, found)) if _is_sequence(found) else None
    except Exception as error:  # the border: a stranger's code
        raise PluginError(f"{name} fails: {describe(error)}") from error
    if inspect.iscoroutine(found):
        # Else Python would warn that nobody has awaited it.
        found.close()
        raise PluginError(f"{name} must not be an `async def`.")
    if providers is None:
        raise PluginError(
            f"{name} must return a sequence of {wanted}, as in `return ({wanted}(...),)`, "
            f"and returns {type(found).__name__}."
        )
    return providers


def _is_sequence(found: object) -> TypeGuard[Iterable[object]]:
    return isinstance(found, Iterable) and not isinstance(found, str | bytes | Mapping)
