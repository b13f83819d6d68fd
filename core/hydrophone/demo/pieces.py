"""The scores: six short pieces whose composers have been dead for a hundred years or more.

Excerpts are cut where the music comes to rest, so that each ends as if it had been meant to.
"""

from fractions import Fraction

from msgspec import Struct

from hydrophone.demo.notation import Note, parse_voice


class Voice(Struct, frozen=True, kw_only=True):
    """One line of a score with its place on the stage."""

    score: str
    """In the notation of `hydrophone.demo.notation`."""
    timbre: str
    """A name in `hydrophone.demo.tones.TIMBRES`."""
    level: float = 1.0
    """Loudness relative to the other voices."""
    pan: float = 0.0
    """-1 is far left, 1 far right."""
    delay: Fraction = Fraction(0)
    """Quarters by which it enters later than written: the second voice of a canon."""
    pedal: bool = False
    """Notes ring until the end of their bar, as with a piano's right pedal held down."""


class Piece(Struct, frozen=True, kw_only=True):
    """A score and how to play it."""

    voices: tuple[Voice, ...]
    bar: Fraction
    """Length of a bar in quarters."""
    pickup: Fraction = Fraction(0)
    """Length of the upbeat in quarters."""
    tempo: float
    """Quarters per minute."""
    slowing: int
    """Over how many quarters it slows down towards the end."""

    def notes(self, voice: Voice) -> tuple[Note, ...]:
        """Parse one of the voices; times include its delay."""
        notes = parse_voice(voice.score, self.bar, self.pickup)
        return tuple(note._replace(start=note.start + voice.delay) for note in notes)


_PRELUDE_CHORDS = """
    C4 E4 G4 C5 E5 | C4 D4 A4 D5 F5  | B3 D4 G4 D5 F5 | C4 E4 G4 C5 E5
    | C4 E4 A4 E5 A5 | C4 D4 F#4 A4 D5 | B3 D4 G4 D5 G5 | B3 C4 E4 G4 C5
    | A3 C4 E4 G4 C5 | D3 A3 D4 F#4 C5 | G3 B3 D4 G4 B4 | G3 Bb3 E4 G4 C#5
    | F3 A3 D4 A4 D5 | F3 Ab3 D4 F4 B4 | E3 G3 C4 G4 C5 | E3 F3 A3 C4 F4
    | D3 F3 A3 C4 F4 | G2 D3 G3 B3 F4
"""


def _prelude() -> Piece:
    """Bach's Prelude in C (bars 1 to 19): every chord is broken the same way, twice a bar."""
    bass, tenor, soprano = [], [], []
    for chord in _PRELUDE_CHORDS.split("|"):
        lowest, second, *upper = chord.split()
        bass.append(f"{lowest}/2 {lowest}")
        tenor.append(f"r/16 {second}/4.. r/16 {second}/4..")
        soprano.append(f"r/8 {' '.join(f'{note}/16' for note in upper * 2)} " * 2)
    bass.append("C3/1")
    tenor.append("E3+G3/1")
    soprano.append("C4+E4/1")
    return Piece(
        voices=(
            Voice(score="|".join(soprano), timbre="piano", level=0.9, pan=0.25, pedal=True),
            Voice(score="|".join(tenor), timbre="piano", level=0.85, pan=-0.05, pedal=True),
            Voice(score="|".join(bass), timbre="piano", level=0.95, pan=-0.25, pedal=True),
        ),
        bar=Fraction(4),
        tempo=88,
        slowing=6,
    )


_GYMNOPEDIE = Piece(
    # Bars 1 to 16, then the close of the first half (bars 32 to 39).
    voices=(
        Voice(
            score="""
                r/2. | r | r | r | r/4 F#5 A5 | G5 F#5 C#5 | B4 C#5 D5 | A4/2.
                | F#4 | _ | _ | _ | r/4 F#5 A5 | G5 F#5 C#5 | B4 C#5 D5 | A4/2.
                | G5 | F#5 | B4/4 A4 B4 | C#5 D5 E5 | C#5 D5 E5 | F#4/2 G4/4
                | C4+E4+A4+C5/2. | D4+F#4+A4+D5
            """,
            timbre="piano",
            level=1.0,
            pan=0.2,
        ),
        Voice(
            score="""
                r/4 B3+D4+F#4/2 | r/4 A3+C#4+F#4/2 | r/4 B3+D4+F#4/2 | r/4 A3+C#4+F#4/2
                | r/4 B3+D4+F#4/2 | r/4 A3+C#4+F#4/2 | r/4 B3+D4+F#4/2 | r/4 A3+C#4+F#4/2
                | r/4 B3+D4+F#4/2 | r/4 A3+C#4+F#4/2 | r/4 B3+D4+F#4/2 | r/4 A3+C#4+F#4/2
                | r/4 B3+D4+F#4/2 | r/4 A3+C#4+F#4/2 | r/4 B3+D4+F#4/2 | r/4 A3+C#4+F#4/2
                | r/4 B3+E4+G4/2 | r/4 A3+C#4+F#4/2 | r/4 B3+D4+F#4/2 | r/4 C#4+E4+A4/2
                | r/4 A3+C#4+F#4+A4/2 | r/4 A3+D4 B3+D4 | r/2. | r
            """,
            timbre="piano",
            level=0.5,
            pan=-0.1,
            pedal=True,
        ),
        Voice(
            score="""
                G2/2. | D2 | G2 | D2 | G2 | D2 | G2 | D2 | G2 | D2 | G2 | D2
                | G2 | D2 | G2 | D2 | E2 | F#2 | B1 | E2 | E2 | E2/4 B2 E3
                | A2+G3/2. | D2+A2+D3
            """,
            timbre="piano",
            level=0.8,
            pan=-0.25,
            pedal=True,
        ),
    ),
    bar=Fraction(3),
    tempo=80,
    slowing=9,
)

