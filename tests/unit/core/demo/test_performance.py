import math
from array import array
from fractions import Fraction

import pytest

from hydrophone.demo.performance import perform
from hydrophone.demo.pieces import Piece, Voice
from hydrophone.demo.tones import SAMPLE_RATE, TIMBRES
from hydrophone.domain.units import Seconds

SEMITONE = 2 ** (1 / 12)


def strength(samples: "array[float]", frequency: float) -> float:
    """How much of this frequency there is (one bin of a Fourier transform, Hann window)."""
    turn = math.tau * frequency / SAMPLE_RATE
    step = math.tau / len(samples)
    windowed = [sample * (1 - math.cos(step * index)) for index, sample in enumerate(samples)]
    real = sum(sample * math.cos(turn * index) for index, sample in enumerate(windowed))
    imaginary = sum(sample * math.sin(turn * index) for index, sample in enumerate(windowed))
    return math.hypot(real, imaginary)


@pytest.mark.parametrize("timbre", TIMBRES)
@pytest.mark.parametrize(("pitch", "frequency"), [(45, 110.0), (69, 440.0), (81, 880.0)])
def test_a_tone_has_the_pitch_it_should(timbre: str, pitch: int, frequency: float) -> None:
    tone = TIMBRES[timbre].render(pitch, Seconds(0.4))

    at_pitch = strength(tone, frequency)
    assert at_pitch > 4 * strength(tone, frequency * SEMITONE)
    assert at_pitch > 4 * strength(tone, frequency / SEMITONE)


def test_a_struck_tone_decays_and_a_bowed_one_stays() -> None:
    def loudness(timbre: str, second: float) -> float:
        tone = TIMBRES[timbre].render(60, Seconds(1.0))
        begin = int(second * SAMPLE_RATE)
        return max(tone[begin : begin + SAMPLE_RATE // 10])

    assert loudness("piano", 0.8) < 0.5 * loudness("piano", 0.02)
    assert loudness("strings", 0.8) > 0.7 * loudness("strings", 0.2)


def a_piece(*voices: Voice) -> Piece:
    return Piece(voices=voices, bar=Fraction(4), tempo=240, slowing=1)


def test_each_voice_is_a_channel_of_its_own() -> None:
    samples = perform(
        a_piece(
            Voice(score="A4/2 r", timbre="piano"),
            Voice(score="r/2 A3/2", timbre="lute"),
        )
    )
    first, second = samples[0::2], samples[1::2]

    # At 240 quarters a minute the second voice enters after half a second and the lead-in.
    early = slice(0, int(0.6 * SAMPLE_RATE))
    assert max(first[early]) > 0.1
    assert max(second[early]) == 0
    assert max(second) > 0.1


def test_the_pedal_lets_notes_ring_until_the_bar_ends() -> None:
    def loudness_late_in_the_bar(pedal: bool) -> float:
        samples = perform(a_piece(Voice(score="A3/8 r/2..", timbre="piano", pedal=pedal)))
        return max(samples[int(0.75 * SAMPLE_RATE) : int(0.9 * SAMPLE_RATE)])

    assert loudness_late_in_the_bar(pedal=False) == 0
    assert loudness_late_in_the_bar(pedal=True) > 0.05


def test_a_performance_can_be_repeated() -> None:
    piece = a_piece(Voice(score="A4+C5/4 B4 r/2", timbre="harpsichord"))

    assert perform(piece) == perform(piece)
