"""The ninth schema: there is room for remarks, and nothing that was there has changed."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hydrophone.storage.upgrade import upgrade


def test_libraries_get_room_for_remarks(old_path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("INSERT INTO library (id, name, path) VALUES (1, 'Music', '/music')")
        connection.execute(
            "INSERT INTO origin (source, native_id, library_id, size, mtime_ns, ctime_ns, problem)"
            " VALUES ('local', '1/bad.mp3', 1, 2, 3, 4, 'damaged')"
        )
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=ON")
        origins = connection.execute("SELECT native_id, problem FROM origin").fetchall()
        assert origins == [("1/bad.mp3", "damaged")]
        connection.execute("INSERT INTO remark VALUES (1, 'a.mp3', 'no-tags', 'has none')")
        connection.execute("DELETE FROM library")
        assert connection.execute("SELECT * FROM remark").fetchall() == []