_PRELUDE_IN_A = Piece(
    voices=(
        Voice(
            score="""
                E4/4
                | C#5/8. D5/16 D4+G#4+B4/4 D4+G#4+B4 | D4+G#4+B4/2 D5+F#5/4
                | B#4+D#5/8. C#5+E5/16 C#5+A5/4 C#5+A5 | C#5+A5/2 E4+C#5/4
                | C#4+A#4/8. D4+B4/16 F#4+D5/4 F#4+D5 | F#4+D5/2 D4+G#4/4
                | D4+G#4/8. C#4+A4/16 C#4+C#5/4 C#4+C#5 | C#4+C#5/2 E4/4
                | E4+G#4+C#5/8. D5/16 D4+G#4+B4/4 D4+G#4+B4 | D4+G#4+B4/2 D5+F#5/4
                | B#4+D#5/8. C#5+E5/16 A5+C#6/4 A5+C#6 | A#4+C#5+E5+A#5+C#6/2 A#4+C#5/4
                | A#4+C#5/8. B4+D5/16 B4+F#5/4 A4+F#5 | G#4+F#5/2 D4+G#4/4
                | D4+B4/8. C#4+A4/16 A4+C#5+A5/4 C#5+A5 | C#5+A5/2 r/4
            """,
            timbre="piano",
            level=0.85,
            pan=0.15,
        ),
        Voice(
            score="""
                r/4
                | E2 E3+E4 E3+E4 | E3+E4/2 r/4 | A2 A3+E4 A3+E4 | A3+E4/2 r/4
                | E2 E3+B3 E3+B3 | E3+B3/2 r/4 | A1 E3+A3+E4 E3+A3+E4 | E3+A3+E4/2 r/4
                | E2 E3+E4 E3+E4 | E3+E4/2 r/4 | A2 A3+E4+A4 A3+E4+A4 | F#3+C#4+E4+F#4/2 r/4
                | B1 F#3+D4 F#3+B3+D4 | E3+B3+D4/2 r/4 | A1 E3+A3+E4 A3+E4 | A3+E4/2 r/4
            """,
            timbre="piano",
            level=0.6,
            pan=-0.2,
            pedal=True,
        ),
    ),
    bar=Fraction(3),
    pickup=Fraction(1),
    tempo=69,
    slowing=5,
)

_ELISE_REFRAIN = """
    E5/16 D#5 E5 B4 D5 C5 | A4/8 r/16 C4 E4 A4 | B4/8 r/16 E4 G#4 B4 | C5/8 r/16 E4 E5 D#5
    | E5 D#5 E5 B4 D5 C5 | A4/8 r/16 C4 E4 A4 | B4/8 r/16 E4 C5 B4
"""
_ELISE_REFRAIN_BASS = """
    r/4. | A2/16 E3 A3 r/8. | E2/16 E3 G#3 r/8. | A2/16 E3 A3 r/8.
    | r/4. | A2/16 E3 A3 r/8. | E2/16 E3 G#3 r/8.
"""

_FUR_ELISE = Piece(
    voices=(
        Voice(
            score=f"""
                E5/16 D#5
                | {_ELISE_REFRAIN} | A4/4 E5/16 D#5
                | {_ELISE_REFRAIN} | A4/8 r/16 B4 C5 D5
                | E5/8. G4/16 F5 E5 | D5/8. F4/16 E5 D5 | C5/8. E4/16 D5 C5
                | B4/8 r/16 E4 E5 r | r E5 E6 r r D#5 | E5 r r D#5 E5 D#5
                | {_ELISE_REFRAIN} | A4/4.
            """,
            timbre="piano",
            level=1.0,
            pan=0.2,
        ),
        Voice(
            score=f"""
                r/8
                | {_ELISE_REFRAIN_BASS} | A2/16 E3 A3 r/8.
                | {_ELISE_REFRAIN_BASS} | A2/16 E3 A3 r/8.
                | C3/16 G3 C4 r/8. | G2/16 G3 B3 r/8. | A2/16 E3 A3 r/8.
                | E2/16 E3 E4 r/8 E4/16 | E5 r r D#5 E5 r | r D#5 E5 r/8.
                | {_ELISE_REFRAIN_BASS} | A2/16 E3 A3/4
            """,
            timbre="piano",
            level=0.7,
            pan=-0.25,
            pedal=True,
        ),
    ),
    bar=Fraction(3, 2),
    pickup=Fraction(1, 2),
    tempo=69,
    slowing=3,
)

