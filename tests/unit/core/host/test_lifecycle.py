"""How plugins come up and go down, and how they stand meanwhile."""

import asyncio
from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Annotated, Any, ClassVar, cast

import pytest
from msgspec import Meta, Struct

from hydrophone.config import load_config
from hydrophone.domain.lyrics import Lyrics
from hydrophone.domain.secret import Secret
from hydrophone.domain.units import Seconds
from hydrophone.errors import (
    NotFoundError,
    PluginError,
    ProviderUnavailableError,
    RetryLaterError,
)
from hydrophone.host.capabilities import LYRICS
from hydrophone.host.discovery import GROUP, installed_plugins
from hydrophone.host.guard import Answer
from hydrophone.host.lifecycle import Host
from hydrophone.host.records import PluginState, PluginStatus
from hydrophone.host.registry import Registry
from hydrophone.plugin import PLUGIN_API, Context, Manifest, Plugin, hookimpl
from hydrophone.plugin.capabilities.lyrics import LyricsProvider, LyricsRequest

pytestmark = pytest.mark.anyio


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be set."""

    key: Secret = Secret("")
    speed: Annotated[float, Meta(gt=0)] = 1.0


class Words:
    """A provider that knows nothing."""

    async def lyrics(self, request: LyricsRequest) -> tuple[Lyrics, ...]:
        return ()


class Good(Plugin[Config]):
    """A plugin without a fault."""

    manifest = Manifest(name="good", version="1", summary="Works.", api=PLUGIN_API, config=Config)
    log: ClassVar[list[str]] = []

    async def start(self) -> None:
        self.log.append(f"start {self.context.instance}")

    async def stop(self) -> None:
        self.log.append(f"stop {self.context.instance}")

    @hookimpl
    def lyrics_providers(self) -> Sequence[LyricsProvider]:
        return (Words(),)


class Raises(Good):
    """Cannot start the first time."""

    tries: ClassVar[int] = 0

    async def start(self) -> None:
        Raises.tries += 1
        if Raises.tries == 1:
            raise ProviderUnavailableError("The cellar is flooded.")


class Hangs(Good):
    """Never starts, and will not be cancelled."""

    released: ClassVar[asyncio.Event]

    async def start(self) -> None:
        while not self.released.is_set():
            try:
                await self.released.wait()
            except asyncio.CancelledError:
                continue


class RaisesInInit(Good):
    """Cannot even be made."""

    def __init__(self, config: Config, context: Context) -> None:
        raise ValueError("no")


class ExitsInInit(Good):
    """Would end the program while it is made."""

    def __init__(self, config: Config, context: Context) -> None:
        raise SystemExit(3)


class Exits(Good):
    """Would end the program when it starts."""

    async def start(self) -> None:
        raise SystemExit(5)


class Interrupts(Good):
    """Says that somebody has pressed Ctrl-C."""

    async def start(self) -> None:
        raise KeyboardInterrupt


class Panics(Good):
    """Raises what is no `Exception`, as modules in Rust do."""

    async def start(self) -> None:
        raise BaseException("rust")  # noqa: TRY002 - that is what it is about


class ExitsInStop(Good):
    """Would end the program when it stops."""

    async def stop(self) -> None:
        raise SystemExit(9)


class ExitsInHook(Good):
    """Would end the program when it is asked what it can do."""

    @hookimpl
    def lyrics_providers(self) -> Sequence[LyricsProvider]:
        raise SystemExit(4)


class Single(Good):
    """Returns a provider where several are expected."""

    @hookimpl
    def lyrics_providers(self) -> Any:
        return Words()


class Textual(Good):
    """Returns text, which is a sequence as well."""

    @hookimpl
    def lyrics_providers(self) -> Any:
        return "words"


class Asynchronous(Good):
    """Has a hook that would have to be awaited."""

    @hookimpl
    async def lyrics_providers(self) -> Any:  # type: ignore[override]  # it is wrong
        return (Words(),)


class Empty(Good):
    """Returns what is no provider at all."""

    @hookimpl
    def lyrics_providers(self) -> Any:
        return (object(),)


class Misspelt(Good):
    """Implements a hook that does not exist."""

    @hookimpl
    def lyric_providers(self) -> Sequence[object]:
        return ()


class Blocking(Good):
    """Its provider is not asynchronous."""

    @hookimpl
    def lyrics_providers(self) -> Any:
        class Sync:
            def lyrics(self, request: LyricsRequest) -> tuple[Lyrics, ...]:
                return ()

        return (Sync(),)


class Renamed(Good):
    """Its provider takes something else."""

    @hookimpl
    def lyrics_providers(self) -> Any:
        class Other:
            async def lyrics(self, track: str, artist: str) -> tuple[Lyrics, ...]:
                return ()

        return (Other(),)


class Future(Good):
    """Was written for a version that is not there yet."""

    manifest = Manifest(name="future", version="1", summary="Not yet.", api=(1, 99))


class Old(Good):
    """Was written for a version that is no more."""

    manifest = Manifest(name="old", version="1", summary="Not any more.", api=(0, 9))


class Address(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What has to be set."""

    base_url: str


