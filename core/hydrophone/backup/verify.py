"""Tells whether a backup could be restored, by doing all of it but the last step."""

import os
import shutil
import tempfile
from pathlib import Path

from hydrophone.backup import archive
from hydrophone.backup.archive import ArchiveReader, open_archive
from hydrophone.domain.backup import BackupManifest
from hydrophone.errors import StorageError
from hydrophone.storage.database_copy import DatabaseFacts, examine


def verify_backup(path: Path) -> BackupManifest:
    """Check every member's hash, and the database's integrity and number of rows.

    Blocking; unpacks the database into the folder for temporary files (`TMPDIR`). Raises
    NotFoundError if there is no such file, StorageError if it is not good.
    """
    try:
        with open_archive(path) as reader, tempfile.TemporaryDirectory() as folder:
            unpack_database(reader, Path(folder))
            for member in reader.manifest.members:
                if member.name != archive.DATABASE:
                    reader.check(member.name)
            return reader.manifest
    except OSError as error:
        raise StorageError(
            f"The backup {path} cannot be checked: {error.strerror or error}."
        ) from error


def unpack_database(reader: ArchiveReader, folder: Path) -> Path:
    """Unpack the database of a backup into a folder, and examine it there.

    Raises StorageError if there is no room, or it is not what was backed up.
    """
    size, free = reader.size(archive.DATABASE), shutil.disk_usage(folder).free
    if size > free:
        raise StorageError(f"The database needs {size} bytes in {folder}; {free} are free.")
    target = folder / archive.DATABASE
    unpack(reader, archive.DATABASE, target)
    check_facts(reader.manifest, examine(target))
    return target


def unpack(reader: ArchiveReader, name: str, target: Path) -> None:
    """Unpack a member into a new file (mode 0600), which is on the disk on return."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        reader.unpack(name, file.write)
        file.flush()
        os.fsync(file.fileno())


def check_facts(manifest: BackupManifest, facts: DatabaseFacts) -> None:
    """Raise StorageError if a database is not the one that the manifest tells of."""
    if facts != DatabaseFacts(schema=manifest.schema, rows=manifest.rows):
        raise StorageError("The backup is damaged: its database has other rows than it should.")
