"""What is playing?"""

from pathlib import Path
from typing import Annotated, Protocol, runtime_checkable

from msgspec import Meta, Struct

from hydrophone.domain.units import Milliseconds, Seconds


class RecognitionRequest(Struct, frozen=True, kw_only=True):
    """Some seconds of sound, or a whole file."""

    file: Path
    """Anything that ffmpeg reads; it goes away after the call."""
    duration: Seconds = Seconds(0)
    """0 if unknown."""


class Recognition(Struct, frozen=True, kw_only=True):
    """What it may be."""

    score: Annotated[float, Meta(ge=0, le=1)]
    """How sure it is."""
    track_id: str = ""
    """Ours, if it is known."""
    title: str = ""
    artists: tuple[str, ...] = ()
    musicbrainz_id: str = ""
    """MusicBrainz recording id."""
    acoustid: str = ""
    position: Milliseconds | None = None
    """Where in the recording the sample begins; `None` if it cannot tell."""


@runtime_checkable
class Recognizer(Protocol):
    """Recognizes recordings by their sound."""

    async def recognize(self, request: RecognitionRequest) -> tuple[Recognition, ...]:
        """Return what it may be, the likeliest first; empty if it is nothing that it knows."""
        ...
