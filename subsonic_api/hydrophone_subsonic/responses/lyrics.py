"""Lyrics, as plain text and line by line."""

from msgspec import UNSET, UnsetType

from hydrophone_subsonic.responses.wire import Wire


class Lyrics(Wire, frozen=True, kw_only=True):
    """Plain words; empty if there are none (getLyrics)."""

    artist: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    value: str = ""


class Line(Wire, frozen=True, kw_only=True):
    """A line; `start` (milliseconds) only if the lyrics are synced."""

    start: int | UnsetType = UNSET
    value: str


class StructuredLyrics(Wire, frozen=True, kw_only=True):
    """One version of the words."""

    display_artist: str | UnsetType = UNSET
    display_title: str | UnsetType = UNSET
    lang: str
    """`und` if unknown."""
    offset: int
    """Milliseconds; positive: the words come sooner."""
    synced: bool
    line: tuple[Line, ...]


class LyricsList(Wire, frozen=True, kw_only=True):
    """All versions; empty if there are none (getLyricsBySongId)."""

    structured_lyrics: tuple[StructuredLyrics, ...]