class Wanting(Good):
    """Has a key without a default."""

    manifest = Manifest(name="good", version="1", summary="Wants.", api=PLUGIN_API, config=Address)


class Bare:
    """As much of a context as these plugins use."""

    def __init__(self, instance: str) -> None:
        self.instance = instance


CLASSES = {"good": Good, "future": Future, "old": Old}


class Place(EntryPoint):
    """An entry point of a class that is here already."""

    def load(self) -> type[Plugin[Any]]:
        return CURRENT[self.name]


CURRENT: dict[str, type[Plugin[Any]]] = {}


def host_of(
    tables: Mapping[str, Mapping[str, object]],
    kind: type[Plugin[Any]] = Good,
    environ: Mapping[str, str] | None = None,
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
        start_limit=Seconds(0.05),
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


async def test_starts_collects_and_stops() -> None:
    Good.log.clear()
    host, registry = host_of({"good": {}})
    await host.start()
    (provider,) = registry.all(LYRICS)
    request = LyricsRequest(track_id="tr-1", title="x", artists=())
    assert await provider.call(provider.it.lyrics, request) == Answer(())
    (status,) = host.statuses()
    assert status.state is PluginState.RUNNING
    assert [(one.capability, one.calls) for one in status.capabilities] == [("lyrics_provider", 1)]
    await host.stop()
    assert Good.log == ["start good", "stop good"]
    assert registry.all(LYRICS) == ()


async def test_asks_again_at_once_whom_an_admin_resumes() -> None:
    host, registry = host_of({"good": {}})
    await host.start()
    (provider,) = registry.all(LYRICS)

    async def lyrics(request: LyricsRequest) -> tuple[Lyrics, ...]:
        raise RetryLaterError("Slow down.", after=30)

    request = LyricsRequest(track_id="tr-1", title="x", artists=())
    await provider.call(lyrics, request)
    (capability,) = host.statuses()[0].capabilities
    assert capability.suspended_calls == ("lyrics",)
    assert 20 < capability.suspended_for <= 30
    host.resume("good")
    assert await provider.call(provider.it.lyrics, request) == Answer(())
    await host.stop()
    with pytest.raises(NotFoundError):
        host.resume("good")


async def test_two_instances_are_two_plugins() -> None:
    host, registry = host_of({"mine": {"plugin": "good"}, "yours": {"plugin": "good"}})
    await host.start()
    assert [one.instance for one in registry.all(LYRICS)] == ["mine", "yours"]
    assert host.plugin("mine") is not host.plugin("yours")
    await host.stop()


async def test_installed_is_not_enabled() -> None:
    host, _ = host_of({})
    await host.start()
    (status,) = host.statuses()
    assert (status.plugin, status.state) == ("good", PluginState.DISABLED)


async def test_a_table_may_switch_off() -> None:
    assert (await status_of({"enabled": False})).state is PluginState.DISABLED


async def test_says_that_a_plugin_is_not_installed() -> None:
    host, _ = host_of({"absent": {}})
    await host.start()
    status = host.statuses()[0]
    assert status.state is PluginState.MISSING
    assert "plugins install absent" in status.error


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"sped": 2}, "plugins.good.sped: no such key; did you mean plugins.good.speed?"),
        ({"timeot": 2}, "plugins.good.timeot: no such key; did you mean plugins.good.timeout?"),
        ({"odd": 2, "sped": 3}, "plugins.good.odd: no such key; plugins.good.sped: no such key;"),
        ({"speed": "fast"}, "plugins.good.speed: Expected `float`, got `str`"),
        ({"speed": -1}, "plugins.good.speed: Expected `float` > 0.0"),
        ({"timeout": 0}, "plugins.good.timeout: Expected `float` > 0.0"),
        ({"key": {"env": "NO_SUCH_KEY"}}, "plugins.good.key: The environment has no NO_SUCH_KEY"),
        ({"key": {"file": "/no/such/file"}}, "plugins.good.key: The file /no/such/file cannot be"),
        ({"key": 5}, "plugins.good.key: Expected text"),
    ],
)
async def test_says_what_is_wrong_in_its_table(table: Mapping[str, object], said: str) -> None:
    status = await status_of(table)
    assert status.state is PluginState.CONFIG_ERROR
    assert status.error.startswith(said)


