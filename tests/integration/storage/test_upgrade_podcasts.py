"""The schema with podcasts and radio, from the first one with data in it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from hydrophone.storage.upgrade import upgrade


def test_episodes_that_failed_before_wait_for_somebody_to_ask(
    tmp_path: Path, schema_of: Callable[[str], Path]
) -> None:
    path = schema_of("0014")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO podcast_channel (id, url, title, status, created)"
            " VALUES ('pc', 'http://x', 'X', 'completed', 1)"
        )
        connection.execute(
            "INSERT INTO podcast_episode (id, channel_id, title, description, url, duration, size,"
            " suffix, content_type, status, error, created)"
            " VALUES ('pe', 'pc', 'T', '', 'http://y', 0, 0, 'mp3', 'audio/mpeg', 'error', 'No.',"
            " 1)"
        )
    upgrade(path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT error, failures, due, codec FROM podcast_episode")
        assert found.fetchall() == [("No.", 0, None, "")]


def test_what_was_there_stays_and_episodes_go_with_their_channel(
    old_path: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("INSERT INTO library (id, name, path) VALUES (1, 'Music', '/music')")
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        assert connection.execute("SELECT name FROM library").fetchall() == [("Music",)]
        connection.execute(
            "INSERT INTO podcast_channel (id, url, title, status, created)"
            " VALUES ('pc', 'http://x', 'X', 'new', 1)"
        )
        connection.execute(
            "INSERT INTO podcast_episode (id, channel_id, title, description, url, duration, size,"
            " suffix, content_type, status, created)"
            " VALUES ('pe', 'pc', 'T', '', 'http://y', 0, 0, 'mp3', 'audio/mpeg', 'new', 1)"
        )
        connection.execute("DELETE FROM podcast_channel")
        assert connection.execute("SELECT * FROM podcast_episode").fetchall() == []
        assert connection.execute("SELECT * FROM radio_station").fetchall() == []


def test_channels_have_a_mark_that_no_change_of_theirs_has_had(
    tmp_path: Path, schema_of: Callable[[str], Path]
) -> None:
    path = schema_of("0030")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO podcast_channel (id, url, title, status, created)"
            " VALUES ('pc', 'http://x', 'X', 'completed', 1)"
        )
    upgrade(path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT id, mark FROM podcast_channel").fetchall() == [("pc", 0)]
