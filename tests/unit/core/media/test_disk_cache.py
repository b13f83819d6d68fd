import logging
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hydrophone.errors import InvalidInputError
from hydrophone.media.disk_cache import DiskCache


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there" / "yet"


@pytest.fixture
def small_files_only() -> Iterator[None]:
    """Let each write beyond 100 kB fail, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_was_put_is_found(folder: Path) -> None:
    cache = DiskCache(folder)
    assert cache.get("im-abc-300") is None

    path = cache.put("im-abc-300", b"picture")

    assert path is not None
    assert path.read_bytes() == b"picture"
    assert cache.get("im-abc-300") == path
    assert cache.get("im-abc-301") is None
    assert DiskCache(folder).get("im-abc-300") == path


def test_files_are_spread_over_folders(folder: Path) -> None:
    cache = DiskCache(folder)
    for number in range(200):
        cache.put(f"im-{number}", b"x")

    assert 50 < len(list(folder.iterdir())) <= 200
    assert len(list(folder.glob("*/*"))) == 200


def test_a_new_content_replaces_the_old_one(folder: Path) -> None:
    cache = DiskCache(folder)
    old = cache.put("a", b"old")
    assert old is not None
    with old.open("rb") as reader:
        cache.put("a", b"new")
        assert reader.read() == b"old"

    assert old.read_bytes() == b"new"


def test_a_folder_that_vanishes_is_made_again(folder: Path) -> None:
    cache = DiskCache(folder)
    cache.put("a", b"x")
    shutil.rmtree(folder.parent)

    assert cache.get("a") is None
    assert cache.put("a", b"x") is not None
    assert cache.get("a") is not None


@pytest.mark.usefixtures("small_files_only")
def test_a_full_disk_is_logged_once_and_leaves_nothing(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = DiskCache(folder)
    with caplog.at_level(logging.WARNING, "hydrophone.media.disk_cache"):
        assert cache.put("a", bytes(200_000)) is None
        assert cache.put("a", bytes(200_000)) is None

        assert len(caplog.records) == 1
        assert cache.get("a") is None
        assert [path for path in folder.rglob("*") if path.is_file()] == []
        assert cache.put("a", b"small") is not None
        assert cache.put("b", bytes(200_000)) is None
        assert len(caplog.records) == 2


def test_a_file_in_place_of_the_folder_is_no_error(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_bytes(b"")
    cache = DiskCache(folder)

    assert cache.put("a", b"x") is None
    assert cache.get("a") is None


def test_a_file_emptied_by_a_power_cut_is_none(folder: Path) -> None:
    cache = DiskCache(folder)
    path = cache.put("a", b"x")
    assert path is not None
    path.write_bytes(b"")

    assert cache.get("a") is None


@pytest.mark.parametrize(
    "key",
    ["", ".", "..", "../a", "a/b", "/etc/passwd", "A", "a.b", "-a", "a\0", "a\n", "é", "a" * 101],
)
def test_hostile_keys_are_refused(folder: Path, key: str) -> None:
    cache = DiskCache(folder)

    with pytest.raises(InvalidInputError):
        cache.get(key)
    with pytest.raises(InvalidInputError):
        cache.put(key, b"x")
    assert not folder.exists()
