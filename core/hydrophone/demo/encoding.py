"""Everything that ffmpeg does for the demo library: the room, the loudness, the formats."""

import math
import random
import subprocess
import wave
from array import array
from pathlib import Path

from hydrophone.demo.tones import SAMPLE_RATE
from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError

_TIME_LIMIT = Seconds(300)
"""For one run; ten seconds are normal on the smallest computers."""
_LAST_WORDS = 300
"""Characters of ffmpeg's complaint that are passed on."""

_REVERBERATION = Seconds(1.8)
"""Until the room has fallen silent (by 60 dB)."""
_DISTANCE = Seconds(0.014)
"""From the players' sound to the first answer of the walls."""
_ROOM_LEVEL = 0.018
_PEAK = 0.89
"""One decibel below full scale: lossy encoders overshoot a little."""

_QUIETLY = ("-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe")
_BIT_EXACT = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact")
# 44.1 kHz, because some players and network speakers refuse less; Opus knows only 48.
_ENCODERS = {
    "flac": ("-c:a", "flac", "-sample_fmt", "s16", "-ar", "44100", "-f", "flac"),
    "mp3": ("-c:a", "libmp3lame", "-q:a", "2", "-ar", "44100", "-f", "mp3"),
    "ogg": ("-c:a", "libvorbis", "-q:a", "5", "-ar", "44100", "-f", "ogg"),
    "opus": ("-c:a", "libopus", "-b:a", "112k", "-ar", "48000", "-f", "opus"),
    "m4a": ("-c:a", "aac", "-b:a", "160k", "-ar", "44100", "-movflags", "+faststart", "-f", "ipod"),
}


def write_room(path: Path) -> None:
    """Write the room that all pieces are played in, as a stereo impulse response (WAV).

    It begins with the direct sound and goes on as decaying noise, different in both ears.
    """
    chance = random.Random(1888)  # noqa: S311 - the walls are no secret
    size = int(_REVERBERATION * SAMPLE_RATE)
    gap = int(_DISTANCE * SAMPLE_RATE)
    response = array("h", bytes(4 * size))
    for ear in range(2):
        smooth = 0.0
        for index in range(gap, size):
            passed = index / size
            # Walls swallow treble first, so the noise grows duller as it dies.
            smooth += (0.75 - 0.6 * passed) * (chance.uniform(-1, 1) - smooth)
            response[2 * index + ear] = int(32767 * _ROOM_LEVEL * 10 ** (-3 * passed) * smooth)
        response[ear] = 32767
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(response.tobytes())


def place_in_room(samples: bytes, *, pans: tuple[float, ...], room: Path, ffmpeg: Path) -> bytes:
    """Seat the voices (interleaved floats, one channel each) and let the room answer.

    `pans` run from -1 (left) to 1 (right). Returns interleaved stereo floats of any loudness.
    Blocks; raises `MediaError` if ffmpeg fails.
    """
    angles = [(pan + 1) * math.pi / 4 for pan in pans]
    left = "+".join(f"{math.cos(angle):.4f}*c{seat}" for seat, angle in enumerate(angles))
    right = "+".join(f"{math.sin(angle):.4f}*c{seat}" for seat, angle in enumerate(angles))
    return _run(
        [
            *(str(ffmpeg), *_QUIETLY, *_raw(len(pans)), "-i", "pipe:0", "-i", f"file:{room}"),
            "-filter_complex",
            f"[0:a]pan=stereo|c0={left}|c1={right}[stage];[stage][1:a]afir",
            *("-f", "f32le", "pipe:1"),
        ],
        samples,
    )


def encode(stereo: bytes, destination: Path, *, suffix: str, ffmpeg: Path) -> None:
    """Write a file of the format that `suffix` names, without tags, replacing what is there.

    `stereo` is brought to one decibel below full scale. Blocks; raises `MediaError` if
    ffmpeg fails.
    """
    heard = array("f", stereo)
    gain = _PEAK / max(max(heard), -min(heard))
    _run(
        [
            *(str(ffmpeg), *_QUIETLY, "-y", *_raw(2), "-i", "pipe:0", "-af", f"volume={gain:.6f}"),
            *(*_BIT_EXACT, *_ENCODERS[suffix], f"file:{destination}"),
        ],
        stereo,
    )


def _raw(channels: int) -> tuple[str, ...]:
    return ("-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", str(channels))


def _run(argv: list[str], samples: bytes) -> bytes:
    """Run ffmpeg to its end in our process group, so that Ctrl-C in a terminal ends it too."""
    try:
        done = subprocess.run(  # noqa: S603 - constants, our own paths and the admin's ffmpeg
            argv, input=samples, capture_output=True, timeout=_TIME_LIMIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MediaError(f"ffmpeg did not finish: {error}") from error
    if done.returncode != 0:
        last_words = done.stderr.decode(errors="replace").strip()[-_LAST_WORDS:]
        raise MediaError(f"ffmpeg failed with status {done.returncode}: {last_words}")
    return done.stdout
