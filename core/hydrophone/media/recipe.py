"""How ffmpeg makes something, and what of its output is wanted."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Protocol

from hydrophone.domain.units import Kbps
from hydrophone.media.adts import FrameCut, cut_frames
from hydrophone.media.flac_header import tell_length


class Recipe(Protocol):
    """How something is made: of music a `TranscodeSpec`, of films others."""

    @property
    def suffix(self) -> str:
        """That of the file which comes out, without the dot."""

    @property
    def content_type(self) -> str:
        """Of what comes out."""

    @property
    def effective_bit_rate(self) -> Kbps:
        """Of what comes out; 0 if nobody knows."""

    @property
    def frames(self) -> FrameCut | None:
        """Which frames of the AAC that ffmpeg writes are wanted; `None` = all bytes."""

    @property
    def sample_count(self) -> int:
        """What the header of a FLAC is to say; 0 = nothing."""

    def arguments(self, source: Path) -> list[str]:
        """Return what follows ffmpeg's name, to write to standard output.

        With `frames` and `sample_count` it decides the bytes: others have other arguments.
        """


def shaped(chunks: AsyncGenerator[bytes, None], recipe: Recipe) -> AsyncGenerator[bytes, None]:
    """Make of what ffmpeg writes what is wanted."""
    if recipe.frames is not None:
        return cut_frames(chunks, recipe.frames)
    return tell_length(chunks, recipe.sample_count) if recipe.sample_count else chunks
