"""What is no database of this program's, or of a newer one, is left as it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.integration.storage.upgrading import REBUILD, BackUp, MakeMigrations

from hydrophone.errors import StorageError
from hydrophone.storage import upgrade as upgrade_module
from hydrophone.storage.upgrade import upgrade

TOO_BIG = """\
    op.execute("PRAGMA max_page_count = 1")
    op.execute("CREATE TABLE big AS SELECT randomblob(1000000)")
"""


def test_a_database_of_a_newer_program_is_refused(
    path: Path, back_up: BackUp, make_migrations: MakeMigrations
) -> None:
    upgrade(path, back_up=back_up, migrations=make_migrations(REBUILD))
    before = path.read_bytes()
    with pytest.raises(StorageError, match="made by a newer Hydrophone") as told:
        upgrade(path, back_up=back_up)
    assert len(str(told.value).splitlines()) == 1
    assert path.read_bytes() == before


def test_a_database_on_a_full_disk_stays_as_it_was(
    path: Path, back_up: BackUp, make_migrations: MakeMigrations
) -> None:
    before = path.read_bytes()
    with pytest.raises(StorageError, match=f"{path.name} cannot be used: its disk is full"):
        upgrade(path, back_up=back_up, migrations=make_migrations(TOO_BIG))
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused(tmp_path: Path, back_up: BackUp) -> None:
    text = tmp_path / "hydrophone.db"
    text.write_text("Dear diary, " * 100)
    with pytest.raises(StorageError, match="not a database"):
        upgrade(text, back_up=back_up)
    assert text.read_text() == "Dear diary, " * 100


def test_a_folder_is_refused(tmp_path: Path, back_up: BackUp) -> None:
    with pytest.raises(StorageError, match=str(tmp_path)):
        upgrade(tmp_path, back_up=back_up)


def test_the_database_of_another_program_is_refused(tmp_path: Path, back_up: BackUp) -> None:
    path = tmp_path / "navidrome.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE media_file (id)")
    before = path.read_bytes()
    with pytest.raises(StorageError, match="not one of Hydrophone's"):
        upgrade(path, back_up=back_up)
    assert path.read_bytes() == before


def test_sqlite_may_be_too_old(
    tmp_path: Path, backups: Path, back_up: BackUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrade_module, "MINIMUM_SQLITE", (99, 0, 0))
    with pytest.raises(StorageError, match="too old"):
        upgrade(tmp_path / "hydrophone.db", back_up=back_up)
