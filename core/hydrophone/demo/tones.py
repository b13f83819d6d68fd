"""The instruments: how a single note sounds, computed without any library.

Two families: struck or plucked strings are sums of decaying partials (stretched a little, as
the stiffness of real strings does), bowed ones a single cycle played over and over with
vibrato. All times are in seconds, all samples mono floats at `SAMPLE_RATE`.
"""

import cmath
import math
from array import array
from itertools import accumulate, repeat
from operator import add, mul

from msgspec import Struct

from hydrophone.domain.units import Hertz, Seconds

SAMPLE_RATE = Hertz(22050)
"""Enough for these mellow instruments, and half the work of 44.1 kHz on a small computer."""

_HIGHEST_PARTIAL = 0.45 * SAMPLE_RATE
_MIDDLE_C = 60
_DETUNED = 1.0008
"""A key strikes more than one string; the second is never quite in tune, so the note lives."""
_SECOND = 0.4
"""Loudness of the second string; only its fundamental lasts long enough to be heard."""
_INAUDIBLE = 0.002
"""Where a partial is cut off: 54 dB below a full tone, and hidden by the room."""
_CYCLE = 2048
"""Samples of the table that holds one cycle of a bowed string; a power of two."""


class Struck(Struct, frozen=True, kw_only=True):
    """A string that is hit or plucked once and then left alone."""

    partials: int
    slope: float
    """Partial n starts at n ** -slope: the smaller, the brighter."""
    position: float
    """Where along the string it is hit; partials with a node there are missing."""
    ring: Seconds
    """Until middle C has fallen by 60 dB; lower notes ring longer, higher ones shorter."""
    damping: float
    """How much sooner each partial dies than the one below it."""
    stiffness: float
    attack: Seconds
    release: Seconds
    """How long the damper takes once the key is let go."""

    def render(self, pitch: int, length: Seconds) -> "array[float]":
        """Compute the first `length` of a note that is never let go."""
        fundamental = _frequency(pitch)
        size = int(length * SAMPLE_RATE)
        spinning = [0j] * size
        ring = self.ring * 2 ** ((_MIDDLE_C - pitch) / 20)
        for number in range(1, self.partials + 1):
            frequency = number * fundamental * math.sqrt(1 + self.stiffness * number * number)
            if frequency > _HIGHEST_PARTIAL:
                break
            level = number**-self.slope * math.sin(math.pi * number * self.position)
            fall = Seconds(ring / (1 + self.damping * (number - 1)))
            _add_partial(spinning, frequency, level, fall)
            if number == 1:
                _add_partial(spinning, frequency * _DETUNED, _SECOND * level, fall)
        tone = [sample.imag for sample in spinning]
        for index in range(min(size, int(self.attack * SAMPLE_RATE))):
            tone[index] *= index / (self.attack * SAMPLE_RATE)
        return array("f", tone)


class Bowed(Struct, frozen=True, kw_only=True):
    """A small section of strings that keeps sounding until it is let go."""

    partials: int
    slope: float
    vibrato_rate: float
    """Times per second."""
    vibrato_depth: float
    """As a part of the frequency."""
    attack: Seconds
    release: Seconds

    def render(self, pitch: int, length: Seconds) -> "array[float]":
        """Compute a note of this length, without its release."""
        fundamental = _frequency(pitch)
        usable = min(self.partials, int(_HIGHEST_PARTIAL / fundamental))
        levels = [(number, number**-self.slope) for number in range(1, usable + 1)]
        turn = math.tau / _CYCLE
        cycle = [
            sum(level * math.sin(number * turn * index) for number, level in levels)
            for index in range(_CYCLE)
        ]
        step = fundamental * _CYCLE / SAMPLE_RATE
        sway = math.tau * self.vibrato_rate / SAMPLE_RATE
        depth = fundamental * self.vibrato_depth * _CYCLE / (math.tau * self.vibrato_rate)
        size = int(length * SAMPLE_RATE)
        # Two players a little apart in pitch and vibrato already sound like a section. One is
        # louder, or they would cancel each other out in a long note.
        tone = [
            0.65 * cycle[int(index * step + depth * math.sin(index * sway)) % _CYCLE]
            + 0.35 * cycle[int(index * step * 1.0015 - depth * math.cos(index * sway)) % _CYCLE]
            for index in range(size)
        ]
        rise = int(self.attack * SAMPLE_RATE)
        for index in range(min(size, rise)):
            tone[index] *= math.sin(math.pi / 2 * index / rise)
        return array("f", tone)


TIMBRES: dict[str, Struck | Bowed] = {
    "piano": Struck(
        partials=12,
        slope=1.25,
        position=0.13,
        ring=Seconds(4.5),
        damping=0.45,
        stiffness=0.0004,
        attack=Seconds(0.004),
        release=Seconds(0.15),
    ),
    "harpsichord": Struck(
        partials=20,
        slope=0.55,
        position=0.21,
        ring=Seconds(2.4),
        damping=0.12,
        stiffness=0.0001,
        attack=Seconds(0.001),
        release=Seconds(0.06),
    ),
    "lute": Struck(
        partials=12,
        slope=1.0,
        position=0.29,
        ring=Seconds(3.2),
        damping=0.5,
        stiffness=0.0001,
        attack=Seconds(0.003),
        release=Seconds(0.2),
    ),
    "strings": Bowed(
        partials=14,
        slope=1.35,
        vibrato_rate=5.2,
        vibrato_depth=0.0035,
        attack=Seconds(0.07),
        release=Seconds(0.16),
    ),
}
"""The instruments by the name under which a score asks for them."""


def _frequency(pitch: int) -> float:
    return float(440 * 2 ** ((pitch - 69) / 12))


def _add_partial(tone: list[complex], frequency: float, level: float, fall: Seconds) -> None:
    """Add a sine that falls by 60 dB in `fall`, as the imaginary part of a shrinking rotation.

    Repeated multiplication by one complex number keeps the loop over the samples out of
    Python. It stops where the partial cannot be heard any more.
    """
    if abs(level) <= _INAUDIBLE:
        return
    shrink = 10 ** (-3 / (fall * SAMPLE_RATE))
    turn = shrink * cmath.exp(1j * math.tau * frequency / SAMPLE_RATE)
    audible = fall * math.log10(abs(level) / _INAUDIBLE) / 3  # 60 dB are three powers of ten
    size = min(len(tone), 1 + int(audible * SAMPLE_RATE))
    tone[:size] = map(add, tone, accumulate(repeat(turn, size - 1), mul, initial=level * turn))
