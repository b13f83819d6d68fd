"""The schema with marks in the order of their key: nothing that anybody has left is lost."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from hydrophone.storage.upgrade import upgrade

NAMES = (
    "user_id, item_id, starred, rating, rated, play_count, last_played,"
    " bookmark_ms, bookmark_comment, bookmark_created, bookmark_changed"
)
MARKS = [
    (1, "al-x", None, 0, None, 7, 30, None, "", None, None),
    (1, "tr-x", 10, 4, 20, 5, 30, 40, "here", 50, 60),
    (2, "tr-x", 11, 0, None, 0, None, None, "", None, None),
]


def test_marks_stay_as_they_are(schema_of: Callable[[str], Path], tmp_path: Path) -> None:
    path = schema_of("0042")
    with closing(sqlite3.connect(path)) as connection, connection:
        for user in ((1, "Anna"), (2, "Ben")):
            connection.execute(
                "INSERT INTO user (id, name, name_key, roles, password_hash, created)"
                " VALUES (?, ?, ?, '{}', 'x', 5)",
                (*user, user[1]),
            )
        connection.executemany(
            f"INSERT INTO annotation ({NAMES}) VALUES ({', '.join('?' * 11)})", reversed(MARKS)
        )
    upgrade(path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        assert connection.execute(f"SELECT {NAMES} FROM annotation").fetchall() == MARKS
        connection.execute("DELETE FROM user WHERE id = 1")
        assert connection.execute("SELECT user_id FROM annotation").fetchall() == [(2,)]
