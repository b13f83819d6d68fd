"""The third schema: what the first one had in it is there, and devices have their days."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hydrophone.storage.upgrade import upgrade


@pytest.fixture
def path(old_path: Path) -> Path:
    """Make a database of the first schema with a user and his secrets."""
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute(
            "INSERT INTO user (id, name, name_key, roles, password_hash, created)"
            " VALUES (1, 'Anna', 'anna', '{}', 'hash', 1)"
        )
        connection.execute("INSERT INTO app_password VALUES (1, 1, 'login', x'00', 2)")
        for number in (1, 2):
            connection.execute(f"INSERT INTO api_key VALUES ({number}, 1, 'x', x'0{number}', 3)")
    return old_path


def test_secrets_are_kept_and_their_labels_told_apart(path: Path, tmp_path: Path) -> None:
    upgrade(path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("SELECT * FROM app_password").fetchall() == [
            (1, 1, "login", b"\0", 2, None)
        ]
        keys = connection.execute("SELECT * FROM api_key").fetchall()
        assert keys == [(1, 1, "x", b"\1", 3, None), (2, 1, "x 2", b"\2", 3, None)]
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO api_key VALUES (3, 1, 'x', x'03', 3, NULL)")