async def test_says_where_a_wrong_key_stands(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[plugins.good]\nsped = 2\n")
    tables = load_config(file, environ={}).plugins
    assert (await status_of(tables["good"])).error == (
        f"{file}:2: plugins.good.sped: no such key; did you mean plugins.good.speed?"
    )
    environ = {"HYDROPHONE_PLUGINS__GOOD__SPEED": "fast"}
    file.write_text("[plugins.good]\n")
    tables = load_config(file, environ=environ).plugins
    assert (await status_of(tables["good"])).error == (
        "HYDROPHONE_PLUGINS__GOOD__SPEED: plugins.good.speed: Expected `float`, got `str`"
    )


async def test_says_where_a_key_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[server]\n[plugins.good]\n")
    tables = load_config(file, environ={}).plugins
    status = await status_of(tables["good"], Wanting)
    assert status.error == f"{file}:2: plugins.good.base_url: is missing"


def test_knows_what_a_plugin_may_do_without_running_it() -> None:
    host, _ = host_of({"good": {}})
    host.look()
    (status,) = host.statuses()
    assert status.state is PluginState.STOPPED
    assert [one.capability for one in status.capabilities] == ["lyrics_provider"]


async def test_takes_what_the_environment_writes_as_text() -> None:
    host, _ = host_of({"good": {"speed": "2.5", "enabled": "true"}})
    await host.start()
    assert host.plugin("good").config.speed == 2.5
    await host.stop()


async def test_reads_secrets_from_the_environment_and_shows_none() -> None:
    host, _ = host_of({"good": {"key": {"env": "KEY"}}}, environ={"KEY": "s3cret"})
    await host.start()
    config = host.plugin("good").config
    assert config.key.reveal() == "s3cret"
    assert "s3cret" not in f"{config!r} {config.key}"
    await host.stop()


@pytest.mark.parametrize(
    ("kind", "state", "said"),
    [
        (RaisesInInit, PluginState.START_ERROR, "It cannot be made: ValueError: no"),
        (ExitsInInit, PluginState.START_ERROR, "It cannot be made: It raised SystemExit: 3"),
        (Exits, PluginState.START_ERROR, "It cannot start: It raised SystemExit: 5"),
        (Interrupts, PluginState.START_ERROR, "It cannot start: It raised KeyboardInterrupt"),
        (Panics, PluginState.START_ERROR, "It cannot start: It raised BaseException: rust"),
        (ExitsInStop, PluginState.RUNNING, ""),
        (ExitsInHook, PluginState.START_ERROR, "hook `lyrics_providers` fails: It raised SystemE"),
        (
            Misspelt,
            PluginState.START_ERROR,
            "There is no hook `lyric_providers`; did you mean `lyrics_providers`?",
        ),
        (
            Single,
            PluginState.START_ERROR,
            "must return a sequence of LyricsProvider, as in `return (LyricsProvider(...),)`, and",
        ),
        (Textual, PluginState.START_ERROR, "and returns str."),
        (Asynchronous, PluginState.START_ERROR, "`lyrics_providers` must not be an `async def`"),
        (
            Empty,
            PluginState.START_ERROR,
            "What its hook `lyrics_providers` returns is no LyricsProvider: object.lyrics is mi",
        ),
        (Blocking, PluginState.START_ERROR, "Sync.lyrics must be an `async def`"),
        (Renamed, PluginState.START_ERROR, "Other.lyrics must take (request)"),
        (Future, PluginState.INCOMPATIBLE, "update Hydrophone"),
        (Old, PluginState.INCOMPATIBLE, "update the plugin"),
    ],
)
async def test_says_why_it_does_not_run(
    kind: type[Plugin[Any]], state: PluginState, said: str
) -> None:
    status = await status_of({}, kind)
    assert status.state is state
    assert said in status.error


async def test_tries_again_what_could_not_start() -> None:
    Raises.tries = 0
    host, registry = host_of({"good": {}}, Raises)
    await host.start()
    (status,) = host.statuses()
    assert status.state is PluginState.START_ERROR
    assert status.error == "It cannot start: The cellar is flooded."
    with pytest.raises(PluginError, match="flooded"):
        host.plugin("good")
    trying = asyncio.create_task(host.run())
    async with asyncio.timeout(5):
        while not registry.all(LYRICS):  # noqa: ASYNC110 - there is nobody to set an event
            await asyncio.sleep(0.01)
    trying.cancel()
    assert host.statuses()[0].state is PluginState.RUNNING
    await host.stop()


async def test_a_start_that_hangs_holds_nobody() -> None:
    Hangs.released = asyncio.Event()
    host, _ = host_of({"good": {}}, Hangs)
    await host.start()
    assert "longer than 0.05 seconds" in host.statuses()[0].error
    Hangs.released.set()
    await host.stop()


async def test_an_order_of_the_configuration_comes_first() -> None:
    registry = Registry(order={"lyrics_provider": ("b", "embedded")}, strict=True)
    for name in ("a", "b", "embedded"):
        registry.add(name, LYRICS, Words(), timeout=Seconds(1))
    assert [one.instance for one in registry.all(LYRICS)] == ["b", "embedded", "a"]
