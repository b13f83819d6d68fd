"""Small real films of every container, made quickly, with sounds and subtitles in languages."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from hydrophone.testing.made_once import made_once

CODECS = {
    "mp4": ("libx264", "aac", "mov_text"),
    "m4v": ("libx264", "aac", "mov_text"),
    "mov": ("libx264", "aac", "mov_text"),
    "mkv": ("libx264", "aac", "srt"),
    "webm": ("libvpx", "libopus", "webvtt"),
    "avi": ("mpeg4", "libmp3lame", ""),
    "mpg": ("mpeg2video", "mp2", ""),
    "ts": ("libx264", "aac", ""),
    "flv": ("flv", "libmp3lame", ""),
    "ogv": ("libtheora", "libvorbis", ""),
    "wmv": ("wmv2", "wmav2", ""),
}
"""By suffix: how pictures, sound and text are encoded; no text where the container has none."""


def make_video(
    path: Path,
    *,
    seconds: float = 6.0,
    size: str = "160x120",
    rate: str = "25",
    sounds: Sequence[str] = ("eng",),
    captions: Sequence[str] = (),
    options: Sequence[str] = (),
) -> Path:
    """Make a film at `path` and return `path`; folders are made as needed.

    The suffix names the format, any of `CODECS`. There is a sound for each language in `sounds`:
    tones of 440, 880, 1760 ... hertz, by which they can be told apart; none of FLV but the first.
    `captions` are languages, too. `options` are more of ffmpeg's own, before the output. One run
    of ffmpeg; blocks.
    """
    from hydrophone.media.ffmpeg import find_ffmpeg

    path.parent.mkdir(parents=True, exist_ok=True)
    pictures, sound, text = CODECS[path.suffix.removeprefix(".")]
    tones = [f"sine=frequency={440 * 2**number}" for number in range(len(sounds))]
    sources = [f"testsrc=size={size}:rate={rate}", *tones]
    command = [str(find_ffmpeg()), "-nostdin", "-loglevel", "error", "-y"]
    for source in sources:
        command += ["-f", "lavfi", "-i", f"{source}:duration={seconds}"]
    for number in range(len(captions)):
        words = path.with_suffix(f".{number}.srt")
        words.write_text("1\n00:00:00,500 --> 00:00:02,000\nGood evening.\n\n", "utf-8")
        command += ["-i", str(words)]
    for number in range(len(sources) + len(captions)):
        command += ["-map", str(number)]
    for kind, languages in (("a", sounds), ("s", captions)):
        for number, language in enumerate(languages):
            command += [f"-metadata:s:{kind}:{number}", f"language={language}"]
    command += ["-c:v", pictures, "-pix_fmt", "yuv420p", "-g", "50", "-c:a", sound]
    if captions:
        command += ["-c:s", text]
    if pictures == "libx264":
        command += ["-preset", "ultrafast"]
    command += [*options, str(path)]
    subprocess.run(command, check=True, timeout=120)  # noqa: S603 - no shell, of tests only
    for number in range(len(captions)):
        path.with_suffix(f".{number}.srt").unlink()
    return path


class FilmStock:
    """Tiny films, each made once for all tests that want one; files are copies.

    `folder` may be that of other processes, too; it is made as needed.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def put(self, path: Path, *, number: int = 0, **wanted: Sequence[str]) -> Path:
        """Put a film of 2 seconds and 64 x 64 pixels at `path`, and return `path`.

        `wanted` are `sounds` and `captions` of `make_video`. Those with different numbers are
        different films.
        """
        name = "-".join([str(number), *(f"{key}={'.'.join(v)}" for key, v in wanted.items())])
        made = made_once(
            self._folder / f"{name}{path.suffix}",
            lambda film: make_video(
                film, seconds=2.0 + number / 5, size="64x64", rate="5", **wanted
            ),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(made, path)
        return path
