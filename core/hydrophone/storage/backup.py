"""Copies of the database that are known to be good."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hydrophone.errors import StorageError


def back_up(database: Path, target: Path) -> Path:
    """Copy a database while others use it, check the copy, and return its path.

    Blocking. Uses SQLite's backup API: a copy of the file alone would lack what is in the WAL.
    An earlier copy at `target` is replaced only when the new one has been verified. Raises
    StorageError if the copy cannot be made or does not pass the integrity check.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        verdict = _copy(database, unfinished)
        if verdict == "ok":
            return unfinished.replace(target)
    except sqlite3.Error as error:
        raise StorageError(f"The database {database} cannot be backed up: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    raise StorageError(f"The backup of {database} is damaged: {verdict}")


def _copy(database: Path, target: Path) -> str:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        return str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
