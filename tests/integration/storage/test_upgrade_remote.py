"""The schema with the remote catalogue, from the first one with data in it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from hydrophone.storage.upgrade import upgrade

REMOTE = {
    "remote_artist": "('ar', 7, 'n', '', '{}', 5)",
    "remote_album": "(1, 'al', 7, 'n', 'g', 0, '', '', 1, '{}', 5)",
    "remote_track": "(1, 'tr', 'al', 7, 'n', 1, '', '', '{}', 5)",
    "remote_album_artist": "('al', 'ar')",
    "recording_link": "('tr', 'tr-2', 'manual', 5)",
    "answer_cache": "('archive', 'search', 'k', '[]', 5, 3)",
    "past_search": "(1, 7, 'words', 5, '[]')",
}
"""A row of each table as 0022 had it."""
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


def rows_of(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in REMOTE}


def test_what_sources_have_shown_stays(schema_of: Callable[[str], Path], tmp_path: Path) -> None:
    path = schema_of("0022")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO library (id, name, path, source) VALUES (7, 'Archive', '', 'archive')"
        )
        connection.execute(
            "INSERT INTO user (id, name, name_key, password_hash, roles, created)"
            " VALUES (1, 'Anna', 'anna', '', '{}', 1)"
        )
        for table, values in REMOTE.items():
            connection.execute(f"INSERT INTO {table} VALUES {values}")
        before = rows_of(connection)
    upgrade(path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        after = rows_of(connection)
        for table, (row,) in before.items():
            # Columns that were added since come last.
            assert after[table][0][: len(row)] == row
        connection.execute("INSERT INTO remote_track_key VALUES ('isrc:1', 'tr')")
        connection.execute("DELETE FROM library WHERE id = 7")
        for table in ("remote_artist", "remote_album", "remote_track", "remote_track_key"):
            assert connection.execute(f"SELECT * FROM {table}").fetchall() == []
