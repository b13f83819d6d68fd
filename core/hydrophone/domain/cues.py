"""Puts lines together of pieces with times, as karaoke files have them."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from hydrophone.domain.lyrics import Cue, CueLine
from hydrophone.domain.units import Milliseconds


class Piece(Struct, frozen=True):
    """A part of a line: a word, a syllable, or what stands between two."""

    text: str
    start: Milliseconds | None = None
    """`None`: it has no time of its own."""
    end: Milliseconds | None = None


def joined(pieces: Sequence[Piece]) -> str:
    """Return the line without times."""
    return "".join(piece.text for piece in pieces).strip()


def cue_line(
    index: int,
    pieces: Sequence[Piece],
    *,
    start: Milliseconds | None = None,
    end: Milliseconds | None = None,
    agent_id: str = "",
) -> CueLine | None:
    """Make the cues of a line; `None` if no word of it has a time.

    `start` and `end` are the line's own. A piece of blanks with a time ends the word before it,
    as the last time of a line of LRC does. Either all cues have an end or none: those that lack
    one last to the next, and the last one to the end of the line.
    """
    text = joined(pieces)
    cues: list[Cue] = []
    position = -_leading_bytes(pieces)
    for piece in pieces:
        word = piece.text.strip()
        size = len(word.encode())
        if piece.start is not None and word:
            before = len(piece.text) - len(piece.text.lstrip())
            first = position + len(piece.text[:before].encode())
            begin = max(piece.start, cues[-1].start) if cues else piece.start
            cues.append(
                Cue(
                    start=begin,
                    end=piece.end,
                    text=word,
                    byte_start=first,
                    byte_end=first + size - 1,
                )
            )
        elif piece.start is not None and cues and cues[-1].end is None:
            cues[-1] = replace(cues[-1], end=piece.start)
        position += len(piece.text.encode())
    if not cues:
        return None
    return CueLine(
        index=index,
        start=cues[0].start if start is None else start,
        end=end,
        text=text,
        agent_id=agent_id,
        cues=_with_ends(cues, end),
    )


def _with_ends(cues: list[Cue], line_end: Milliseconds | None) -> tuple[Cue, ...]:
    last = cues[-1].end if cues[-1].end is not None else line_end
    if last is None or (line_end is None and all(cue.end is None for cue in cues)):
        return tuple(replace(cue, end=None) for cue in cues)
    following = [*(cue.start for cue in cues[1:]), None]
    return tuple(
        replace(cue, end=_end(cue, next_start, last))
        for cue, next_start in zip(cues, following, strict=True)
    )


def _end(cue: Cue, next_start: Milliseconds | None, last: Milliseconds) -> Milliseconds:
    if next_start is None:
        return max(cue.start, last)
    return max(cue.start, next_start if cue.end is None else min(cue.end, next_start))


def _leading_bytes(pieces: Sequence[Piece]) -> int:
    """Return the size of the blanks before the line, which are not in its text."""
    size = 0
    for piece in pieces:
        rest = piece.text.lstrip()
        size += len(piece.text[: len(piece.text) - len(rest)].encode())
        if rest:
            break
    return size
