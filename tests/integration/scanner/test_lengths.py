"""Files that hold less sound than they say are told, and no others."""

import os
import re
import struct
import subprocess
from pathlib import Path

import pytest

from hydrophone.errors import MediaError
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.scanner.parse import parse_file
from hydrophone.scanner.suffixes import SUFFIXES
from hydrophone.testing.audio_files import BUILT, ENCODERS, make_audio
from hydrophone.testing.audio_tags import write_tags

SECONDS = 4.0
SILENT = {"aac"}
"""It does not say how long it is."""
CUTS = (0.1, 0.3, 0.5, 0.8, 0.95)


def _remark(path: Path) -> str:
    return parse_file(os.fsencode(path)).length_remark


def _encode(path: Path, *options: str, seconds: float = SECONDS) -> Path:
    source = ("-f", "lavfi", "-i", f"anoisesrc=duration={seconds}:amplitude=0.3:seed=1:r=44100")
    subprocess.run(
        [find_ffmpeg(), "-nostdin", "-v", "error", "-y", *source, "-ac", "2", *options, path],
        check=True,
    )
    return path


def _cut(path: Path, share: float) -> Path:
    content = path.read_bytes()
    cut = path.with_stem("cut")
    cut.write_bytes(content[: int(len(content) * share)])
    return cut


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lengths")


SUFFIX_OF = {"alac": "m4a", "mpc8": "mpc"}


@pytest.mark.parametrize("codec", [*ENCODERS, *BUILT])
def test_whole_files_of_every_format_are_as_long_as_they_say(folder: Path, codec: str) -> None:
    path = folder / f"whole-{codec}.{SUFFIX_OF.get(codec, codec)}"
    make_audio(path, codec=codec, seconds=SECONDS)
    assert path.suffix[1:] in SUFFIXES
    assert _remark(path) == ""
    write_tags(path, {"title": "A title " * 400, "artist": "Somebody"}, picture=os.urandom(70_000))
    assert _remark(path) == ""


@pytest.mark.parametrize("codec", sorted({*ENCODERS, *BUILT} - SILENT))
@pytest.mark.parametrize("share", CUTS)
def test_files_that_were_cut_off_say_so(folder: Path, codec: str, share: float) -> None:
    path = folder / f"{codec}.{SUFFIX_OF.get(codec, codec)}"
    if not path.exists():
        make_audio(path, codec=codec, seconds=SECONDS, frequency=300)
    try:
        remark = _remark(_cut(path, share))
    except MediaError:
        # What it says of itself stands at its end, or is not whole.
        return
    held = re.search(r"holds (\d):(\d\d)", remark)
    assert held is not None
    assert "cut off?" in remark
    # Pages of Ogg may hold two seconds.
    assert 0 <= int(held[2]) <= SECONDS * share + 0.7


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("fast.m4a", ("-c:a", "aac", "-movflags", "+faststart")),
        ("fragments.m4a", ("-c:a", "aac", "-f", "mp4", "-movflags", "+empty_moov+frag_keyframe")),
        ("quality.mp3", ("-c:a", "libmp3lame", "-q:a", "5")),
        ("mean.mp3", ("-c:a", "libmp3lame", "-abr", "1", "-b:a", "128k")),
        ("phone.mp3", ("-c:a", "libmp3lame", "-b:a", "48k", "-ac", "1", "-ar", "22050")),
        ("studio.flac", ("-c:a", "flac", "-sample_fmt", "s32", "-ar", "96000")),
        ("small blocks.flac", ("-c:a", "flac", "-frame_size", "576")),
        ("large blocks.flac", ("-c:a", "flac", "-frame_size", "16384")),
        ("fast.wv", ("-c:a", "wavpack", "-compression_level", "0")),
        ("deep.wav", ("-c:a", "pcm_s24le")),
        ("long.wav", ("-c:a", "pcm_s16le", "-rf64", "always")),
    ],
)
def test_variants(folder: Path, name: str, options: tuple[str, ...]) -> None:
    path = _encode(folder / name, *options)
    assert _remark(path) == ""
    assert re.fullmatch(r"says 0:0[34], but holds 0:0[12] \(cut off\?\)", _remark(_cut(path, 0.5)))


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "ogg", "opus"])
def test_what_was_written_into_a_pipe_does_not_know_its_length(folder: Path, suffix: str) -> None:
    """Programs that cannot go back leave the lengths in their headers unknown."""
    path = folder / f"piped.{suffix}"
    with path.open("wb") as file:
        subprocess.run(
            [
                *(find_ffmpeg(), "-nostdin", "-v", "error", "-f", "lavfi"),
                *("-i", "anoisesrc=duration=2", "-f", suffix, "-"),
            ],
            check=True,
            stdout=file,
        )
    assert _remark(path) == ""


