"""Segments of films from the real ffmpeg: each for itself, and all together."""

import random
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from hydrophone.domain.units import Kbps, Seconds
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.media.video_segments import SegmentSpec, video_cutting
from hydrophone.testing.video_files import make_video

FFMPEG = find_ffmpeg()
LENGTH = 8.0
TICKS = 90_000
FRAME = 1024 * TICKS // 48_000


def segments(
    film: Path, rate: float, *, seconds: float = LENGTH, audio_track: int = 0
) -> list[Path]:
    """Make all segments of a film in any order, each by a run of its own."""
    cut = video_cutting(Seconds(seconds), rate)
    made = [film.with_name(f"{film.stem}-{number}.ts") for number in range(cut.count)]
    order = list(enumerate(made))
    random.Random(1).shuffle(order)
    for number, path in order:
        spec = SegmentSpec(
            cutting=cut,
            number=number,
            bit_rate=Kbps(1200),
            width=120,
            height=90,
            audio_track=audio_track,
        )
        argv = [str(FFMPEG), *spec.arguments(film)]
        # Its words are not looked at: decoders complain of what they find behind a seek.
        done = subprocess.run(argv, capture_output=True, check=True, timeout=120)
        path.write_bytes(done.stdout)
    return made


def run(*arguments: str) -> bytes:
    done = subprocess.run([FFMPEG, *arguments], capture_output=True, check=True, timeout=120)
    assert not done.stderr
    return done.stdout


def times(segment: Path) -> tuple[list[int], list[int]]:
    """Return the times of all pictures, and of all frames of sound, in ticks."""
    told = ("-copyts", "-i", str(segment), "-map", "0", "-c", "copy", "-f", "framecrc", "-")
    rows = [line.split(",") for line in run("-v", "warning", *told).decode().splitlines()]
    packets = [(int(row[0]), int(row[2])) for row in rows if len(row) > 4]
    kinds = {0: "video", 1: "audio"}
    pictures, sounds = ([time for stream, time in packets if stream == number] for number in kinds)
    return pictures, sounds


@pytest.mark.parametrize(
    ("suffix", "rate", "said"),
    [
        ("mp4", "25", 25.0),
        ("mkv", "30000/1001", 29.97),
        ("webm", "24000/1001", 23.98),
        ("avi", "12.5", 12.5),
        ("mpg", "25", 25.0),
        ("ts", "50", 50.0),
        ("mp4", "10", 25.0),
    ],
)
def test_times_go_on_over_the_seams(tmp_path: Path, suffix: str, rate: str, said: float) -> None:
    made = segments(make_video(tmp_path / f"film.{suffix}", seconds=LENGTH, rate=rate), said)
    cut = video_cutting(Seconds(LENGTH), said)
    assert len(made) == cut.count == 3
    pictures, sounds = [], []
    for segment, length in zip(made, cut.seconds(), strict=True):
        seen, heard = times(segment)
        assert len(seen) == pytest.approx(length * float(cut.rate))
        assert abs(heard[0] - seen[0]) < FRAME + 2
        pictures += seen
        sounds += heard
    step = TICKS / float(cut.rate)
    assert {round(two - one - step) for one, two in pairwise(pictures)} <= {-1, 0, 1}
    assert {two - one for one, two in pairwise(sounds)} <= {FRAME - 1, FRAME, FRAME + 1}
    assert pictures[0] == 10 * TICKS
    assert (pictures[-1] - pictures[0] + step) / TICKS == pytest.approx(LENGTH, abs=0.1)
    assert (sounds[-1] - sounds[0]) / TICKS == pytest.approx(LENGTH, abs=0.1)


def keys(segment: Path) -> list[bool]:
    argv = ("-v", "error", "-skip_frame", "nokey", "-copyts", "-i", str(segment))
    out = run(*argv, "-map", "0:v", "-f", "framecrc", "-").decode()
    return [True for line in out.splitlines() if not line.startswith("#")]


