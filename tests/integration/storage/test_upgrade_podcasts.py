"""The schema with podcasts and radio, from the first one with data in it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from hydrophone.storage.upgrade import MIGRATIONS, upgrade


def test_what_was_there_stays_and_episodes_go_with_their_channel(tmp_path: Path) -> None:
    migrations = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (migrations / "versions").glob("0*.py"):
        if not file.name.startswith("0001"):
            file.unlink()
    path = tmp_path / "hydrophone.db"
    upgrade(path, back_up=lambda revision: tmp_path / revision, migrations=migrations)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO library (id, name, path) VALUES (1, 'Music', '/music')")
    upgrade(path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(path)) as connection, connection:
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
