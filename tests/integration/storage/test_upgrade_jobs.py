"""The schema with jobs, from the first one with data in it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hydrophone.storage.upgrade import upgrade

_ADD = (
    "INSERT INTO job (kind, key, title, user_id, payload, state, priority, due, created)"
    " VALUES ('k', 'a', 'A', 1, 'null', ?, 2, 1, 1)"
)


def test_what_was_there_stays_and_only_one_job_of_a_kind_and_key_is_active(
    old_path: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute(
            "INSERT INTO user (id, name, name_key, password_hash, roles, created)"
            " VALUES (1, 'Anna', 'anna', '', '{}', 1)"
        )
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    with closing(sqlite3.connect(old_path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        assert connection.execute("SELECT name FROM user").fetchall() == [("Anna",)]
        for state in ("done", "failed", "waiting"):
            connection.execute(_ADD, (state,))
        for state in ("waiting", "running"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(_ADD, (state,))
        connection.execute("DELETE FROM user")
        assert connection.execute("SELECT DISTINCT user_id FROM job").fetchall() == [(None,)]
        connection.execute("DELETE FROM job")
        connection.execute(_ADD.replace("1, 'null'", "NULL, 'null'"), ("done",))
        assert connection.execute("SELECT id FROM job").fetchall() > [(3,)]
