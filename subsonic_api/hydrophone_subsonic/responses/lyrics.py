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


class Agent(Wire, frozen=True, kw_only=True):
    """A voice of some lyrics (extension songLyrics 2)."""

    id: str
    role: str
    """`main`, `voice`, `bg` or `group`."""
    name: str | UnsetType = UNSET


class Cue(Wire, frozen=True, kw_only=True):
    """A word or syllable."""

    start: int
    """Milliseconds."""
    end: int | UnsetType = UNSET
    """All cues of a line have it, or none."""
    byte_start: int
    """In the UTF-8 of the line's value, from 0."""
    byte_end: int
    """Of the last byte, not of the one behind it."""
    value: str


class CueLine(Wire, frozen=True, kw_only=True):
    """What one voice sings of a line, word by word (extension songLyrics 2)."""

    index: int
    """Of the line."""
    start: int | UnsetType = UNSET
    end: int | UnsetType = UNSET
    agent_id: str | UnsetType = UNSET
    value: str
    cue: tuple[Cue, ...]


class StructuredLyrics(Wire, frozen=True, kw_only=True):
    """One version of the words."""

    display_artist: str | UnsetType = UNSET
    display_title: str | UnsetType = UNSET
    lang: str
    """`und` if unknown."""
    offset: int
    """Milliseconds; positive: the words come sooner."""
    synced: bool
    kind: str | UnsetType = UNSET
    """`main`, `translation` or `pronunciation`; like what follows only for who asks for it."""
    line: tuple[Line, ...]
    agents: tuple[Agent, ...] | UnsetType = UNSET
    """Absent where there is one voice without a name."""
    cue_line: tuple[CueLine, ...] | UnsetType = UNSET


class LyricsList(Wire, frozen=True, kw_only=True):
    """All versions; empty if there are none (getLyricsBySongId)."""

    structured_lyrics: tuple[StructuredLyrics, ...]
