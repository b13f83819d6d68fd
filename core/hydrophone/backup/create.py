"""Makes a backup: nothing bears its name before it is whole, on the disk, and verified."""

import io
import os
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from sqlalchemy.exc import DBAPIError

from hydrophone import __version__
from hydrophone.backup import archive
from hydrophone.backup.archive import ArchiveWriter, open_archive
from hydrophone.backup.playlists import playlist_files
from hydrophone.backup.workplace import workplace
from hydrophone.domain.backup import BackupManifest, BackupReason
from hydrophone.domain.units import Timestamp
from hydrophone.errors import ConflictError, StorageError
from hydrophone.storage.connection import connect
from hydrophone.storage.data_folder import DATABASE, KEY_FILE, sync_folder
from hydrophone.storage.database_copy import DatabaseFacts, copy_database
from hydrophone.storage.upgrade import known_revisions

SUFFIX = ".zip"


class BackupRequest(Struct, frozen=True, kw_only=True):
    """What to back up, and where to; text, so that it can be sent to a child process."""

    data_dir: str
    target: str
    """The file to be; its folder is made if need be."""
    reason: BackupReason
    made: Timestamp
    config_file: str = ""
    """The configuration file that is used; empty if there is none."""


def create_backup(request: BackupRequest) -> Path:
    """Back up a data folder, while others use it, and return the path of the backup.

    Blocking, for seconds to minutes. A backup before a migration replaces an earlier one of its
    name; else raises ConflictError if there is such a file already. Raises StorageError if
    there is no database, it is damaged, or the backup cannot be written or read again; then
    there is no file of its name, or still the earlier one.
    """
    target = Path(request.target)
    if target.exists() and request.reason is not BackupReason.MIGRATION:
        raise ConflictError(f"There is a file {target} already.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with workplace(target.parent) as place:
            unfinished = place / "backup"
            _write(request, copy=place / "copy.db", unfinished=unfinished)
            _read_again(unfinished)
            unfinished.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise StorageError(
            f"The backup {target} cannot be written: {error.strerror or error}."
        ) from error
    return target


def back_up_before_migration(data_dir: Path, folder: Path, revision: str, now: Timestamp) -> Path:
    """Back up a data folder whose database is about to become of this revision.

    There is one such backup for each revision, however often the migration is attempted.
    Blocking; raises StorageError as `create_backup` does.
    """
    return create_backup(
        BackupRequest(
            data_dir=str(data_dir),
            target=str(folder / f"before-{revision}{SUFFIX}"),
            reason=BackupReason.MIGRATION,
            made=now,
        )
    )


def usual_name(made: Timestamp) -> str:
    """Return the name of a backup if nobody chose one, `hydrophone-20261121T023605Z.zip`."""
    return f"hydrophone-{time_name(made)}{SUFFIX}"


def time_name(time: Timestamp) -> str:
    """Write a time as a part of a file's name: `20261121T023605Z`."""
    return f"{datetime.fromtimestamp(time / 1000, UTC):%Y%m%dT%H%M%SZ}"


def _write(request: BackupRequest, *, copy: Path, unfinished: Path) -> None:
    facts = copy_database(Path(request.data_dir) / DATABASE, copy)
    # It has secrets in it: nobody else may read it, not even while it is made.
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with ArchiveWriter(file, request.made) as writer:
            _fill(writer, request, copy, facts)
        file.flush()
        os.fsync(file.fileno())


def _fill(writer: ArchiveWriter, request: BackupRequest, copy: Path, facts: DatabaseFacts) -> None:
    data = Path(request.data_dir)
    members = [(archive.DATABASE, copy), (archive.KEY_FILE, data / KEY_FILE)]
    if request.config_file:
        members.append((archive.CONFIG, Path(request.config_file)))
    for name, path in members:
        if path.exists():
            with path.open("rb") as source:
                writer.add(name, source)
    _add_playlists(writer, copy, facts)
    writer.finish(
        BackupManifest(
            format=archive.FORMAT,
            made=request.made,
            reason=request.reason,
            version=__version__,
            schema=facts.schema,
            rows=facts.rows,
            members=writer.members,
        )
    )


def _add_playlists(writer: ArchiveWriter, copy: Path, facts: DatabaseFacts) -> None:
    # Our queries know the present schema only; the database itself has the playlists anyway.
    if facts.schema != known_revisions()[-1]:
        return
    try:
        with connect(copy, durable=False) as connection:
            for name, content in playlist_files(connection):
                writer.add(archive.PLAYLISTS + name, io.BytesIO(content))
    except DBAPIError as error:
        # The copy is known to be good: there was no room for what SQLite puts beside it.
        raise OSError(f"{error.orig}") from error


def _read_again(path: Path) -> None:
    with open_archive(path) as reader:
        for member in reader.manifest.members:
            reader.check(member.name)
