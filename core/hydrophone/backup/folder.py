"""The folder of backups: what is in it, and which of them are deleted."""

from pathlib import Path

from hydrophone.backup.archive import open_archive
from hydrophone.backup.create import SUFFIX
from hydrophone.domain.backup import BackupListing, BackupManifest, BackupReason
from hydrophone.domain.units import ByteCount
from hydrophone.errors import HydrophoneError, NotFoundError, StorageError


def list_backups(folder: Path) -> tuple[BackupListing, ...]:
    """Return the backups in a folder, newest first, then files that cannot be read as such.

    Blocking. Reads manifests only; a folder that is not there has no backups. Raises
    StorageError if it cannot be read.
    """
    try:
        found = [look_at(path) for path in sorted(folder.glob(f"*{SUFFIX}")) if path.is_file()]
    except OSError as error:
        raise StorageError(f"The folder {folder} cannot be read: {error.strerror}.") from error
    return tuple(sorted(found, key=_newest_first))


def find_backup(name: str, folder: Path) -> Path:
    """Return the file that a person means: a path, or the name of a backup in the folder.

    Raises NotFoundError if there is neither.
    """
    for path in (Path(name), folder / name, folder / f"{name}{SUFFIX}"):
        if path.is_file():
            return path
    raise NotFoundError(f"There is no backup {name}, neither here nor in {folder}.")


def prune(folder: Path, keep: int) -> tuple[Path, ...]:
    """Delete all nightly backups but the newest `keep`, and return what was deleted.

    Blocking; call it when a new one has been made and verified. Those made by hand or before a
    migration stay, and so does every file that cannot be read. Raises StorageError.
    """
    nightly = [Path(one.path) for one in list_backups(folder) if _is_nightly(one.manifest)]
    surplus = nightly[max(keep, 1) :]
    for path in surplus:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{path} cannot be deleted: {error.strerror}.") from error
    return tuple(surplus)


def _newest_first(listing: BackupListing) -> tuple[bool, int]:
    return listing.manifest is None, -listing.manifest.made if listing.manifest else 0


def _is_nightly(manifest: BackupManifest | None) -> bool:
    return manifest is not None and manifest.reason is BackupReason.NIGHTLY


def look_at(path: Path) -> BackupListing:
    """Return what a file says of itself as a backup; blocking. OSError if it is not there."""
    size = ByteCount(path.stat().st_size)
    manifest, problem = None, ""
    try:
        with open_archive(path) as reader:
            manifest = reader.manifest
    except (HydrophoneError, OSError) as error:
        problem = str(error)
    return BackupListing(
        name=path.name, path=str(path), size=size, manifest=manifest, problem=problem
    )
