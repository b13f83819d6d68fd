from fractions import Fraction

import pytest

from hydrophone.demo.notation import Note, parse_voice
from hydrophone.errors import InvalidInputError

FOUR = Fraction(4)


def test_pitches_follow_midi_numbers() -> None:
    notes = parse_voice("C4/4 A4 F#4 Bb3", FOUR)

    assert [note.pitch for note in notes] == [60, 69, 66, 58]


def test_a_value_is_kept_until_the_next_one() -> None:
    notes = parse_voice("C4/8. D4/16 E4/4 F4 G4", FOUR)

    assert [note.length for note in notes] == [
        Fraction(3, 4),
        Fraction(1, 4),
        Fraction(1),
        Fraction(1),
        Fraction(1),
    ]
    assert [note.start for note in notes] == [0, Fraction(3, 4), 1, 2, 3]


def test_two_dots_add_three_quarters() -> None:
    assert parse_voice("r/16 C4/4.. r/2", FOUR) == (Note(Fraction(1, 4), Fraction(7, 4), 60),)


def test_a_chord_starts_together_and_a_tie_prolongs_all_of_it() -> None:
    notes = parse_voice("C4+E4/2. D4/4 | _/2 r", FOUR)

    assert notes == (
        Note(Fraction(0), Fraction(3), 60),
        Note(Fraction(0), Fraction(3), 64),
        Note(Fraction(3), Fraction(3), 62),
    )


def test_an_upbeat_comes_before_the_first_whole_bar() -> None:
    notes = parse_voice("G4/4 | C5/1", FOUR, Fraction(1))

    assert [note.start for note in notes] == [0, 1]


@pytest.mark.parametrize("text", ["C4/4 D4", "C4/1 | D4/2.", "C4/1 D4", "", "C4/1 |"])
def test_a_bar_that_does_not_add_up_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="bar"):
        parse_voice(text, FOUR)


@pytest.mark.parametrize("token", ["H4", "C", "C4/3", "c4", "C4+", "C##4", "C4/4..."])
def test_an_unknown_token_is_named(token: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_voice(f"{token} r/1", FOUR)
    assert repr(token) in str(caught.value)
