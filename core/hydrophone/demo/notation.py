"""A small text notation for scores, and its parser.

A voice is written as bars between `|`, a bar as notes between blanks. A note is its pitch
(`C4` is middle C; `F#4`, `Bb3`), several pitches joined by `+` for a chord, `r` for a rest,
or `_` to hold what sounds already (a tie). `/` and a note value may follow: `/4` a quarter,
`/8.` a dotted eighth; without one the value of the note before is kept.

    D5/4 G4/8 A4 B4 C5 | D5/4 G4 G4
"""

import re
from fractions import Fraction
from typing import NamedTuple

from hydrophone.errors import InvalidInputError

_TOKEN = re.compile(
    r"(?P<what>r|_|[A-G][#b]?\d(\+[A-G][#b]?\d)*)"
    r"(/(?P<value>1|2|4|8|16|32)(?P<dots>\.{0,2}))?"
)
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "b": -1}
_QUARTERS_IN_WHOLE = 4


class Note(NamedTuple):
    """One sounding pitch; times are counted in quarter notes from the start of the piece."""

    start: Fraction
    length: Fraction
    pitch: int
    """As in MIDI: 60 is middle C, 69 the A of 440 Hz."""


def parse_voice(text: str, bar: Fraction, pickup: Fraction = Fraction(0)) -> tuple[Note, ...]:
    """Read a voice; `bar` and `pickup` are the lengths of a bar and of an upbeat in quarters.

    Notes come in the order of their start, those of a chord in the order written. Raises
    `InvalidInputError` if a token cannot be read or a bar does not add up.
    """
    notes: list[Note] = []
    sounding = 0
    position = Fraction(0)
    value = Fraction(1)
    bar_end = pickup or bar
    for number, bar_text in enumerate(text.split("|"), start=0 if pickup else 1):
        for token in bar_text.split():
            match = _TOKEN.fullmatch(token)
            if match is None:
                raise InvalidInputError(f"bar {number}: {token!r} is not a note")
            if match["value"]:
                value = _length(int(match["value"]), len(match["dots"]))
            if match["what"] == "_":
                held = [note._replace(length=note.length + value) for note in notes[sounding:]]
                notes[sounding:] = held
            else:
                sounding = len(notes)
                notes += [Note(position, value, pitch) for pitch in _pitches(match["what"])]
            position += value
        if position != bar_end:
            raise InvalidInputError(f"bar {number} ends at beat {position} instead of {bar_end}")
        bar_end += bar
    return tuple(notes)


def _length(denominator: int, dots: int) -> Fraction:
    """A dot adds half of what the one before it added."""
    plain = Fraction(_QUARTERS_IN_WHOLE, denominator)
    return plain * (2 - Fraction(1, 2**dots))


def _pitches(what: str) -> list[int]:
    if what == "r":
        return []
    return [
        12 * (int(name[-1]) + 1) + _SEMITONES[name[0]] + _ACCIDENTALS[name[1:-1]]
        for name in what.split("+")
    ]
