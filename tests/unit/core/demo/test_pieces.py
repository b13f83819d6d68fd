import pytest

from hydrophone.demo.pieces import PIECES, Piece
from hydrophone.demo.tones import TIMBRES

NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
LOWEST_PIANO_KEY, HIGHEST_PIANO_KEY = 21, 108


@pytest.fixture(params=list(PIECES.values()), ids=list(PIECES))
def piece(request: pytest.FixtureRequest) -> Piece:
    param: Piece = request.param
    return param


def opening(key: str, voice: int, count: int) -> str:
    piece = PIECES[key]
    notes = piece.notes(piece.voices[voice])[:count]
    return " ".join(f"{NAMES[note.pitch % 12]}{note.pitch // 12 - 1}" for note in notes)


def test_all_bars_add_up_and_all_voices_end_together(piece: Piece) -> None:
    ends = [max(note.start + note.length for note in piece.notes(voice)) for voice in piece.voices]

    assert all(max(ends) - end <= 2 * piece.bar for end in ends)


def test_notes_are_within_the_range_of_a_piano(piece: Piece) -> None:
    pitches = [note.pitch for voice in piece.voices for note in piece.notes(voice)]

    assert min(pitches) >= LOWEST_PIANO_KEY
    assert max(pitches) <= HIGHEST_PIANO_KEY


def test_a_piece_lasts_between_half_a_minute_and_a_minute(piece: Piece) -> None:
    beats = max(note.start + note.length for voice in piece.voices for note in piece.notes(voice))

    assert 30 <= float(beats) * 60 / piece.tempo <= 60


def test_every_timbre_exists(piece: Piece) -> None:
    assert {voice.timbre for voice in piece.voices} <= TIMBRES.keys()


# The openings as everybody knows them, written out independently of the scores.
@pytest.mark.parametrize(
    ("key", "voice", "notes"),
    [
        ("prelude-in-c", 0, "G4 C5 E5 G4 C5 E5 G4 C5 E5 G4 C5 E5 A4 D5 F5"),
        ("gymnopedie", 0, "F#5 A5 G5 F#5 C#5 B4 C#5 D5 A4 F#4"),
        ("prelude-in-a", 1, "E2 E3 E4 E3 E4 E3 E4 A2"),
        ("fur-elise", 0, "E5 D#5 E5 D#5 E5 B4 D5 C5 A4 C4 E4 A4 B4 E4 G#4 B4 C5"),
        ("canon", 0, "F#5 E5 D5 C#5 B4 A4 B4 C#5 D5 C#5 B4 A4 G4 F#4 G4 E4"),
        ("canon", 3, "D3 A2 B2 F#2 G2 D2 G2 A2"),
        ("minuet", 0, "D5 G4 A4 B4 C5 D5 G4 G4 E5 C5 D5 E5 F#5 G5 G4 G4"),
    ],
)
def test_a_piece_opens_as_it_should(key: str, voice: int, notes: str) -> None:
    assert opening(key, voice, notes.count(" ") + 1) == notes


def test_the_canon_is_one() -> None:
    canon = PIECES["canon"]
    first, second, third, _ = (canon.notes(voice) for voice in canon.voices)

    for follower, delay in ((second, 8), (third, 16)):
        followed = [(note.start + delay, note.pitch) for note in first]
        # The last note is the chord on which all voices end together.
        assert [(note.start, note.pitch) for note in follower[:-1]] == followed[: len(follower) - 1]
