"""Brings a database file to the schema of this program, after a verified backup."""

import logging
import re
import sqlite3
from pathlib import Path

from sqlalchemy import Connection

from hydrophone.errors import StorageError
from hydrophone.storage.backup import back_up
from hydrophone.storage.database import connect, transaction

logger = logging.getLogger(__name__)

MINIMUM_SQLITE = (3, 40, 0)
_MIGRATIONS = Path(__file__).parent / "migrations"


def known_revisions() -> list[str]:
    """Return the numbers of all revisions that this program has, oldest first."""
    names = (file.name for file in (_MIGRATIONS / "versions").glob("*.py"))
    return sorted(match[1] for name in names if (match := re.match(r"(\d{4})_", name)))


def upgrade(path: Path, *, backups: Path) -> None:
    """Create or migrate the database at `path`; does nothing if it is up to date.

    Blocking. Before an existing database is touched, a verified copy of it is put into the
    folder `backups`. Raises StorageError if the database was made by a newer program, is no
    database, or cannot be migrated; it is then as it was before.
    """
    if sqlite3.sqlite_version_info < MINIMUM_SQLITE:
        raise StorageError(f"SQLite {sqlite3.sqlite_version} is too old; 3.40 is needed.")
    revisions = known_revisions()
    try:
        current = _revision_of(path)
        if current == revisions[-1]:
            return
        if current and current not in revisions:
            raise StorageError(
                f"The database {path} was made by a newer Hydrophone (schema {current}, this one "
                f"knows {revisions[-1]}). Upgrade Hydrophone, or start with another data folder."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        if current:
            copy = back_up(path, backups / f"before-{revisions[-1]}.db")
            logger.info("Backed up the database to %s before its migration.", copy)
        with connect(path, durable=True) as connection:
            _migrate(connection)
    except sqlite3.Error as error:
        raise StorageError(f"The database {path} cannot be used: {error}") from error


def _revision_of(path: Path) -> str:
    """Read the revision without importing Alembic, which costs 11 MB and 130 ms (traps 5)."""
    if not path.exists() or path.stat().st_size == 0:
        return ""
    connection = sqlite3.connect(path)
    try:
        known = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        ).fetchone()
        row = known and connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else ""
    finally:
        connection.close()


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    # Batch mode drops and re-creates tables; with foreign keys on, that once deleted all stars
    # (traps 4). The switch has no effect inside a transaction, so it comes before.
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        with transaction(connection):
            command.upgrade(config, "head")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
            if broken:
                raise StorageError(f"The migration left rows without their parents: {broken}")
    finally:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
