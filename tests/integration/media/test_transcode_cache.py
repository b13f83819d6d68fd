"""What is kept, for how long, and what makes room."""

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from hydrophone.domain.units import ByteCount
from hydrophone.media.transcode_cache import TranscodeCache

Usage = namedtuple("Usage", "total used free")
GIB = 1024**3


def cache(folder: Path, *, limit: int = 1000) -> TranscodeCache:
    return TranscodeCache(folder / "cache", limit=ByteCount(limit))


def keep(made: TranscodeCache, name: str, size: int) -> Path | None:
    part = made.begin()
    assert part is not None
    os.write(part.descriptor, bytes(size))
    path = made.keep(part, name)
    os.close(part.descriptor)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "cache").iterdir())


def used_at(path: Path | None, second: int) -> None:
    assert path is not None
    os.utime(path, ns=(second * 10**9, path.stat().st_mtime_ns))


def test_a_part_has_no_name_until_it_is_kept(tmp_path: Path) -> None:
    made = cache(tmp_path)
    assert made.find("a.mp3") is None
    part = made.begin()
    assert part is not None
    os.write(part.descriptor, b"abc")
    assert made.find("a.mp3") is None
    path = made.keep(part, "a.mp3")
    os.close(part.descriptor)
    assert path == made.find("a.mp3") == tmp_path / "cache" / "a.mp3"
    assert path.read_bytes() == b"abc"
    assert names(tmp_path) == ["a.mp3"]


def test_what_was_wanted_longest_ago_goes_first(tmp_path: Path) -> None:
    made = cache(tmp_path)
    for second, name in enumerate(("a.mp3", "b.mp3", "c.mp3")):
        used_at(keep(made, name, 300), second)
    changed = (tmp_path / "cache" / "a.mp3").stat().st_mtime_ns
    found = made.find("a.mp3")
    assert found is not None
    # Players are told this date, and would not go on with a file that seems to be another.
    assert found.stat().st_mtime_ns == changed
    keep(made, "d.mp3", 300)
    assert names(tmp_path) == ["a.mp3", "c.mp3", "d.mp3"]


def test_what_is_larger_than_everything_pushes_nothing_out(tmp_path: Path) -> None:
    made = cache(tmp_path)
    keep(made, "a.mp3", 300)
    assert keep(made, "b.mp3", 1001) is None
    assert names(tmp_path) == ["a.mp3"]


def test_a_smaller_limit_holds_from_the_next_start_on(tmp_path: Path) -> None:
    for second, name in enumerate(("a.mp3", "b.mp3")):
        used_at(keep(cache(tmp_path), name, 300), second)
    cache(tmp_path, limit=500).clean()
    assert names(tmp_path) == ["b.mp3"]


@pytest.mark.parametrize(
    ("total", "free", "kept"),
    [
        (100 * GIB, GIB, ["a.mp3", "b.mp3"]),
        (100 * GIB, GIB - 1, ["b.mp3"]),
        (100 * GIB, GIB - 301, []),
        (GIB, GIB // 20, ["a.mp3", "b.mp3"]),
        (GIB, GIB // 20 - 1, ["b.mp3"]),
    ],
)
def test_a_disk_is_never_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, total: int, free: int, kept: list[str]
) -> None:
    made = cache(tmp_path)
    for second, name in enumerate(("a.mp3", "b.mp3")):
        used_at(keep(made, name, 300), second)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(total, total - free, free))
    assert made.make_room()
    assert names(tmp_path) == kept


def test_a_nearly_full_disk_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(GIB, GIB, 0))
    assert cache(tmp_path).begin() is None
    assert "nearly full" in caplog.text
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    made = cache(tmp_path)
    made.clean()
    assert made.begin() is None
    assert made.find("a.mp3") is None


def test_a_folder_that_vanishes(tmp_path: Path) -> None:
    made = cache(tmp_path)
    part = made.begin()
    assert part is not None
    shutil.rmtree(tmp_path / "cache")
    assert made.keep(part, "a.mp3") is None
    os.close(part.descriptor)
    assert keep(made, "a.mp3", 1) is not None


def test_parts_are_tidied_up_unless_they_are_being_written(tmp_path: Path) -> None:
    made = cache(tmp_path)
    left, running = made.begin(), made.begin()
    assert left is not None
    assert running is not None
    os.close(left.descriptor)
    keep(made, "a.mp3", 1)
    cache(tmp_path).clean()
    assert names(tmp_path) == sorted(["a.mp3", running.path.name])
    os.close(running.descriptor)
