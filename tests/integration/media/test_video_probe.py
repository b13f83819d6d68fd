"""What ffmpeg says of real films, and of files that are none."""

import subprocess
import time
from pathlib import Path

import pytest

from hydrophone.domain.units import Seconds
from hydrophone.domain.video import VideoFacts
from hydrophone.errors import MediaError
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.media.video_probe import probe
from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.video_files import CODECS, make_video

LIMIT = Seconds(20.0)


def facts(file: Path) -> VideoFacts:
    found = probe(find_ffmpeg(), file, time_limit=LIMIT)
    assert found is not None
    return found


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "webm"])
def test_a_film_with_two_sounds_and_subtitles(tmp_path: Path, suffix: str) -> None:
    file = make_video(tmp_path / f"a.{suffix}", sounds=("eng", "ger"), captions=("fre", "spa"))
    found = facts(file)
    assert found.has_video
    assert found.duration == pytest.approx(6.0, abs=0.1)
    assert (found.width, found.height, found.frame_rate) == (160, 120, 25.0)
    assert found.video_codec == ("vp8" if suffix == "webm" else "h264")
    assert [(one.index, one.language) for one in found.audio_tracks] == [(0, "eng"), (1, "ger")]
    assert {one.codec for one in found.audio_tracks} == {"opus" if suffix == "webm" else "aac"}
    assert [one.index for one in found.subtitles] == [0, 1]
    if suffix != "webm":  # ffmpeg writes no languages of WebVTT there
        assert [one.language for one in found.subtitles] == ["fre", "spa"]
    assert 0 < found.bit_rate < 2000


@pytest.mark.parametrize("suffix", sorted(CODECS.keys() - {"mp4", "mkv", "webm"}))
def test_a_film_of_any_container(tmp_path: Path, suffix: str) -> None:
    found = facts(make_video(tmp_path / f"a.{suffix}", seconds=2.0))
    assert found.has_video
    assert found.duration == pytest.approx(2.0, abs=0.3)
    assert (found.width, found.height, found.frame_rate) == (160, 120, 25.0)
    assert len(found.audio_tracks) == 1


def test_a_size_is_that_on_the_screen(tmp_path: Path) -> None:
    wide = make_video(tmp_path / "wide.mkv", seconds=1.0, options=("-vf", "setsar=4/3"))
    assert (facts(wide).width, facts(wide).height) == (213, 120)
    turned = tmp_path / "turned.mp4"
    plain = make_video(tmp_path / "plain.mp4", seconds=1.0)
    argv = ("-i", plain, "-c", "copy", "-metadata:s:v:0", "rotate=90", turned)
    subprocess.run([find_ffmpeg(), "-v", "error", *argv], check=True, timeout=120)
    # Newer versions of ffmpeg take no turn that way.
    assert {facts(turned).width, facts(turned).height} == {160, 120}


def test_a_song_with_a_cover_is_no_film(tmp_path: Path) -> None:
    song = make_audio(tmp_path / "song.m4a", picture=make_picture())
    found = facts(song)
    assert not found.has_video
    assert (found.width, found.height, found.video_codec) == (0, 0, "")
    assert len(found.audio_tracks) == 1


def test_what_is_no_film(tmp_path: Path) -> None:
    film = make_video(tmp_path / "film.mp4", seconds=1.0)
    hostile = {
        "empty.mkv": b"",
        "noise.mkv": bytes(range(256)) * 400,
        "script.mkv": f"ffconcat version 1.0\nfile {film}\n".encode(),
        "list.mp4": f"#EXTM3U\n#EXTINF:1,\n{film}\n#EXT-X-ENDLIST\n".encode(),
        "cut.mp4": film.read_bytes()[:200],
    }
    for name, content in hostile.items():
        (tmp_path / name).write_bytes(content)
        assert probe(find_ffmpeg(), tmp_path / name, time_limit=LIMIT) is None, name
    assert probe(find_ffmpeg(), tmp_path / "gone.mp4", time_limit=LIMIT) is None
    assert probe(find_ffmpeg(), tmp_path, time_limit=LIMIT) is None


def test_names_that_look_like_something_else(tmp_path: Path) -> None:
    for name in ("-i.mkv", "http:x.mkv", "a\nb.mkv", "\udcff.mkv"):
        assert facts(make_video(tmp_path / "a.mkv", seconds=1.0).rename(tmp_path / name)).has_video


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def test_a_program_that_says_too_much_or_nothing(tmp_path: Path) -> None:
    endless = program(tmp_path / "endless", "exec yes '  Stream #0:0: Video: h264, 10x10' >&2")
    found = probe(endless, tmp_path, time_limit=LIMIT)
    assert found is not None
    assert (found.width, found.height) == (10, 10)
    silent = program(tmp_path / "silent", "sleep 60")
    began = time.monotonic()
    assert probe(silent, tmp_path, time_limit=Seconds(0.3)) is None
    assert time.monotonic() - began < 30
    with pytest.raises(MediaError):
        probe(tmp_path / "none", tmp_path, time_limit=LIMIT)
