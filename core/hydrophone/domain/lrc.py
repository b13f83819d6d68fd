"""Reads words with times as LRC has them (https://en.wikipedia.org/wiki/LRC_(file_format))."""

import re

from hydrophone.domain.lyrics import Lyrics, LyricsLine
from hydrophone.domain.units import Milliseconds

_TIME = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]", re.ASCII)
_HEADER = re.compile(r"\[([a-z]+):(.*)\]\s*", re.IGNORECASE)
_WORD_TIME = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>", re.ASCII)
_OFFSET = re.compile(r"[+-]?\d{1,7}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)
_MAX_LINES = 10_000


def parse_lyrics(text: str, *, artist: str = "", title: str = "", language: str = "") -> Lyrics:
    """Read LRC or plain text; a line with several times stands once for each.

    Lines with times come in their order, and those without are left out where any has one.
    Times of single words (enhanced LRC) are dropped. What the head of the text says of itself
    wins over `artist`, `title` and `language`.
    """
    timed: list[LyricsLine] = []
    plain: list[LyricsLine] = []
    headers: dict[str, str] = {}
    for line in text.splitlines():
        times, rest = _times(line.strip())
        header = _HEADER.fullmatch(rest)
        if header and not times:
            headers[header[1].lower()] = header[2].strip()
            continue
        words = _WORD_TIME.sub("", rest).strip()
        timed += (LyricsLine(start=time, text=words) for time in times)
        if not times:
            plain.append(LyricsLine(text=words))
    while plain and not plain[-1].text:
        plain.pop()
    offset = headers.get("offset", "0")
    own_language = headers.get("la", headers.get("lang", ""))
    lines = sorted(timed, key=lambda line: line.start or 0) if timed else plain
    return Lyrics(
        language=own_language.lower() if is_language(own_language) else language or "und",
        is_synced=bool(timed),
        offset=Milliseconds(int(offset) if _OFFSET.fullmatch(offset) else 0),
        display_artist=headers.get("ar") or artist,
        display_title=headers.get("ti") or title,
        lines=tuple(lines[:_MAX_LINES]),
    )


def is_language(text: str) -> bool:
    """Say whether a text may be the code of a language (ISO 639 or BCP 47)."""
    return _LANGUAGE.fullmatch(text) is not None


def _times(line: str) -> tuple[list[Milliseconds], str]:
    """Take the times off the front of a line."""
    times = []
    while match := _TIME.match(line):
        fraction = (match[3] or "0").ljust(3, "0")
        seconds = int(match[1]) * 60 + int(match[2])
        times.append(Milliseconds(seconds * 1000 + int(fraction)))
        line = line[match.end() :].lstrip()
    return times, line