_CANON_LINE = """
    F#5/4 E5 D5 C#5 | B4 A4 B4 C#5 | D5 C#5 B4 A4 | G4 F#4 G4 E4
    | D4/8 F#4 A4 G4 F#4 D4 F#4 E4 | D4 B3 D4 A4 G4 B4 A4 G4
    | F#4 D4 E4 C#5 D5 F#5 A5 A4 | B4 G4 A4 F#4 D4 D5 D5/8. C#5/16
    | D5 C#5 D5 D4 C#4 A4 E4 F#4 D4 D5 C#5 B4 C#5 F#5 A5 B5
    | G5 F#5 E5 G5 F#5 E5 D5 C#5 B4 A4 G4 F#4 E4 G4 F#4 E4
    | D4 E4 F#4 G4 A4 E4 A4 G4 F#4 B4 A4 G4 A4 G4 F#4 E4
    | D4 B3 B4 C#5 D5 C#5 B4 A4 G4 F#4 E4 B4 A4 B4 A4 G4 | F#4/1
"""
_CANON_BARS = _CANON_LINE.split("|")
_CANON_GROUND = "D3/4 A2 B2 F#2 | G2 D2 G2 A2"

_CANON = Piece(
    # Each violin enters one turn of the ground (two bars) after the one before.
    voices=(
        Voice(
            score=_CANON_LINE,
            timbre="strings",
            level=0.8,
            pan=-0.55,
            delay=Fraction(8),
        ),
        Voice(
            score="|".join([*_CANON_BARS[:10], "D4/1"]),
            timbre="strings",
            level=0.75,
            pan=0.0,
            delay=Fraction(16),
        ),
        Voice(
            score="|".join([*_CANON_BARS[:8], "D5/1"]),
            timbre="strings",
            level=0.75,
            pan=0.55,
            delay=Fraction(24),
        ),
        Voice(
            score="|".join([_CANON_GROUND] * 7 + ["D2+D3/1"]),
            timbre="lute",
            level=1.0,
        ),
    ),
    bar=Fraction(4),
    tempo=66,
    slowing=3,
)

_MINUET = Piece(
    voices=(
        Voice(
            score="""
                D5/4 G4/8 A4 B4 C5 | D5/4 G4 G4 | E5 C5/8 D5 E5 F#5 | G5/4 G4 G4
                | C5 D5/8 C5 B4 A4 | B4/4 C5/8 B4 A4 G4 | F#4/4 G4/8 A4 B4 G4 | B4 A4/4 _/4.
                | D5/4 G4/8 A4 B4 C5 | D5/4 G4 G4 | E5 C5/8 D5 E5 F#5 | G5/4 G4 G4
                | C5 D5/8 C5 B4 A4 | B4/4 C5/8 B4 A4 G4 | A4/4 B4/8 A4 G4 F#4 | G4/2.
                | B5/4 G5/8 A5 B5 G5 | A5/4 D5/8 E5 F#5 D5 | G5/4 E5/8 F#5 G5 D5
                | C#5/4 B4/8 C#5 A4/4 | A4/8 B4 C#5 D5 E5 F#5 | G5/4 F#5 E5 | F#5 A4 C#5 | D5/2.
                | D5/4 G4/8 F#4 G4/4 | E5 G4/8 F#4 G4/4 | D5 C5 B4 | A4/8 G4 F#4 G4 A4/4
                | D4/8 E4 F#4 G4 A4 B4 | C5/4 B4 A4 | B4/8 D5 G4/4 F#4 | B3+D4+G4/2.
            """,
            timbre="harpsichord",
            level=0.9,
            pan=0.2,
        ),
        Voice(
            score="""
                G3+B3+D4/2 A3/4 | B3/2. | C4 | B3 | A3 | G3 | D4/4 B3 G3 | D4 D3/8 C4 B3 A3
                | B3/2 A3/4 | G3 B3 G3 | C4/2. | B3/4 C4/8 B3 A3 G3 | A3/2 F#3/4 | G3/2 B3/4
                | C4 D4 D3 | G3/2 G2/4
                | G3/2. | F#3 | E3/4 G3 E3 | A3/2 A2/4 | A3/2. | B3/4 D4 C#4 | D4 F#3 A3
                | D4 D3 C4 | B3 B3+D4/2 | C4/4 C4+E4/2 | B3/4 A3 G3 | D4/2 r/4
                | D3/2 F#3/4 | E3 G3 F#3 | G3 B2 D3 | G3 D3 G2
            """,
            timbre="harpsichord",
            level=0.8,
            pan=-0.2,
        ),
    ),
    bar=Fraction(3),
    tempo=122,
    slowing=4,
)

PIECES = {
    "prelude-in-c": _prelude(),
    "gymnopedie": _GYMNOPEDIE,
    "prelude-in-a": _PRELUDE_IN_A,
    "fur-elise": _FUR_ELISE,
    "canon": _CANON,
    "minuet": _MINUET,
}
"""Pieces by the key under which the catalogue names them."""
