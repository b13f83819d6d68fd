"""Plays of the schema 0001 stay, and are known to have been scrobbled."""

from pathlib import Path

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import players, plays
from hydrophone.storage.upgrade import upgrade


def test_plays_stay(old_path: Path, tmp_path: Path) -> None:
    with connect(old_path, durable=False) as connection, transaction(connection):
        connection.exec_driver_sql(
            "INSERT INTO user (id, name, name_key, roles, password_hash, created) "
            "VALUES (1, 'anna', 'anna', '{}', '', 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO play (user_id, track_id, played, client) VALUES (1, 'tr-1', 7, 'DSub')"
        )
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    with connect(old_path, durable=False) as connection:
        row = connection.exec_driver_sql(
            "SELECT track_id, played, client, scrobbled, listen_started FROM play"
        ).one()
        assert tuple(row) == ("tr-1", 7, "DSub", 1, None)
        assert players.playing(connection, Timestamp(0)) == []
        assert plays.record(connection, UserId(1), [("tr-1", Timestamp(7))], "DSub") == []
