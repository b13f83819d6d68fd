"""Words of a track, with times where they are known."""

from msgspec import Struct

from hydrophone.domain.units import Milliseconds


class LyricsLine(Struct, frozen=True, kw_only=True):
    """One line; `start` is `None` in lyrics without times."""

    start: Milliseconds | None = None
    text: str


class Lyrics(Struct, frozen=True, kw_only=True):
    """One version of the words (one language, one source)."""

    language: str = "und"
    """ISO 639 code; `und` if unknown."""
    is_synced: bool
    """Whether each line has a time; then the lines are in the order of time."""
    offset: Milliseconds = Milliseconds(0)
    """Positive: the words come sooner than their times say (LRC `[offset:]`)."""
    display_artist: str = ""
    display_title: str = ""
    lines: tuple[LyricsLine, ...]
