"""A copy of the database is either known to be good or an error."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hydrophone.domain.units import Timestamp
from hydrophone.errors import StorageError
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.database_copy import copy_database, examine
from hydrophone.storage.queries import counters
from hydrophone.storage.upgrade import known_revisions
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
    target = tmp_path / "copy.db"
    with connect(path, durable=False) as other:
        with transaction(other):
            counters.bump(other, "committed", Timestamp(1))
        with transaction(other):
            counters.bump(other, "under way", Timestamp(1))
            facts = copy_database(path, target)
    assert counted(target) == [("committed", 1)]
    assert facts.rows["counter"] == 1


def test_a_copy_is_one_file_and_says_what_is_in_it(filled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    facts = copy_database(filled, folder / "copy.db")
    assert [file.name for file in folder.iterdir()] == ["copy.db"]
    assert facts.schema == known_revisions()[-1]
    assert (facts.rows["track"], facts.rows["user"], facts.rows["play"]) == (200, 1, 0)
    assert not any(name.startswith("search_") for name in facts.rows)
    assert examine(folder / "copy.db") == facts


def test_a_damaged_database_is_told(filled: Path, tmp_path: Path) -> None:
    damage(filled)
    with pytest.raises(StorageError, match="damaged"):
        copy_database(filled, tmp_path / "copy.db")


def test_rows_without_their_parents_are_damage(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("DELETE FROM album")
        connection.commit()
    with pytest.raises(StorageError, match="damaged"):
        examine(filled)


def test_what_is_no_database_cannot_be_copied(tmp_path: Path) -> None:
    wrong = tmp_path / "notes.txt"
    wrong.write_text("Not a database. " * 1_000)
    with pytest.raises(StorageError, match="cannot be copied"):
        copy_database(wrong, tmp_path / "copy.db")
    with pytest.raises(StorageError, match="There is no database"):
        copy_database(tmp_path / "missing.db", tmp_path / "copy.db")
    assert not (tmp_path / "missing.db").exists(), "looking for it must not make it"
