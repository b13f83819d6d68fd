"""Puts a backup in the place of what stands in a data folder, which is kept beside.

First the new files are complete, verified and on the disk in a folder `restoring-TIME`; then they
are moved to their places, and the old ones out of them. If that ends half way, the next start of
any command takes the remaining steps: no process ever sees one half.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from hydrophone.backup import archive
from hydrophone.backup.archive import ArchiveReader, open_archive
from hydrophone.backup.create import time_name
from hydrophone.backup.verify import check_facts, unpack, unpack_database
from hydrophone.backup.workplace import workplace
from hydrophone.domain.backup import Restored
from hydrophone.domain.units import Timestamp
from hydrophone.errors import ConflictError, StorageError
from hydrophone.storage.data_folder import (
    DATABASE,
    KEY_FILE,
    SCAN_LOCK,
    SERVER_LOCK,
    locked,
    sync_folder,
)
from hydrophone.storage.database_copy import examine
from hydrophone.storage.upgrade import known_revisions

CONFIG_FILE = "config.toml"
_STAGED = "restoring-"
_ASIDE = "before-restore-"
_LOCK = "restore.lock"
_BUSY_SECONDS = 2.0


def restore_backup(
    path: Path, data_dir: Path, *, now: Timestamp, with_config: bool = False
) -> Restored:
    """Restore database and key file, and the configuration if `with_config`.

    Blocking. What stood in the folder is moved to `before-restore-TIME` in it; an empty or new
    folder is fine. A database of an older schema is migrated at the next start. Raises
    ConflictError while a server, a scan or another command uses the folder; NotFoundError or
    StorageError, with nothing changed, if the backup is missing, not good or newer than this
    program, or the disk is full.
    """
    try:
        with (
            _folder_for(data_dir),
            _in_use(data_dir / SERVER_LOCK, f"A server is running on {data_dir}. Stop it first."),
            _in_use(data_dir / SCAN_LOCK, f"A scan is running on {data_dir}. Wait for its end."),
        ):
            complete_restore(data_dir)
            with open_archive(path) as reader:
                staged = _stage(reader, data_dir, now, with_config=with_config)
                has_config = (staged / CONFIG_FILE).exists()
            complete_restore(data_dir)
            check_facts(reader.manifest, examine(data_dir / DATABASE))
    except OSError as error:
        raise StorageError(f"The backup cannot be restored: {error.strerror or error}.") from error
    aside = _aside(staged)
    return Restored(
        manifest=reader.manifest,
        data_dir=str(data_dir),
        moved_to=str(aside) if aside.exists() else "",
        config=str(data_dir / CONFIG_FILE) if has_config else "",
    )


def complete_restore(data_dir: Path) -> None:
    """Finish what an interrupted restore has begun; usually there is nothing to do.

    Blocking. Raises ConflictError if the restore is still at it, StorageError if the disk does
    not let it be finished.
    """
    if not any(data_dir.glob(f"{_STAGED}*")):
        return
    try:
        with locked(data_dir / _LOCK, f"A backup is being restored into {data_dir}; try again."):
            for staged in data_dir.glob(f"{_STAGED}*"):
                _put_in_place(staged, data_dir)
    except OSError as error:
        raise StorageError(
            f"The restore into {data_dir} cannot be finished: {error.strerror or error}."
        ) from error


@contextlib.contextmanager
def _folder_for(data_dir: Path) -> Iterator[None]:
    """Make the data folder; if the body fails, remove what was made and is still empty."""
    made = [folder for folder in (data_dir, *data_dir.parents) if not folder.exists()]
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        yield
    except BaseException:  # also when it is interrupted from the keyboard
        with contextlib.suppress(OSError):
            for folder in made:
                folder.rmdir()
        raise


@contextlib.contextmanager
def _in_use(lock: Path, refusal: str) -> Iterator[None]:
    """Hold a lock as `locked` does; if the body fails, leave no lock file that was not there."""
    is_new = not lock.exists()
    with locked(lock, refusal):
        try:
            yield
        except BaseException:  # as above
            if is_new:
                lock.unlink(missing_ok=True)
            raise


def _stage(reader: ArchiveReader, data_dir: Path, now: Timestamp, *, with_config: bool) -> Path:
    """Make the folder of the new files, once they are known to be good."""
    known = known_revisions()
    if reader.manifest.schema not in known:
        raise StorageError(
            f"The backup was made by a newer Hydrophone (schema {reader.manifest.schema}, this "
            f"one knows {known[-1]}). Upgrade Hydrophone first."
        )
    with workplace(data_dir) as place:
        new = place / "new"
        new.mkdir()
        unpack_database(reader, new)
        wanted = {archive.KEY_FILE: KEY_FILE}
        if with_config:
            wanted[archive.CONFIG] = CONFIG_FILE
        for member in reader.manifest.members:
            if member.name in wanted:
                unpack(reader, member.name, new / wanted[member.name])
            elif member.name != archive.DATABASE:
                reader.check(member.name)
        sync_folder(new)
        _take_out_of_use(data_dir / DATABASE)
        staged = data_dir / f"{_STAGED}{time_name(now)}"
        new.rename(staged)
    sync_folder(data_dir)
    return staged


def _take_out_of_use(database: Path) -> None:
    """Bring what is in the log into the file; raises ConflictError if somebody has it open.

    Such a process would go on in the file that is moved aside, and at its end delete the log of
    the one in its place.
    """
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=_BUSY_SECONDS)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise ConflictError(f"Another program uses {database}.") from error
        # Damaged: it may be why somebody restores a backup. It goes aside as it is.


def _put_in_place(staged: Path, data_dir: Path) -> None:
    """Move the new files in and the old ones out; may be interrupted and begun again anywhere."""
    aside = _aside(staged)
    logs = [f"{DATABASE}-wal", f"{DATABASE}-shm"]
    for name, companions in ((KEY_FILE, []), (CONFIG_FILE, []), (DATABASE, logs)):
        new = staged / name
        if not new.exists():
            continue
        for old in (*companions, name):
            if (data_dir / old).exists():
                aside.mkdir(mode=0o700, exist_ok=True)
                (data_dir / old).rename(aside / old)
        new.rename(data_dir / name)
    if aside.exists():
        sync_folder(aside)
    sync_folder(data_dir)
    staged.rmdir()


def _aside(staged: Path) -> Path:
    return staged.with_name(staged.name.replace(_STAGED, _ASIDE))
