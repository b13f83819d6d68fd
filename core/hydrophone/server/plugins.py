"""The part of the composition that runs plugins: the host, and what each plugin is given."""

import asyncio
import contextlib
import ipaddress
import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from msgspec.structs import asdict

from hydrophone.config import Config
from hydrophone.domain.secret import Secret
from hydrophone.domain.units import Seconds
from hydrophone.errors import PluginError
from hydrophone.host.discovery import installed_plugins
from hydrophone.host.lifecycle import Host
from hydrophone.host.records import PluginStatus
from hydrophone.host.registry import Registry
from hydrophone.outbound import Outbound
from hydrophone.outbound.addresses import LOOPBACK
from hydrophone.plugin import Context, Manifest, PermissionKind
from hydrophone.services.clock import Clock
from hydrophone.services.credentials import SecretKey
from hydrophone.services.jobs import Jobs
from hydrophone.services.locations import Locations
from hydrophone.services.plugin_http import PluginHttp
from hydrophone.services.plugin_jobs import PluginJobQueue
from hydrophone.services.plugin_library import PluginLibrary
from hydrophone.services.plugin_store import PluginSecrets, PluginStore
from hydrophone.services.plugin_worker import PluginWorker
from hydrophone.storage.database import Database

STRICT = "HYDROPHONE_STRICT_PLUGINS"
"""A variable of the environment, for tests alone."""


@dataclass(frozen=True, kw_only=True)
class PluginContext:
    """What core gives to one instance; implements `Context`."""

    instance: str
    logger: logging.Logger
    data_dir: Path
    cache_dir: Path
    store: PluginStore
    secrets: PluginSecrets
    http: PluginHttp
    worker: PluginWorker
    library: PluginLibrary
    jobs: PluginJobQueue
    clock: Clock


class Contexts:
    """Makes what plugins are given; `close` lets go of what that holds."""

    def __init__(
        self,
        config: Config,
        *,
        database: Database,
        outbound: Outbound,
        locations: Locations,
        key: SecretKey,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._jobs = jobs
        self._config = config
        self._database = database
        self._outbound = outbound
        self._library = PluginLibrary(database=database, locations=locations)
        self._key = key
        self._clock = clock
        self._made: list[tuple[PluginWorker, Outbound]] = []

    def make(self, instance: str, manifest: Manifest) -> Context:
        """Make the context of one instance, with its folders."""
        server = self._config.server
        folders = [base / "plugins" / instance for base in (server.data_dir, server.cache_dir)]
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        table = self._config.plugins.get(instance, {})
        hosts = declared_hosts(manifest, table)
        outbound = self._outbound.with_allowed(
            (*self._config.outbound.allow, *private_places(table))
        )
        for permission in manifest.permissions:
            if permission.per_second is not None:
                for host in _hosts_of(permission.target, table):
                    outbound.limit_rate(host, permission.per_second)
        worker = PluginWorker()
        self._made.append((worker, outbound))
        return PluginContext(
            instance=instance,
            logger=logging.getLogger(f"hydrophone.plugins.{instance}"),
            data_dir=folders[0],
            cache_dir=folders[1],
            store=PluginStore(instance, database=self._database, clock=self._clock),
            secrets=PluginSecrets(
                instance, database=self._database, clock=self._clock, key=self._key
            ),
            http=PluginHttp(outbound, hosts),
            worker=worker,
            library=self._library,
            jobs=PluginJobQueue(instance, self._jobs),
            clock=self._clock,
        )

    async def close(self) -> None:
        """End all processes and connections."""
        for worker, outbound in self._made:
            worker.close()
            await outbound.close()
        self._made.clear()


def make_registry(config: Config, environ: Mapping[str, str]) -> Registry:
    """Make the registry of who can do what, empty, with the order of the configuration.

    With `STRICT` in the environment bugs of plugins are raised where they are called, for tests.
    """
    return Registry(order=asdict(config.providers), strict=bool(environ.get(STRICT)))


@contextlib.asynccontextmanager
async def open_plugins(
    config: Config,
    registry: Registry,
    contexts: Contexts,
    environ: Mapping[str, str],
    *,
    patience: Seconds | None = None,
) -> AsyncIterator[Host]:
    """Import and start the plugins of the configuration; at the exit they are stopped.

    What they can do comes into the registry. Those that need longer than `patience` come later;
    without it all are waited for, as long as `Host.start` takes. One that cannot start is tried
    again by `Host.run`.
    """
    host = Host(
        tables=config.plugins,
        installed=installed_plugins(),
        registry=registry,
        make_context=contexts.make,
        environ=environ,
    )
    starting = asyncio.create_task(host.start())
    try:
        await asyncio.wait((starting,), timeout=patience)
        yield host
    finally:
        starting.cancel()
        await asyncio.wait((starting,))
        await host.stop()
        await contexts.close()


def look_at_plugins(config: Config, environ: Mapping[str, str]) -> tuple[PluginStatus, ...]:
    """Return how far each plugin would come, without running any."""

    def refuse(instance: str, manifest: Manifest) -> Context:
        raise PluginError(f"{instance} is only looked at; {manifest.name} is not to be run.")

    host = Host(
        tables=config.plugins,
        installed=installed_plugins(),
        registry=Registry(order={}, strict=False),
        make_context=refuse,
        environ=environ,
    )
    host.look()
    return host.statuses()


def declared_hosts(manifest: Manifest, table: Mapping[str, object]) -> frozenset[str]:
    """Return the hosts that a plugin may call: those of its permissions.

    Where a permission names a key of the plugin's table, its host is that of the address there.
    """
    return frozenset(
        host
        for permission in manifest.permissions
        if permission.kind is PermissionKind.NETWORK
        for host in _hosts_of(permission.target, table)
    )


def private_places(table: Mapping[str, object]) -> Iterable[str]:
    """Return which private addresses a plugin may call: those that its table names.

    A service at home may answer from several ports, and one of this machine under several names:
    so the ports are open where an address is named.
    """
    for value in table.values():
        host = _host(value)
        if not host:
            continue
        place = f"[{host}]" if ":" in host else host
        yield f"{place}:*"
        if host == "localhost" or _is_loopback(host):
            yield LOOPBACK


def _hosts_of(target: str, table: Mapping[str, object]) -> tuple[str, ...]:
    host = _host(table.get(target))
    # The default of a key stands in the plugin's code: so its host is to be declared as well.
    return (host,) if host else (target,)


def _host(value: object) -> str:
    if isinstance(value, Secret) or not isinstance(value, str) or "://" not in value:
        return ""
    try:
        return (urlsplit(value).hostname or "").lower()
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
