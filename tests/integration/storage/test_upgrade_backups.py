"""What is backed up before a migration, and that none is done without."""

from pathlib import Path

import pytest
from tests.integration.storage.upgrading import (
    REBUILD,
    BackUp,
    MakeMigrations,
    fill,
    rows,
    unpacked,
)

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.errors import StorageError
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import counters
from hydrophone.storage.upgrade import known_revisions, upgrade
from hydrophone.testing.database_content import content


def test_a_migration_is_preceded_by_a_verified_backup(
    path: Path, backups: Path, back_up: BackUp, anna: UserId, make_migrations: MakeMigrations
) -> None:
    fill(path, anna)
    before = content(path)
    upgrade(path, back_up=back_up, migrations=make_migrations(REBUILD))
    (backup,) = backups.iterdir()
    copy = unpacked(backup)
    assert content(copy) == before
    upgrade(copy, back_up=back_up)
    assert rows(copy, "PRAGMA integrity_check") == [("ok",)]


def test_the_backup_has_what_is_still_in_the_log(
    path: Path, backups: Path, back_up: BackUp, make_migrations: MakeMigrations
) -> None:
    """A copy of the file alone would lack it; and others go on while it is made."""
    with connect(path, durable=False) as other:
        with transaction(other):
            counters.bump(other, "committed", Timestamp(1))
        assert path.with_name(path.name + "-wal").stat().st_size > 0
        upgrade(path, back_up=back_up, migrations=make_migrations(REBUILD))
    (backup,) = backups.iterdir()
    assert rows(unpacked(backup), "SELECT * FROM counter") == [("committed", 1, 1)]


def test_an_older_backup_is_replaced(
    path: Path, backups: Path, back_up: BackUp, make_migrations: MakeMigrations
) -> None:
    backups.mkdir()
    (backups / "before-9999.zip").write_text("of another version, kept")
    migrations = make_migrations(REBUILD)
    name = f"before-{known_revisions(migrations)[-1]}.zip"
    (backups / name).write_text("of an attempt that failed")
    upgrade(path, back_up=back_up, migrations=migrations)
    assert sorted(file.name for file in backups.iterdir()) == [name, "before-9999.zip"]
    assert rows(unpacked(backups / name), "SELECT name FROM user") == [("Anna",)]


def test_without_a_backup_there_is_no_migration(
    path: Path, backups: Path, back_up: BackUp, make_migrations: MakeMigrations
) -> None:
    before = content(path)
    backups.write_text("A file where the folder should be.")
    with pytest.raises(StorageError, match=r"backup .* cannot be written"):
        upgrade(path, back_up=back_up, migrations=make_migrations(REBUILD))
    assert content(path) == before
