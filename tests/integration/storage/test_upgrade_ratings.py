"""The thirty-second schema: when something was rated is written down from now on."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hydrophone.storage.upgrade import upgrade


def test_ratings_stay_without_a_date(old_path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute(
            "INSERT INTO user (id, name, name_key, roles, password_hash, created)"
            " VALUES (1, 'Anna', 'anna', '{}', 'x', 5)"
        )
        connection.execute("INSERT INTO annotation (user_id, item_id, rating) VALUES (1, 'x', 4)")
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(old_path)) as connection:
        found = connection.execute("SELECT rating, rated FROM annotation").fetchall()
    assert found == [(4, None)]
