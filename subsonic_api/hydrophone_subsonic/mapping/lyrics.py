"""Lyrics."""

from msgspec import UNSET
from msgspec.structs import replace

from hydrophone.domain import lyrics
from hydrophone_subsonic.responses.lyrics import (
    Agent,
    Cue,
    CueLine,
    Line,
    Lyrics,
    StructuredLyrics,
)


def plain_lyrics(lyrics: lyrics.Lyrics) -> Lyrics:
    """Write the words as one text."""
    return Lyrics(
        artist=lyrics.display_artist or UNSET,
        title=lyrics.display_title or UNSET,
        value="\n".join(line.text for line in lyrics.lines),
    )


def structured_lyrics(lyrics: lyrics.Lyrics) -> StructuredLyrics:
    """Write the words line by line, as the first version of songLyrics has them."""
    return StructuredLyrics(
        display_artist=lyrics.display_artist or UNSET,
        display_title=lyrics.display_title or UNSET,
        lang=lyrics.language or "und",
        offset=lyrics.offset,
        synced=lyrics.is_synced,
        line=tuple(
            Line(start=UNSET if line.start is None else line.start, value=line.text)
            for line in lyrics.lines
        ),
    )


def enhanced_lyrics(lyrics: lyrics.Lyrics) -> StructuredLyrics:
    """Write the words with all that is known of them."""
    return replace(
        structured_lyrics(lyrics),
        kind=lyrics.kind.value,
        agents=tuple(map(_agent, lyrics.agents)) or UNSET,
        cue_line=tuple(map(_cue_line, lyrics.cue_lines)) or UNSET,
    )


def _agent(agent: lyrics.Agent) -> Agent:
    return Agent(id=agent.id, role=agent.role.value, name=agent.name or UNSET)


def _cue_line(line: lyrics.CueLine) -> CueLine:
    return CueLine(
        index=line.index,
        start=UNSET if line.start is None else line.start,
        end=UNSET if line.end is None else line.end,
        agent_id=line.agent_id or UNSET,
        value=line.text,
        cue=tuple(
            Cue(
                start=cue.start,
                end=UNSET if cue.end is None else cue.end,
                byte_start=cue.byte_start,
                byte_end=cue.byte_end,
                value=cue.text,
            )
            for cue in line.cues
        ),
    )
