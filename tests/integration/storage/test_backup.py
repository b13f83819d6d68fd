"""A backup is either known to be good or not there."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hydrophone.domain.units import Timestamp
from hydrophone.errors import StorageError
from hydrophone.storage.backup import back_up
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import counters
from hydrophone.testing.factories import fill_library, make_track


def counted(path: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, value FROM counter").fetchall()


def damage(path: Path) -> None:
    """Overwrite pages in the middle, as a failing SD card does."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 16_384)


@pytest.fixture
def filled(path: Path) -> Path:
    with connect(path, durable=False) as connection, transaction(connection):
        fill_library(connection, [make_track(f"Song {n}", comment="x" * 500) for n in range(200)])
    return path


def test_a_copy_is_made_while_others_write(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "copy.db"
    with connect(path, durable=False) as other:
        with transaction(other):
            counters.bump(other, "committed", Timestamp(1))
        with transaction(other):
            counters.bump(other, "under way", Timestamp(1))
            assert back_up(path, target) == target
    assert counted(target) == [("committed", 1)]
    assert [file.name for file in target.parent.iterdir()] == ["copy.db"]


def test_a_damaged_database_leaves_the_earlier_copy(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "copy.db"
    back_up(filled, target)
    good = target.read_bytes()
    damage(filled)
    with pytest.raises(StorageError, match="damaged"):
        back_up(filled, target)
    assert target.read_bytes() == good
    assert [file.name for file in target.parent.iterdir()] == ["copy.db"]


def test_what_cannot_be_read_cannot_be_backed_up(tmp_path: Path) -> None:
    wrong = tmp_path / "notes.txt"
    wrong.write_text("Not a database. " * 1_000)
    with pytest.raises(StorageError, match="cannot be backed up"):
        back_up(wrong, tmp_path / "backups" / "copy.db")
    assert list((tmp_path / "backups").iterdir()) == []
