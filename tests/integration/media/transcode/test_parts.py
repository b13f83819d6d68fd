"""Parts of a file are exact, and copies have the same packets."""

import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from tests.integration.media.transcode.converting import (
    FFMPEG,
    SAMPLES,
    decoded,
    decoded_file,
    ffmpeg,
    made_of,
    spec,
)

from hydrophone.domain.units import Seconds
from hydrophone.media.transcode import (
    FORMATS,
    MP4_COPY,
    MP4_FLAC,
    AudioFormat,
    TranscodeSpec,
    format_named,
)


@pytest.fixture(scope="module")
def audiobook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds in three chapters."""
    folder = tmp_path_factory.mktemp("books")
    chapters = "".join(
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={n * 2000}\nEND={n * 2000 + 2000}\ntitle=Chapter {n}\n"
        for n in range(3)
    )
    (folder / "chapters").write_text(f";FFMETADATA1\n{chapters}")
    sound = ("-f", "lavfi", "-i", "sine=440:d=6", "-i", str(folder / "chapters"))
    ffmpeg(*sound, "-map_metadata", "1", "-c:a", "aac", str(folder / "book.m4b"))
    return folder / "book.m4b"


def chapters_of(path: Path) -> int:
    """Count them, and tracks that are none of sound."""
    said = subprocess.run(
        [FFMPEG, "-i", path], capture_output=True, check=False, timeout=120
    ).stderr
    return said.count(b"Chapter #") + said.count(b"Stream #") - said.count(b": Audio:")


@pytest.mark.parametrize("form", [FORMATS["mp3"], FORMATS["opus"], FORMATS["mp4"], MP4_COPY])
def test_chapters_of_the_whole_book_are_not_those_of_a_part(
    audiobook: Path, tmp_path: Path, form: AudioFormat
) -> None:
    assert chapters_of(audiobook) >= 3
    part = TranscodeSpec(format=form, offset=Seconds(1.0), length=Seconds(2.0))
    made = tmp_path / f"part.{form.suffix}"
    made.write_bytes(made_of(part, audiobook))
    assert chapters_of(made) == 0


@pytest.mark.parametrize("format_", [FORMATS["flac"], MP4_FLAC], ids=["flac", "mp4"])
def test_parts_of_a_file_fit_together_to_the_sample(noise: Path, format_: AudioFormat) -> None:
    """Tracks of a CUE sheet begin at a frame of a CD: 588 samples, a 75th of a second."""
    whole = decoded(noise.read_bytes())
    starts = [Seconds(frames / 75) for frames in (0, 101, 333, 700)]
    parts = [
        decoded(made_of(TranscodeSpec(format=format_, offset=start, length=length), noise))
        for start, length in zip(
            starts, [*(Seconds(b - a) for a, b in pairwise(starts)), None], strict=True
        )
    ]
    assert [len(part) // 2 for part in parts[:-1]] == [101 * 588, 232 * 588, 367 * 588]
    assert b"".join(parts) == whole


@pytest.mark.parametrize("suffix", ["mp3", "ogg", "m4a"])
def test_an_offset_is_exact_in_lossy_files_too(noise: Path, tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"noise.{suffix}"
    ffmpeg("-i", str(noise), str(source))
    whole = decoded(source.read_bytes()) if suffix != "m4a" else decoded_file(source)
    cut = decoded(made_of(spec("flac", offset=6.5), source))
    # Not at the very start, where a decoder lacks what came before.
    part = memoryview(cut[8000:12000]).cast("h")
    begin = int(6.5 * SAMPLES) * 2 + 8000
    differences = {
        shift: sum(
            abs(a - b)
            for a, b in zip(part, memoryview(whole)[begin + 2 * shift :].cast("h"), strict=False)
        )
        / len(part)
        for shift in (-1, 0, 1)
    }
    # Rounding to 16 bits differs, by the noise of its dither.
    assert differences[0] < 2 < 100 < min(differences[-1], differences[1])


@pytest.mark.parametrize(
    ("name", "most"),
    # LAME and AAC add their delay, for which there is no place in a stream; see the docs.
    [("flac", 0.0), ("opus", 0.001), ("mp3", 0.055), ("aac", 0.055), ("mp4", 0.055)],
)
@pytest.mark.parametrize("length", [1.0, 2.7183])
def test_how_exact_lengths_are(song: Path, name: str, length: float, most: float) -> None:
    wanted = TranscodeSpec(format=format_named(name), length=Seconds(length))
    seconds = len(decoded(made_of(wanted, song))) / 2 / SAMPLES
    assert -0.0001 <= seconds - length <= most + 0.0001


@pytest.mark.parametrize(("codec", "suffix"), [("flac", "flac"), ("aac", "m4a"), ("alac", "m4a")])
def test_a_copy_has_the_same_packets(noise: Path, tmp_path: Path, codec: str, suffix: str) -> None:
    source = tmp_path / f"source.{suffix}"
    ffmpeg("-i", str(noise), "-c:a", codec, str(source))
    copy = made_of(TranscodeSpec(format=MP4_COPY), source)
    assert copy[4:8] == b"ftyp"
    assert b"moof" in copy
    result = tmp_path / "copy.mp4"
    result.write_bytes(copy)
    assert packets(result) == packets(source)
    # Fragments say nothing of the 1024 samples that an AAC encoder puts in front.
    late = 1024 if codec == "aac" else 0
    assert decoded_file(result)[2 * late :] == decoded_file(source)


def packets(path: Path) -> bytes:
    copied = ("-map", "0:a:0", "-c", "copy", "-f", "framemd5", "-strict", "experimental", "pipe:1")
    lines = ffmpeg("-i", str(path), *copied).splitlines()
    return b"\n".join(line.split(b",")[5] for line in lines if not line.startswith(b"#"))