def test_each_segment_begins_with_its_one_key_picture(tmp_path: Path) -> None:
    for segment in segments(make_video(tmp_path / "film.mp4", seconds=LENGTH), 25.0):
        assert len(keys(segment)) == 1
        raw = run(
            *("-v", "error", "-i", str(segment), "-frames:v", "1", "-f", "rawvideo", "-"),
        )
        assert len(raw) == 120 * 90 * 3 // 2


@pytest.mark.parametrize("suffix", ["mkv", "mpg", "ts"])
def test_pictures_are_those_of_their_time(tmp_path: Path, suffix: str) -> None:
    """The counter of testsrc shows each second; a segment must show its own."""
    film = make_video(tmp_path / f"film.{suffix}", seconds=LENGTH)
    whole = frames(film, "-vf", "fps=25,scale=120:90")
    made = [picture for segment in segments(film, 25.0) for picture in frames(segment)]
    assert len(made) == 200
    worst = max(
        sum(abs(one - two) for one, two in zip(left[::7], right[::7], strict=True)) / len(left[::7])
        for left, right in zip(whole[:200], made, strict=True)
    )
    # Encoded again it is nearly, and a neighbour would be far from, the same.
    assert worst < 8


def frames(file: Path, *options: str) -> list[bytes]:
    raw = run(
        *("-v", "error", "-i", str(file), *options),
        *("-map", "0:v", "-pix_fmt", "gray", "-f", "rawvideo", "-"),
    )
    return [raw[at : at + 120 * 90] for at in range(0, len(raw), 120 * 90)]


def playlist(made: list[Path]) -> Path:
    path = made[0].with_name("film.m3u8")
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:4", "#EXT-X-PLAYLIST-TYPE:VOD"]
    for segment in made:
        lines += ["#EXTINF:3.0,", segment.name]
    path.write_text("\n".join([*lines, "#EXT-X-ENDLIST", ""]), "utf-8")
    return path


@pytest.mark.parametrize("audio_track", [0, 1])
def test_the_chosen_sound_has_no_seams(tmp_path: Path, audio_track: int) -> None:
    film = make_video(tmp_path / "film.mkv", seconds=LENGTH, sounds=("eng", "ger"))
    listed = playlist(segments(film, 25.0, audio_track=audio_track))
    out = run("-v", "warning", "-i", str(listed), "-ac", "1", "-f", "s16le", "-ar", "8000", "-")
    samples = memoryview(out).cast("h")
    assert len(samples) / 8000 == pytest.approx(LENGTH, abs=0.1)
    middle = samples[8000:-8000].tolist()
    crossings = sum(1 for one, two in pairwise(middle) if one < 0 <= two)
    assert crossings * 8000 / len(middle) == pytest.approx(440 * 2**audio_track, abs=1)
    tops = [max(map(abs, middle[at : at + 80])) for at in range(0, len(middle) - 80, 80)]
    assert max(tops) < 1.5 * min(tops)


def test_a_film_without_sound_is_silent(tmp_path: Path) -> None:
    film = make_video(tmp_path / "film.mkv", seconds=LENGTH, sounds=())
    assert [tuple(map(len, times(made))) for made in segments(film, 25.0)] == [
        (75, 0),
        (75, 0),
        (50, 0),
    ]


@pytest.mark.parametrize("cut", [("-af", "atrim=end=4"), ("-vf", "trim=end=4")])
def test_what_ends_before_the_rest_is_filled_up(tmp_path: Path, cut: tuple[str, ...]) -> None:
    film = make_video(tmp_path / "film.mkv", seconds=LENGTH, options=cut)
    first, second, third = segments(film, 25.0)
    for segment in (first, second):
        pictures, sounds = times(segment)
        assert len(pictures) == 75
        assert len(sounds) in (140, 141)
    # Long after its end there is none of it, and players go on with the other.
    assert third.stat().st_size > 5000


def test_equal_specs_give_equal_bytes(tmp_path: Path) -> None:
    film = make_video(tmp_path / "film.mp4", seconds=LENGTH)
    first = [path.read_bytes() for path in segments(film, 25.0)]
    assert [path.read_bytes() for path in segments(film, 25.0)] == first
