"""The schema with playlist files: playlists that people have made stay as they are."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hydrophone.storage.upgrade import upgrade


def test_playlists_are_kept_and_have_no_rules(old_path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute(
            "INSERT INTO user (id, name, name_key, roles, password_hash, created)"
            " VALUES (1, 'Anna', 'anna', '{}', 'x', 1)"
        )
        connection.execute(
            "INSERT INTO playlist (id, owner_id, name, is_public, created, changed)"
            " VALUES ('pl', 1, 'Mine', 0, 1, 2)"
        )
        connection.execute("INSERT INTO playlist_track VALUES ('pl', 0, 'tr')")
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        assert connection.execute("SELECT name, rules FROM playlist").fetchall() == [("Mine", "")]
        assert connection.execute("SELECT track_id FROM playlist_track").fetchall() == [("tr",)]
        connection.execute("INSERT INTO library (id, name, path) VALUES (1, 'Music', '/music')")
        connection.execute(
            "INSERT INTO playlist_file VALUES (1, 'a.m3u', 'pl', 1, 1, 1, 'd', 0, '{}', '')"
        )
        connection.execute("DELETE FROM playlist")
        assert connection.execute("SELECT * FROM playlist_file").fetchall() == []
