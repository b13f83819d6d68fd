"""A guard around a plugin for lyrics, and calls of it."""

from typing import Any

from hydrophone.domain.lyrics import Lyrics, LyricsLine
from hydrophone.domain.units import Seconds
from hydrophone.host.capabilities import Capability
from hydrophone.host.guard import Guard
from hydrophone.plugin.capabilities.lyrics import LyricsRequest

REQUEST = LyricsRequest(track_id="tr-1", title="Joga", artists=("Björk",))
WORDS = (Lyrics(is_synced=False, lines=(LyricsLine(text="State of emergency"),)),)


def guard_of(
    capability: Capability[Any], *, timeout: float | None = None, strict: bool = False
) -> Guard:
    limit = None if timeout is None else Seconds(timeout)
    return Guard("odd", capability, timeout=limit, strict=strict)


async def ask(guard: Guard, what: object) -> Any:
    """Call a method `lyrics` that returns, or raises, this."""

    async def lyrics(request: LyricsRequest) -> Any:
        assert request is REQUEST
        if isinstance(what, BaseException):
            raise what
        return what

    return await guard.call(lyrics, REQUEST)
