"""The schema with places of scrobblers and with analyses, from the first one with data in it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hydrophone.domain.ids import UserId
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import scrobbles
from hydrophone.storage.upgrade import upgrade


def test_what_was_played_before_is_not_handed_on(old_path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute(
            "INSERT INTO user (id, name, name_key, password_hash, roles, created)"
            " VALUES (1, 'Anna', 'anna', '', '{}', 1)"
        )
        for played in (5, 7):
            connection.execute(
                "INSERT INTO play (user_id, track_id, played, client)"
                " VALUES (1, 'tr-1', ?, 'DSub')",
                (played,),
            )
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    anna = UserId(1)
    with connect(old_path, durable=False) as new, transaction(new):
        assert scrobbles.place(new, "diary", anna) is None
        assert [one.played for one in scrobbles.pending(new, anna, 0, 50)] == [5, 7]
        scrobbles.begin(new, "diary", anna)
        place = scrobbles.place(new, "diary", anna)
        assert place is not None
        assert scrobbles.pending(new, anna, place, 50) == ()
        new.exec_driver_sql("SELECT features, tags, embedding FROM analysis")
        new.exec_driver_sql("DELETE FROM user")
        assert scrobbles.place(new, "diary", anna) is None
