"""The schema with podcasts and radio, from the first one with data in it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from hydrophone.storage.upgrade import MIGRATIONS, upgrade


def upgraded(folder: Path, last: str) -> Path:
    """Return a database with the schema of a revision."""
    migrations = folder / "migrations"
    shutil.copytree(MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (migrations / "versions").glob("0*.py"):
        if file.name[:4] > last:
            file.unlink()
    path = folder / "hydrophone.db"
    upgrade(path, back_up=lambda revision: folder / revision, migrations=migrations)
    return path


def test_episodes_that_failed_before_wait_for_somebody_to_ask(tmp_path: Path) -> None:
    path = upgraded(tmp_path, "0014")
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
