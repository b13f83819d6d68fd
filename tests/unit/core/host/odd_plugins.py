"""A plugin without a fault, and one for each fault that a plugin may have."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from hydrophone.domain.lyrics import Lyrics
from hydrophone.domain.secret import Secret
from hydrophone.errors import ProviderUnavailableError
from hydrophone.plugin import PLUGIN_API, Context, Manifest, Plugin, hookimpl
from hydrophone.plugin.capabilities.lyrics import LyricsProvider, LyricsRequest


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
