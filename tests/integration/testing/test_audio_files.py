"""The generated files that other tests stand on."""

import subprocess
import sys
from pathlib import Path

import pytest

from hydrophone.scanner.parse import parse_file
from hydrophone.scanner.parsed import Credit
from hydrophone.testing.audio_files import BUILT, ENCODERS, make_audio, make_picture
from hydrophone.testing.audio_tags import write_tags

SUFFIXES = tuple(kind for kind in (*ENCODERS, *BUILT) if kind not in {"alac", "mpc8"})


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_frequency_and_length_make_the_audio(tmp_path: Path, suffix: str) -> None:
    def fingerprint(name: str, *, seconds: float = 0.5, frequency: int = 440) -> str:
        path = make_audio(tmp_path / f"{name}.{suffix}", seconds=seconds, frequency=frequency)
        return parse_file(bytes(path)).fingerprint

    first = fingerprint("new folder/a")
    assert fingerprint("b") == first
    assert len({first, fingerprint("c", frequency=445), fingerprint("d", seconds=0.6)}) == 3


def test_encoding_is_done_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_audio(tmp_path / "a.flac", frequency=987)
    monkeypatch.setenv("PATH", "")
    path = make_audio(tmp_path / "b.flac", frequency=987, tags={"title": "Second"})
    assert parse_file(bytes(path)).title == "Second"


def test_encoding_is_done_once_for_all_processes(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from hydrophone.testing.audio_files import keep_audio_in, make_audio;"
        "keep_audio_in(Path(sys.argv[1])); make_audio(Path(sys.argv[2]), frequency=988)"
    )
    common = tmp_path / "common"
    encoded = set()
    for name in ("a.flac", "b.flac"):
        subprocess.run([sys.executable, "-c", code, common, tmp_path / name], check=True)
        encoded |= {(one.name, one.stat().st_ino) for one in common.iterdir()}
    assert len(encoded) == 1
    assert (tmp_path / "a.flac").read_bytes() == (tmp_path / "b.flac").read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_writing_tags_replaces_all(tmp_path: Path, suffix: str) -> None:
    tags = {"title": "One", "artist": ["A", "B"], "tracknumber": "3/9"}
    path = make_audio(tmp_path / f"a.{suffix}", tags=tags, picture=make_picture())
    assert parse_file(bytes(path)).picture
    write_tags(path, {"artist": "C"})
    parsed = parse_file(bytes(path))
    assert (parsed.title, parsed.artists, parsed.track_number) == ("", (Credit(name="C"),), 0)
    assert parsed.picture == ""


def test_unknown_tags_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        make_audio(tmp_path / "a.mp3", tags={"titel": "One"})


def test_importing_the_kit_stays_cheap() -> None:
    code = "import hydrophone.testing.audio_files, sys; print({'mutagen', 'PIL'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "set()\n"
