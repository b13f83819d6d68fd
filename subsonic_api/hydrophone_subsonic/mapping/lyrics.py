"""Lyrics."""

from msgspec import UNSET

from hydrophone.domain import lyrics
from hydrophone_subsonic.responses.lyrics import Line, Lyrics, StructuredLyrics


def plain_lyrics(lyrics: lyrics.Lyrics) -> Lyrics:
    """Write the words as one text."""
    return Lyrics(
        artist=lyrics.display_artist or UNSET,
        title=lyrics.display_title or UNSET,
        value="\n".join(line.text for line in lyrics.lines),
    )


def structured_lyrics(lyrics: lyrics.Lyrics) -> StructuredLyrics:
    """Write the words line by line."""
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
