"""Small real audio files of every format, made quickly, with the tags that a test wants.

A pytest plugin reaches this module in every run of an environment, so what is heavy is
imported inside the functions.
"""

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from hydrophone.testing.made_once import made_once

ENCODERS = {
    "mp3": ("-c:a", "libmp3lame", "-b:a", "128k", "-id3v2_version", "0"),
    "flac": ("-c:a", "flac"),
    "ogg": ("-c:a", "libvorbis", "-q:a", "2"),
    "opus": ("-c:a", "libopus", "-b:a", "64k"),
    "m4a": ("-c:a", "aac", "-b:a", "96k"),
    "alac": ("-c:a", "alac", "-f", "ipod"),
    "oga": ("-c:a", "flac", "-f", "ogg"),
    "spx": ("-ar", "16000", "-c:a", "libspeex", "-f", "ogg"),
    "aac": ("-c:a", "aac", "-b:a", "96k", "-f", "adts"),
    "wma": ("-c:a", "wmav2", "-b:a", "96k", "-f", "asf"),
    "wav": ("-c:a", "pcm_s16le"),
    "aiff": ("-c:a", "pcm_s16be", "-f", "aiff"),
    "aifc": ("-c:a", "pcm_s16le", "-f", "aiff"),
    "wv": ("-c:a", "wavpack", "-f", "wv"),
}
"""From the suffix, or the codec where that is not the suffix's usual one, to ffmpeg's options."""
BUILT = ("ape", "mpc", "mpc8", "dsf", "dff")
"""What ffmpeg cannot encode: see `hydrophone.testing.built_audio`."""


def make_audio(
    path: Path,
    *,
    codec: str = "",
    seconds: float = 1.0,
    frequency: int = 440,
    channels: int = 2,
    tags: Mapping[str, str | Sequence[str]] | None = None,
    picture: bytes | None = None,
) -> Path:
    """Make a tagged file at `path` and return `path`; folders are made as needed.

    The suffix names the format: any of `ENCODERS` and `BUILT`, whose other names (`alac`,
    `mpc8`) go into `codec`. Those of `BUILT` have two `channels`, whatever is asked
    for. `tags` and `picture` are as in `hydrophone.testing.audio_tags.write_tags`.

    Files of equal format, seconds, frequency (in hertz) and channels carry equal audio and so
    have equal fingerprints: vary `frequency` for files that must be told apart. The first of each
    kind costs one run of ffmpeg (a tenth of a second), each further one about two milliseconds.
    Blocks.
    """
    from hydrophone.testing.audio_tags import write_tags

    path.parent.mkdir(parents=True, exist_ok=True)
    codec = codec or path.suffix.removeprefix(".")
    shutil.copyfile(_encoded(codec, seconds, frequency, channels), path)
    write_tags(path, tags or {}, picture=picture)
    return path


def make_picture(*, color: str = "teal", size: int = 64) -> bytes:
    """Make a square JPEG of one colour; another colour gives other bytes."""
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (size, size), color).save(file, "JPEG")
    return file.getvalue()


def keep_audio_in(folder: Path) -> None:
    """Keep what `make_audio` encodes in `folder`, where other processes find it from now on.

    So the workers of a test run encode each file once. Without this a process keeps its own, in a
    temporary folder, until it ends. `folder` is made as needed and is the caller's to remove.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _folders.append(folder)


def _encoded(codec: str, seconds: float, frequency: int, channels: int) -> Path:
    """Encode a tone, unless that was done before."""

    def make(path: Path) -> None:
        if codec in BUILT:
            path.write_bytes(_built(codec, seconds, frequency))
        else:
            _encode(codec, seconds, frequency, channels, path)

    return made_once(_folder() / f"{frequency}-{seconds}-{channels}.{codec}", make)


def _encode(codec: str, seconds: float, frequency: int, channels: int, path: Path) -> None:
    from hydrophone.media.ffmpeg import find_ffmpeg

    tone = f"sine=frequency={frequency}:duration={seconds}:sample_rate=44100"
    command = [str(find_ffmpeg()), "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", tone]
    command += ["-ac", str(channels), "-map_metadata", "-1", "-bitexact"]
    command += [*ENCODERS[codec], str(path)]
    subprocess.run(command, check=True, timeout=120)  # noqa: S603 - no shell, constants only


def _built(codec: str, seconds: float, frequency: int) -> bytes:
    from hydrophone.testing import built_audio

    build, rate = {
        "ape": (built_audio.monkeys_audio, built_audio.RATE),
        "mpc": (built_audio.musepack_7, built_audio.RATE),
        "mpc8": (built_audio.musepack_8, built_audio.RATE),
        "dsf": (built_audio.dsf, built_audio.DSD_RATE),
        "dff": (built_audio.dsdiff, built_audio.DSD_RATE),
    }[codec]
    return build(round(seconds * rate), frequency)


_folders: list[Path] = []
"""Where encoded files are kept; the last one counts."""


def _folder() -> Path:
    if not _folders:
        folder = tempfile.TemporaryDirectory(prefix="hydrophone-audio-")
        atexit.register(folder.cleanup)
        _folders.append(Path(folder.name))
    return _folders[-1]
