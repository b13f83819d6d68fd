"""A host of plugins that are not installed."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint
from typing import Any, cast

from tests.unit.core.host.odd_plugins import Good

from hydrophone.domain.units import Seconds
from hydrophone.host.discovery import GROUP, installed_plugins
from hydrophone.host.lifecycle import Host
from hydrophone.host.records import PluginStatus
from hydrophone.host.registry import Registry
from hydrophone.plugin import Context, Plugin


class Bare:
    """As much of a context as these plugins use."""

    def __init__(self, instance: str) -> None:
        self.instance = instance


class Place(EntryPoint):
    """An entry point of a class that is here already."""

    def load(self) -> type[Plugin[Any]]:
        return CURRENT[self.name]


CURRENT: dict[str, type[Plugin[Any]]] = {}


def host_of(
    tables: Mapping[str, Mapping[str, object]],
    kind: type[Plugin[Any]] = Good,
    environ: Mapping[str, str] | None = None,
    *,
    start_limit: float = 30.0,
) -> tuple[Host, Registry]:
    CURRENT.clear()
    CURRENT.update({kind.manifest.name: kind})
    registry = Registry(order={}, strict=True)
    points = [Place(name=name, value=f"m:{name}", group=GROUP) for name in CURRENT]
    host = Host(
        tables=tables,
        installed=installed_plugins(points),
        registry=registry,
        make_context=lambda instance, _: cast("Context", Bare(instance)),
        environ=environ or {},
        start_limit=Seconds(start_limit),
        first_wait=Seconds(0.01),
    )
    return host, registry


async def status_of(
    table: Mapping[str, object], kind: type[Plugin[Any]] = Good, **environ: str
) -> PluginStatus:
    name = kind.manifest.name
    host, _ = host_of({name: table}, kind, environ)
    await host.start()
    try:
        (status,) = host.statuses()
        return status
    finally:
        await host.stop()
