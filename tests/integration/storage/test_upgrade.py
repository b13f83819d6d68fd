"""Migrations: nothing is lost by one that works, nothing is changed by one that fails."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests.integration.storage.upgrading import (
    REBUILD,
    SLOW,
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
from hydrophone.storage.queries import annotations
from hydrophone.storage.tables import metadata
from hydrophone.storage.upgrade import known_revisions, upgrade
from hydrophone.testing.database_content import content

_HALF = """\
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("DELETE FROM annotation")
    with op.batch_alter_table("user", recreate="always") as batch:
        batch.add_column(sa.Column("note", sa.Text()))
"""


def test_a_new_database_has_the_schema_of_the_tables(
    tmp_path: Path, backups: Path, back_up: BackUp
) -> None:
    path = tmp_path / "new folder" / "hydrophone.db"
    upgrade(path, back_up=back_up)
    with connect(path, durable=False) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, *_: not (name or "").startswith("search_"),
                # Alembic does not see by which collation; the next test does.
                "include_object": lambda _, name, *__: name != "ix_track_sort_title",
            },
        )
        assert compare_metadata(context, metadata) == []
    tables = {row[0] for row in rows(path, "SELECT name FROM sqlite_master")}
    assert {"search_artist", "search_album", "search_track"} <= tables
    assert not backups.exists(), "there was nothing to back up"


def test_defaults_and_references_are_those_of_the_tables(path: Path, tmp_path: Path) -> None:
    """What Alembic's comparison does not look at: the two ways to a schema give one."""
    direct = tmp_path / "direct.db"
    with connect(direct, durable=False) as connection:
        metadata.create_all(connection)
    for table in metadata.tables:
        for pragma in ("table_info", "foreign_key_list", "index_list"):
            statement = f'PRAGMA {pragma}("{table}")'
            assert sorted(map(repr, _unnumbered(path, statement))) == sorted(
                map(repr, _unnumbered(direct, statement))
            )
    sort_titles = (
        "SELECT replace(sql, char(10), '') FROM sqlite_master WHERE name = 'ix_track_sort_title'"
    )
    assert rows(path, sort_titles) == rows(direct, sort_titles) != []
    deferred = "SELECT sql LIKE '%DEFERRABLE INITIALLY DEFERRED%' FROM sqlite_master WHERE name="
    assert rows(path, f"{deferred}'track'") == rows(direct, f"{deferred}'track'") == [(1,)]
    without_rowid = "SELECT name FROM pragma_table_list WHERE wr AND name NOT LIKE 'search_%'"
    assert rows(path, without_rowid) == rows(direct, without_rowid) == [("annotation",)]


def _unnumbered(path: Path, statement: str) -> list[tuple[object, ...]]:
    return [row[1:] for row in rows(path, statement)]


def test_each_constraint_has_a_name(path: Path) -> None:
    """One without could not be dropped by a later migration."""
    for name, sql in rows(path, "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE T%'"):
        constraints = str(sql).count("FOREIGN KEY") + str(sql).count("UNIQUE")
        named = str(sql).count("CONSTRAINT fk_") + str(sql).count("CONSTRAINT uq_")
        assert constraints == named, name


def test_an_empty_file_becomes_a_database(tmp_path: Path, back_up: BackUp) -> None:
    path = tmp_path / "hydrophone.db"
    path.touch()
    upgrade(path, back_up=back_up)
    assert rows(path, "SELECT version_num FROM alembic_version") == [(known_revisions()[-1],)]


def test_a_current_database_is_left_alone(path: Path, backups: Path, back_up: BackUp) -> None:
    before = path.read_bytes()
    upgrade(path, back_up=back_up)
    assert path.read_bytes() == before
    assert not backups.exists()


def test_alembic_is_not_imported_when_nothing_is_to_be_done(path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; import hydrophone.server.wiring; "
        "from hydrophone.storage.upgrade import upgrade; "
        "upgrade(Path(sys.argv[1]), back_up=Path); print('alembic' in sys.modules)"
    )
    for database, imported in ((path, "False"), (path.with_name("new.db"), "True")):
        command = [sys.executable, "-c", program, str(database)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        assert answer.stdout.strip() == imported


def test_rebuilding_parent_tables_keeps_their_children(
    path: Path, back_up: BackUp, anna: UserId, make_migrations: MakeMigrations
) -> None:
    """With foreign keys on, the DROP TABLE of batch mode deletes all stars."""
    fill(path, anna)
    before = content(path)
    upgrade(path, back_up=back_up, migrations=make_migrations(REBUILD))
    after = content(path)
    assert before["annotation"] == after["annotation"] != []
    for table in ("annotation", "playlist_track", "track_artist", "track_genre", "origin"):
        assert after[table] == before[table] != []
    assert after["user"] == [(*row, "") for row in before["user"]] != []
    with connect(path, durable=False) as connection:
        # The children's references still lead to the rebuilt tables.
        connection.exec_driver_sql('DELETE FROM "user"')
    assert content(path)["annotation"] == []


@pytest.mark.parametrize(
    "end",
    [
        "    op.execute('no SQL at all')",
        "    op.execute('INSERT INTO track_genre VALUES (1, 2)')",
        "    sa.Table('annotation', sa.MetaData(), autoload_with=op.get_bind()).c.nonsense",
    ],
    ids=["a wrong statement", "orphans", "a mistake in Python"],
)
def test_a_failed_migration_changes_nothing(
    path: Path,
    backups: Path,
    back_up: BackUp,
    anna: UserId,
    make_migrations: MakeMigrations,
    end: str,
) -> None:
    fill(path, anna)
    before = content(path)
    error = AttributeError if "nonsense" in end else StorageError
    with pytest.raises(error):
        upgrade(path, back_up=back_up, migrations=make_migrations(REBUILD, _HALF + end))
    assert content(path) == before
    (backup,) = backups.iterdir()
    assert content(unpacked(backup)) == before
    with connect(path, durable=False) as connection, transaction(connection):
        annotations.star(connection, anna, ["al-2"], Timestamp(8))


_UPGRADE = """
import sys
from pathlib import Path
from hydrophone.backup import back_up_before_migration
from hydrophone.storage.upgrade import upgrade

path, backups, migrations = map(Path, sys.argv[1:])
upgrade(
    path,
    back_up=lambda revision: back_up_before_migration(path.parent, backups, revision, 7),
    migrations=migrations,
)
"""


@pytest.mark.parametrize("is_new", [True, False], ids=["new", "existing"])
def test_two_processes_may_upgrade_at_once(
    path: Path, tmp_path: Path, backups: Path, make_migrations: MakeMigrations, is_new: bool
) -> None:
    database = tmp_path / "new.db" if is_new else path
    arguments = [str(database), str(backups), str(make_migrations(REBUILD, SLOW))]
    command = [sys.executable, "-c", _UPGRADE, *arguments]
    upgrading = [subprocess.Popen(command, stderr=-1, text=True) for _ in range(3)]
    errors = [process.communicate(timeout=120)[1] for process in upgrading]
    assert errors == [""] * 3
    assert rows(database, "SELECT * FROM counter") == [("migrated", 1, 1)]
    if is_new:
        assert not backups.exists()
    else:
        # Whoever came later has not taken a copy of what was migrated already.
        (backup,) = backups.iterdir()
        revisions = rows(unpacked(backup), "SELECT version_num FROM alembic_version")
        assert revisions == [(known_revisions()[-1],)]
