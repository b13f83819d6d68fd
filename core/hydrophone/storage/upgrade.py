"""Brings a database file to the schema of this program, after a verified backup."""

import logging
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hydrophone.errors import StorageError, UnavailableError
from hydrophone.storage.connection import connect, is_full, transaction
from hydrophone.storage.data_folder import make_private

logger = logging.getLogger(__name__)

MINIMUM_SQLITE = (3, 40, 0)
MIGRATIONS = Path(__file__).parent / "migrations"


def known_revisions(migrations: Path = MIGRATIONS) -> list[str]:
    """Return the numbers of all revisions that this program has, oldest first."""
    names = (file.name for file in (migrations / "versions").glob("*.py"))
    return sorted(match[1] for name in names if (match := re.match(r"(\d{4})_", name)))


def upgrade(path: Path, *, back_up: Callable[[str], Path], migrations: Path = MIGRATIONS) -> None:
    """Create or migrate the database at `path`; nothing but its mode changes if it is up to date.

    It is for its owner alone: there are hashes of passwords in it. Blocking. Before an existing
    database is touched, `back_up` is called with the revision that it is to have; it makes a
    verified backup and returns its path. Raises StorageError if the database was made by a newer
    program, is no database of ours, or cannot be migrated; it is then as it was before.
    """
    if sqlite3.sqlite_version_info < MINIMUM_SQLITE:
        raise StorageError(f"SQLite {sqlite3.sqlite_version} is too old; 3.40 is needed.")
    revisions = known_revisions(migrations)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        make_private(path)
        if _revision_of(path, revisions) == revisions[-1]:
            return
        with connect(path, durable=True) as connection:
            # Batch mode drops and re-creates tables; with foreign keys on, that once deleted all
            # stars (traps 4). The switch has no effect inside a transaction.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            with transaction(connection):
                # Asked again: another process may have migrated it before this one got the lock.
                current = _revision_of(path, revisions)
                if current and current != revisions[-1]:
                    backup = back_up(revisions[-1])
                    logger.info("Backed up the database to %s before its migration.", backup)
                if current != revisions[-1]:
                    _migrate(connection, migrations)
    except (sqlite3.Error, SQLAlchemyError, OSError, UnavailableError) as error:
        # SQLAlchemy's own words go over two lines, and name a page about SQLAlchemy.
        reason = str(error.orig if isinstance(error, DBAPIError) else error)
        if isinstance(error, UnavailableError) or is_full(error):
            reason = "its disk is full"
        raise StorageError(f"The database {path} cannot be used: {reason}.") from error


def _revision_of(path: Path, known: list[str]) -> str:
    """Return the revision of a database, one of the known; empty if there is nothing in it.

    Reads it without importing Alembic, which costs 11 MB and 130 ms (traps 5).
    """
    if not path.exists() or path.stat().st_size == 0:
        return ""
    with closing(sqlite3.connect(path)) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        if not tables:
            return ""
        if "alembic_version" not in tables:
            raise StorageError(f"The database {path} is not one of Hydrophone's.")
        (current,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if current not in known:
        raise StorageError(
            f"The database {path} was made by a newer Hydrophone (schema {current}, this one "
            f"knows {known[-1]}). Upgrade Hydrophone, or start with another data folder."
        )
    return str(current)


def _migrate(connection: Connection, migrations: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    # A percent sign in a folder's name would be taken for a reference to another option.
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    if broken:
        raise StorageError(f"The migration left rows without their parents: {broken}")