def test_flac_that_was_only_begun_to_be_downloaded(folder: Path) -> None:
    """Programs for torrents make files of full size, with zeros where nothing has come yet."""
    path = _encode(folder / "torrent.flac", "-c:a", "flac")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))
    assert _remark(path) == "says 0:04, but no sound is at its end (cut off?)"


def test_tags_behind_the_audio_are_no_audio(folder: Path) -> None:
    tag = b"TAG" + bytes(125)
    for suffix in ("mp3", "flac", "wv", "ogg"):
        path = _encode(folder / f"tagged.{suffix}")
        path.write_bytes(path.read_bytes() + tag)
        assert _remark(path) == ""
    path = _encode(folder / "cut.mp3")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + tag)
    assert "holds 0:0" in _remark(path)


def _vbri(content: bytes) -> bytes:
    """Put Fraunhofer's header into the first frame, in the place of LAME's."""
    first = content.index(b"\xff\xfb")
    size, frames = len(content) - first, int(SECONDS * 44_100 / 1152)
    header = struct.pack(">4sHHHIIHHHH", b"VBRI", 1, 0, 75, size, frames, 0, 1, 2, 1)
    at = first + 36
    return content[:at] + header + content[at + len(header) :]


def test_headers_of_fraunhofers_encoder(folder: Path) -> None:
    path = _encode(folder / "vbri.mp3", "-b:a", "128k", "-id3v2_version", "0")
    path.write_bytes(_vbri(path.read_bytes()))
    assert _remark(path) == ""
    assert re.fullmatch(r"says 0:0[34], but holds 0:0[12] \(cut off\?\)", _remark(_cut(path, 0.5)))


@pytest.mark.parametrize("codec", ["flac", "ogg", "wv", "ape", "m4a", "wav", "aiff", "wma", "dsf"])
def test_no_cut_point_breaks_the_reader(folder: Path, codec: str) -> None:
    """Every file has a reason, be it a remark or an error; none of them is a bug of ours."""
    path = make_audio(folder / f"every.{codec}", seconds=0.5)
    content = path.read_bytes()
    cut = folder / f"short.{codec}"
    points = [
        *range(0, min(len(content), 300), 7),
        *range(300, len(content), 1 + len(content) // 60),
    ]
    reasons: set[str] = set()
    for point in points:
        cut.write_bytes(content[:point])
        try:
            parse_file(os.fsencode(cut))
        except MediaError as error:
            reasons.add(str(error))
    assert not any("damaged beyond" in reason for reason in reasons)


WESNOTH = Path("/usr/share/games/wesnoth/1.16/data/core/music")


@pytest.mark.skipif(not WESNOTH.is_dir(), reason="needs the Debian package wesnoth-1.16-music")
@pytest.mark.parametrize(
    "convert",
    [
        None,
        ("mp3", "-q:a", "2"),
        ("flac",),
        ("m4a",),
        ("opus", "-b:a", "96k"),
        ("wv",),
        ("wma",),
    ],
)
def test_real_music_raises_no_alarm(tmp_path: Path, convert: tuple[str, ...] | None) -> None:
    for source in sorted(WESNOTH.glob("*.ogg"))[: None if convert is None else 2]:
        path = source
        if convert is not None:
            suffix, *options = convert
            path = tmp_path / f"{source.stem}.{suffix}"
            begin = ("-nostdin", "-v", "error", "-t", "20", "-i", str(source))
            subprocess.run([find_ffmpeg(), *begin, *options, path], check=True)
        assert _remark(path) == "", path.name
