"""The tenth schema: accounts of the first one see what they saw, and have no picture."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import avatars, users
from hydrophone.storage.queries.avatars import Avatar
from hydrophone.storage.upgrade import upgrade


def test_accounts_stay_as_they_are(old_path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(old_path)) as before, before:
        before.execute(
            "INSERT INTO user (id, name, name_key, roles, password_hash, created)"
            " VALUES (1, 'Anna', 'anna', '{}', 'hash', 1)"
        )
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    with connect(old_path, durable=False) as connection, transaction(connection):
        anna = users.by_name(connection, "anna")
        assert anna is not None
        assert (anna.libraries, anna.avatar_changed) == (None, None)
        assert avatars.load(connection, anna.id) is None
        avatars.save(connection, anna.id, Avatar(data=b"x", content_type="image/png"), anna.created)
        users.remove(connection, anna.id)
        assert avatars.load(connection, anna.id) is None
