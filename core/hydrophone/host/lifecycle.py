"""Brings the plugins of the configuration up, tries again what failed, and takes them down."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any

from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.errors import ConfigError, NotFoundError, PluginError
from hydrophone.host.compatibility import check_api
from hydrophone.host.discovery import Installed
from hydrophone.host.guard import Guard
from hydrophone.host.hooks import collect, declared
from hydrophone.host.importing import IMPORT_LIMIT, begin_import, load_in_time, too_long
from hydrophone.host.records import CapabilityStatus, PluginState, PluginStatus
from hydrophone.host.registry import Registry
from hydrophone.host.stranger import Strays, called, describe, within
from hydrophone.host.table import CommonKeys, common_keys, plugin_config
from hydrophone.plugin import Context, Manifest, Plugin

logger = logging.getLogger(__name__)

_START_LIMIT = Seconds(10.0)
_STOP_LIMIT = Seconds(1.0)
_FIRST_WAIT = Seconds(30.0)
_LONGEST_WAIT = 15 * 60.0

MakeContext = Callable[[str, Manifest], Context]
"""From the name of an instance to what it is given; makes its folders."""


@dataclass(eq=False)
class _Instance:
    name: str
    table: Mapping[str, object]
    state: PluginState = PluginState.STARTING
    error: str = ""
    common: CommonKeys = field(default_factory=CommonKeys)
    installed: Installed | None = None
    importing: asyncio.Future[type[Plugin[Any]]] | None = None
    kind: type[Plugin[Any]] | None = None
    plugin: Plugin[Any] | None = None
    wait: float = 0.0
    """Seconds until the next try to start."""
    tried: float = 0.0


class Host:
    """All plugins of one server."""

    def __init__(
        self,
        *,
        tables: Mapping[str, Mapping[str, object]],
        installed: Mapping[str, Installed],
        registry: Registry,
        make_context: MakeContext,
        environ: Mapping[str, str],
        import_limit: Seconds = IMPORT_LIMIT,
        start_limit: Seconds = _START_LIMIT,
        first_wait: Seconds = _FIRST_WAIT,
    ) -> None:
        """`tables` is `[plugins]` of the configuration: the raw table of each instance.

        An import may take `import_limit` and a start `start_limit`; a start that failed is tried
        again after `first_wait`, and then after twice as long each time.
        """
        self._installed = installed
        self._registry = registry
        self._make_context = make_context
        self._environ = environ
        self._import_limit = import_limit
        self._start_limit = start_limit
        self._first_wait = first_wait
        self._instances = {name: _Instance(name, table) for name, table in tables.items()}
        self._strays: Strays = set()

    async def start(self) -> None:
        """Import what the configuration names, one by one, and start each as soon as it is there.

        Each import and each start takes 10 seconds at most; raises nothing.
        """
        async with asyncio.TaskGroup() as starting:
            for one in self._instances.values():
                await self._import(one)
                starting.create_task(self._begin(one))

    def look(self) -> None:
        """See how far each would come, without running any: for commands; blocks, raises nothing.

        Their code is imported, with the same limit.
        """
        for one in self._instances.values():
            self._find(one)
            if one.installed is None or one.state is not PluginState.STARTING:
                continue
            self._take(one, partial(load_in_time, one.installed))
            if one.kind is None or one.state is not PluginState.STARTING:
                continue
            try:
                plugin_config(one.name, one.table, one.kind.manifest.config, self._environ)
                one.state = PluginState.STOPPED
            except ConfigError as error:
                one.state, one.error = PluginState.CONFIG_ERROR, str(error)

    async def run(self) -> None:
        """Try again those that could not start, for ever; cancel it to end."""
        while True:
            await asyncio.sleep(min(1.0, self._first_wait))
            for one in self._instances.values():
                if one.state is PluginState.LOAD_ERROR and one.importing is not None:
                    await self._begin_late(one)
                if one.state is PluginState.START_ERROR and monotonic() - one.tried >= one.wait:
                    await self._start(one)

    async def stop(self) -> None:
        """Stop all that was started, side by side; takes a second and a half at most."""
        for one in self._instances.values():
            if one.importing is not None:
                one.importing.cancel()
        await asyncio.gather(*(self._stop(one) for one in self._instances.values()))

    def plugin(self, instance: str) -> Plugin[Any]:
        """Return a running plugin. Raises PluginError that says why it does not run."""
        one = self._instances.get(instance)
        if one is None:
            raise PluginError(f"The configuration has no table [plugins.{instance}].")
        if one.plugin is None or one.state is not PluginState.RUNNING:
            raise PluginError(f"{instance} does not run: {one.error or one.state.value}")
        return one.plugin

    def resume(self, instance: str) -> None:
        """Make those calls again that were suspended; raises NotFoundError if it does not run."""
        if instance not in self._instances or self._instances[instance].plugin is None:
            raise NotFoundError("No such plugin runs.")
        for _, provider in self._registry.of(instance):
            provider.guard.resume()

    def statuses(self) -> tuple[PluginStatus, ...]:
        """Return how all stand: those of the configuration in its order, then the others."""
        configured = tuple(self._status(one) for one in self._instances.values())
        named = {status.plugin for status in configured}
        rest = (one for name, one in self._installed.items() if name not in named)
        return configured + tuple(
            PluginStatus(
                instance=one.name,
                plugin=one.name,
                version=one.version,
                summary="",
                state=PluginState.DISABLED,
                error="",
                capabilities=(),
                permissions=(),
            )
            for one in rest
        )

    def _find(self, one: _Instance) -> None:
        """Look which plugin a table is of, and whether it is wanted and there."""
        try:
            one.common = common_keys(one.name, one.table)
        except ConfigError as error:
            one.state, one.error = PluginState.CONFIG_ERROR, str(error)
            return
        if not one.common.enabled:
            one.state = PluginState.DISABLED
            return
        name = one.common.plugin or one.name
        one.installed = self._installed.get(name)
        if one.installed is None:
            one.state = PluginState.MISSING
            one.error = f"No plugin {name} is installed; `hydrophone plugins install {name}`."

    async def _import(self, one: _Instance) -> None:
        self._find(one)
        if one.installed is None or one.state is not PluginState.STARTING:
            return
        one.importing = asyncio.wrap_future(begin_import(one.installed))
        await asyncio.wait((one.importing,), timeout=self._import_limit)
        if one.importing.done():
            self._take(one, one.importing.result)
            return
        one.state = PluginState.LOAD_ERROR
        one.error = f"{too_long(self._import_limit)} It starts if that comes to an end."

    async def _begin_late(self, one: _Instance) -> None:
        """Start a plugin whose import has taken too long, if it is over by now."""
        if one.importing is not None and one.importing.done():
            self._take(one, one.importing.result)
            await self._begin(one)

    def _take(self, one: _Instance, imported: Callable[[], type[Plugin[Any]]]) -> None:
        """Take what was imported, if it is a plugin for us."""
        one.importing = None
        try:
            one.state = PluginState.LOAD_ERROR
            one.kind = imported()
            one.state = PluginState.INCOMPATIBLE
            check_api(one.kind.manifest)
            one.state, one.error = PluginState.STARTING, ""
        except PluginError as error:
            one.error = str(error)

    async def _begin(self, one: _Instance) -> None:
        await self._start(one)
        if one.error:
            logger.warning("Plugin %s (%s): %s", one.name, one.state.value, one.error)

    async def _start(self, one: _Instance) -> None:
        if one.kind is None or one.state not in (PluginState.STARTING, PluginState.START_ERROR):
            return
        one.state, one.error, one.tried = PluginState.STARTING, "", monotonic()
        one.wait = min(2 * one.wait, _LONGEST_WAIT) if one.wait else self._first_wait
        try:
            config = plugin_config(one.name, one.table, one.kind.manifest.config, self._environ)
            context = self._make_context(one.name, one.kind.manifest)
            plugin = called(partial(one.kind, config, context))
        except ConfigError as error:
            one.state, one.error = PluginState.CONFIG_ERROR, str(error)
            return
        except Exception as error:  # noqa: BLE001 - the border: a stranger's code
            one.state, one.error = PluginState.START_ERROR, f"It cannot be made: {describe(error)}"
            return
        try:
            await within(self._start_limit, self._strays, plugin.start)
            collect(plugin, one.name, self._registry, timeout=one.common.timeout)
        except asyncio.CancelledError:
            await self._end(one.name, plugin)
            raise
        except Exception as error:  # noqa: BLE001 - the border, as above
            one.state, one.error = PluginState.START_ERROR, f"It cannot start: {describe(error)}"
            self._registry.remove(one.name)
            await self._end(one.name, plugin)
            return
        one.plugin, one.state, one.wait = plugin, PluginState.RUNNING, 0.0

    async def _stop(self, one: _Instance) -> None:
        plugin, one.plugin = one.plugin, None
        if plugin is None:
            return
        guards = [provider.guard for _, provider in self._registry.of(one.name)]
        self._registry.remove(one.name)
        one.state = PluginState.STOPPED
        await asyncio.gather(*(guard.close() for guard in guards))
        await self._end(one.name, plugin)

    async def _end(self, name: str, plugin: Plugin[Any]) -> None:
        try:
            await within(_STOP_LIMIT, self._strays, plugin.stop)
        except Exception as error:  # noqa: BLE001 - the border; there is nothing left to do
            logger.warning("Plugin %s did not stop well: %s", name, describe(error))

    def _status(self, one: _Instance) -> PluginStatus:
        manifest = one.kind.manifest if one.kind is not None else None
        return PluginStatus(
            instance=one.name,
            plugin=one.common.plugin or one.name,
            version=one.installed.version if one.installed is not None else "",
            summary=manifest.summary if manifest is not None else "",
            state=one.state,
            error=one.error,
            capabilities=self._capabilities(one),
            permissions=manifest.permissions if manifest is not None else (),
        )

    def _capabilities(self, one: _Instance) -> tuple[CapabilityStatus, ...]:
        if one.kind is not None and one.state is PluginState.STOPPED:
            return tuple(_never_asked(capability.name) for capability in declared(one.kind))
        return tuple(
            _capability_status(name, provider.guard)
            for name, provider in self._registry.of(one.name)
        )


def _never_asked(name: str) -> CapabilityStatus:
    return CapabilityStatus(
        capability=name,
        calls=0,
        faults=0,
        last_error="",
        last_error_at=None,
        is_suspended=False,
        suspended_for=Seconds(0),
    )


def _capability_status(name: str, guard: Guard) -> CapabilityStatus:
    at, suspended = guard.last_error_at, guard.suspended
    return CapabilityStatus(
        capability=name,
        calls=guard.calls,
        faults=guard.faults,
        last_error=guard.last_error,
        last_error_at=None if at is None else Timestamp(round(at * 1000)),
        is_suspended=bool(suspended),
        suspended_for=max(suspended.values(), default=Seconds(0)),
        suspended_calls=tuple(suspended),
    )
