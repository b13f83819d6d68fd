"""The schema with the remote catalogue, from the first one with data in it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hydrophone.storage.upgrade import upgrade

_SOURCE = "INSERT INTO library (name, path, source) VALUES (?, '', 'archive')"


def test_libraries_stay_folders_and_a_source_is_one_library(old_path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("INSERT INTO library (id, name, path) VALUES (1, 'Music', '/music')")
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        found = connection.execute("SELECT name, source FROM library").fetchall()
        assert found == [("Music", None)]
        connection.execute(_SOURCE, ("Archive",))
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(_SOURCE, ("Archive again",))
        connection.execute(
            "INSERT INTO remote_folder (id, library_id, parent_id, native_id, title, artwork_url,"
            " seen) VALUES ('fo', 2, '', 'x', 'X', '', 1)"
        )
        connection.execute("DELETE FROM library WHERE id = 2")
        assert connection.execute("SELECT * FROM remote_folder").fetchall() == []
