"""Words of a track, with times where they are known."""

from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.units import Milliseconds


class LyricsKind(StrEnum):
    """What words are to the song (OpenSubsonic, extension songLyrics 2)."""

    MAIN = "main"
    TRANSLATION = "translation"
    PRONUNCIATION = "pronunciation"
    """The sounds in another script, such as romaji of Japanese."""


class AgentRole(StrEnum):
    """What a voice is among others."""

    MAIN = "main"
    VOICE = "voice"
    BACKGROUND = "bg"
    GROUP = "group"


class Agent(Struct, frozen=True, kw_only=True):
    """A voice of some lyrics."""

    id: str
    """Means something within these lyrics only."""
    role: AgentRole
    name: str = ""


class Cue(Struct, frozen=True, kw_only=True):
    """A word or syllable with its time."""

    start: Milliseconds
    end: Milliseconds | None
    """`None` for all cues of a line or for none."""
    text: str
    byte_start: int
    """Of the first byte, in the UTF-8 of the text of its line, from 0."""
    byte_end: int
    """Of the last byte."""


class CueLine(Struct, frozen=True, kw_only=True):
    """What one voice sings of a line, word by word."""

    index: int
    """Of the line."""
    start: Milliseconds | None
    end: Milliseconds | None
    text: str
    agent_id: str = ""
    """Empty if the lyrics tell of no voices."""
    cues: tuple[Cue, ...]
    """In the order of time, without overlaps; at least one."""


class LyricsLine(Struct, frozen=True, kw_only=True):
    """One line; `start` is `None` in lyrics without times."""

    start: Milliseconds | None = None
    text: str


class Lyrics(Struct, frozen=True, kw_only=True):
    """One version of the words (one kind, one language, one source)."""

    kind: LyricsKind = LyricsKind.MAIN
    language: str = "und"
    """ISO 639 code; `und` if unknown."""
    is_synced: bool
    """Whether each line has a time; then the lines are in the order of time."""
    offset: Milliseconds = Milliseconds(0)
    """Positive: the words come sooner than their times say (LRC `[offset:]`)."""
    display_artist: str = ""
    display_title: str = ""
    lines: tuple[LyricsLine, ...]
    agents: tuple[Agent, ...] = ()
    """Exactly one is the main one, if there are any; then each cue line is of one of them."""
    cue_lines: tuple[CueLine, ...] = ()
    """By line; of several of one line the main voice is the first."""
