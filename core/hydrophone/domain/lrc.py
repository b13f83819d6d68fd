"""Reads words with times as LRC has them (https://en.wikipedia.org/wiki/LRC_(file_format)).

Enhanced LRC (the A2 extension) has times of words too: `[00:01.00]<00:01.00>Hel<00:01.20>lo`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hydrophone.domain.cues import Piece, cue_line
from hydrophone.domain.lyrics import CueLine, Lyrics, LyricsLine
from hydrophone.domain.units import Milliseconds

_TIME = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]", re.ASCII)
_HEADER = re.compile(r"\[([a-z]+):(.*)\]\s*", re.IGNORECASE)
_WORD_TIME = re.compile(r"<(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?>", re.ASCII)
_OFFSET = re.compile(r"[+-]?\d{1,7}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)
_MAX_LINES = 10_000
_MAX_PIECES = 100_000


class _Timed(NamedTuple):
    """A line with its time, as it stands in the text, and how much later its words are sung."""

    line: LyricsLine
    text: str
    shift: int


def parse_lyrics(text: str, *, artist: str = "", title: str = "", language: str = "") -> Lyrics:
    """Read LRC or plain text; a line with several times stands once for each.

    Lines with times come in their order, and those without are left out where any has one.
    What the head of the text says of itself wins over `artist`, `title` and `language`.
    """
    timed: list[_Timed] = []
    plain: list[LyricsLine] = []
    headers: dict[str, str] = {}
    for line in text.splitlines():
        times, rest = _times(line.strip())
        header = _HEADER.fullmatch(rest)
        if header and not times:
            headers[header[1].lower()] = header[2].strip()
            continue
        words = _WORD_TIME.sub("", rest).strip()
        timed += (
            _Timed(LyricsLine(start=time, text=words), rest, time - times[0]) for time in times
        )
        if not times:
            plain.append(LyricsLine(text=words))
    while plain and not plain[-1].text:
        plain.pop()
    offset = headers.get("offset", "0")
    own_language = headers.get("la", headers.get("lang", ""))
    timed = sorted(timed, key=lambda one: one.line.start or 0)[:_MAX_LINES]
    lines = [one.line for one in timed] or plain
    return Lyrics(
        language=own_language.lower() if is_language(own_language) else language or "und",
        is_synced=bool(timed),
        offset=Milliseconds(int(offset) if _OFFSET.fullmatch(offset) else 0),
        display_artist=headers.get("ar") or artist,
        display_title=headers.get("ti") or title,
        lines=tuple(lines[:_MAX_LINES]),
        cue_lines=tuple(_cue_lines(timed)),
    )


def is_language(text: str) -> bool:
    """Say whether a text may be the code of a language (ISO 639 or BCP 47)."""
    return _LANGUAGE.fullmatch(text) is not None


def _times(line: str) -> tuple[list[Milliseconds], str]:
    """Take the times off the front of a line."""
    times = []
    position = 0
    while match := _TIME.match(line, position):
        times.append(_time(match))
        position = match.end()
        while line[position : position + 1].isspace():
            position += 1
    return times, line[position:]


def _cue_lines(timed: Iterable[_Timed]) -> Iterator[CueLine]:
    effort = 0
    for index, one in enumerate(timed):
        start = one.line.start or Milliseconds(0)
        pieces = list(_pieces(one.text, start, one.shift))
        effort += len(pieces)
        # A line of thousands of words that stands at thousands of times.
        if effort > _MAX_PIECES:
            return
        found = cue_line(index, pieces, start=start)
        if found is not None:
            yield found


def _pieces(line: str, start: Milliseconds, shift: int) -> Iterator[Piece]:
    """Cut a line at the times of its words, each of which may be later by some milliseconds.

    What stands before the first of them begins with the line.
    """
    matches = list(_WORD_TIME.finditer(line))
    if not matches:
        yield Piece(line)
        return
    yield Piece(line[: matches[0].start()], start)
    ends = [*(match.start() for match in matches[1:]), len(line)]
    for match, end in zip(matches, ends, strict=True):
        yield Piece(line[match.end() : end], Milliseconds(max(0, _time(match) + shift)))


def _time(match: re.Match[str]) -> Milliseconds:
    fraction = (match[3] or "0").ljust(3, "0")
    seconds = int(match[1]) * 60 + int(match[2])
    return Milliseconds(seconds * 1000 + int(fraction))
