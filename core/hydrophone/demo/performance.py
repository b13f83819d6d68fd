"""Plays a score: from notes in beats to samples, one channel for each voice.

`python -m hydrophone.demo.performance KEY` writes a piece to standard output as interleaved
32-bit floats at `SAMPLE_RATE`. It is a program of its own so that several pieces can be
computed at once, and because a child that writes to a closed pipe ends by itself.
"""

import math
import random
import sys
from array import array
from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from hydrophone.demo.pieces import PIECES, Piece, Voice
from hydrophone.demo.tones import SAMPLE_RATE, TIMBRES
from hydrophone.domain.units import Seconds

_TAIL = Seconds(3.0)
"""Silence after the last key is let go, for strings and room to fade into."""
_LEAD_IN = Seconds(0.15)
_UNEVENNESS = Seconds(0.006)
"""Nobody plays exactly on the beat: by how much notes may be late."""
_CHORD_SPREAD = Seconds(0.011)
"""The notes of a chord follow each other from the bottom up by this much."""
_SLOWED = 0.7
"""By how much longer the very last beat is than an ordinary one."""
_SWELL_BARS = 4


class _Stroke(Struct, frozen=True):
    """A note as played."""

    start: Seconds
    length: Seconds
    pitch: int
    gain: float


def perform(piece: Piece) -> "array[float]":
    """Play all voices; each is one channel of the interleaved samples, in their order.

    The same piece always gives the same samples. Takes about a second of computing.
    """
    chance = random.Random(f"{piece.tempo} {piece.bar}")  # noqa: S311 - for rhythm, not for secrets
    parts = [tuple(_strokes(piece, voice, chance)) for voice in piece.voices]
    end = max(stroke.start + stroke.length for part in parts for stroke in part)
    size = int((end + _TAIL) * SAMPLE_RATE)
    tones = _tones(piece, parts)
    interleaved = array("f", bytes(4 * size * len(parts)))
    for channel, (voice, part) in enumerate(zip(piece.voices, parts, strict=True)):
        release = TIMBRES[voice.timbre].release
        interleaved[channel :: len(parts)] = _mix(part, tones[voice.timbre], release, size)
    return interleaved


def _strokes(piece: Piece, voice: Voice, chance: random.Random) -> Iterator[_Stroke]:
    """Give each note its moment, length and loudness."""
    notes = piece.notes(voice)
    last_beat = max(note.start + note.length for note in notes)
    spread = 0.0
    beat_before = Fraction(-1)
    for note in notes:
        spread = spread + _CHORD_SPREAD if note.start == beat_before else 0.0
        beat_before = note.start
        end = note.start + note.length
        bars = (note.start - piece.pickup) / piece.bar
        if voice.pedal:
            end = max(end, piece.pickup + piece.bar * (math.floor(bars) + 1))
        start = _seconds(piece, note.start, last_beat)
        accent = 1.0 if bars.denominator == 1 else 0.86
        swell = 0.86 + 0.14 * math.sin(math.pi * float(bars % _SWELL_BARS) / _SWELL_BARS)
        yield _Stroke(
            start=Seconds(_LEAD_IN + start + spread + chance.uniform(0, _UNEVENNESS)),
            length=Seconds(_seconds(piece, end, last_beat) - start - spread),
            pitch=note.pitch,
            gain=voice.level * accent * swell * chance.uniform(0.94, 1.06),
        )


def _seconds(piece: Piece, beat: Fraction, last_beat: Fraction) -> float:
    """When a beat falls; towards the end each takes a little longer than the one before."""
    into_slowing = max(0.0, float(beat - last_beat) + piece.slowing)
    lag = _SLOWED * into_slowing * into_slowing / (2 * piece.slowing)
    return (float(beat) + lag) * 60 / piece.tempo


def _tones(piece: Piece, parts: list[tuple[_Stroke, ...]]) -> "dict[str, dict[int, array[float]]]":
    """Compute each pitch of each timbre once, as long as any voice needs it."""
    longest: dict[str, dict[int, Seconds]] = {}
    for voice, part in zip(piece.voices, parts, strict=True):
        lengths = longest.setdefault(voice.timbre, {})
        for stroke in part:
            needed = Seconds(stroke.length + TIMBRES[voice.timbre].release)
            lengths[stroke.pitch] = max(needed, lengths.get(stroke.pitch, needed))
    return {
        timbre: {pitch: TIMBRES[timbre].render(pitch, length) for pitch, length in lengths.items()}
        for timbre, lengths in longest.items()
    }


def _mix(
    part: tuple[_Stroke, ...], tones: "dict[int, array[float]]", release: Seconds, size: int
) -> "array[float]":
    """Sum the notes of a voice, each damped within `release` once it is let go."""
    fade = int(release * SAMPLE_RATE)
    ramp = [(1 - index / fade) ** 2 for index in range(fade)]
    samples = array("f", bytes(4 * size))
    for stroke in part:
        begin = int(stroke.start * SAMPLE_RATE)
        held = int(stroke.length * SAMPLE_RATE)
        tone = tones[stroke.pitch]
        let_go = [sample * level for sample, level in zip(tone[held:], ramp, strict=False)]
        sound = tone[:held] + array("f", let_go)
        gain = stroke.gain
        under = samples[begin : begin + len(sound)]
        samples[begin : begin + len(sound)] = array(
            "f", [old + gain * new for old, new in zip(under, sound, strict=True)]
        )
    return samples


if __name__ == "__main__":
    sys.stdout.buffer.write(perform(PIECES[sys.argv[1]]))
