"""The file that a backup is: a zip of known members with a manifest that has their hashes.

Nothing is ever unpacked under a name from the archive: whoever reads says which member he wants
and where to, so a hostile name leads nowhere. No member may be longer than the manifest says.
"""

import contextlib
import hashlib
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import msgspec

from hydrophone.domain.backup import BackupManifest, BackupMember
from hydrophone.domain.units import ByteCount, Timestamp
from hydrophone.errors import NotFoundError, StorageError

FORMAT = 1
DATABASE = "hydrophone.db"
KEY_FILE = "secret.key"
CONFIG = "config.toml"
PLAYLISTS = "playlists/"
"""In front of the name of each playlist."""
_MANIFEST = "manifest.json"
_LARGEST = {_MANIFEST: 64 * 1024**2, KEY_FILE: 4096, CONFIG: 16 * 1024**2}
_LARGEST_PLAYLIST = 256 * 1024**2
_CHUNK = 1024 * 1024
# A database shrinks to a quarter at level 1; higher ones take twice the time for a tenth less.
_LEVEL = 1
_FAULTS = (BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)
"""What zipfile raises for damaged, encrypted and foreign archives."""


class ArchiveWriter:
    """Writes members one after the other, then the manifest; without `finish` it is void."""

    def __init__(self, file: BinaryIO, made: Timestamp) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL)
        # A zip knows no earlier year; a Raspberry Pi without network starts in 1970.
        self._time = max(time.gmtime(made / 1000)[:6], (1980, 1, 1, 0, 0, 0))
        self._members: list[BackupMember] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # After a failure it cannot be ended properly, on a full disk for instance; untold, it
        # would try again when it is collected.
        with contextlib.suppress(OSError, ValueError):
            self._zip.close()

    def add(self, name: str, source: BinaryIO) -> None:
        """Pack a file under a name, to its end."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(self._info(name), "w", force_zip64=True) as packed:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                packed.write(chunk)
        member = BackupMember(name=name, size=ByteCount(size), sha256=digest.hexdigest())
        self._members.append(member)

    @property
    def members(self) -> tuple[BackupMember, ...]:
        """Return what was added, in order."""
        return tuple(self._members)

    def finish(self, manifest: BackupManifest) -> None:
        """Write the manifest and the end of the archive."""
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        self._zip.writestr(self._info(_MANIFEST), text, ZIP_DEFLATED, _LEVEL)
        self._zip.close()

    def _info(self, name: str) -> ZipInfo:
        info = ZipInfo(name, self._time)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info


class ArchiveReader:
    """Reads members, and lets none pass that is not what the manifest says; see `open_archive`."""

    def __init__(self, archive: ZipFile, manifest: BackupManifest) -> None:
        self._zip = archive
        self._members = {member.name: member for member in manifest.members}
        self.manifest = manifest

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def size(self, name: str) -> ByteCount:
        """Return the unpacked size of a member."""
        return self._members[name].size

    def unpack(self, name: str, write: Callable[[bytes], object]) -> None:
        """Hand a member to `write` in chunks, then check its size and hash.

        Raises StorageError if it differs from the manifest, and what `write` raises.
        """
        member = self._members[name]
        digest, left = hashlib.sha256(), member.size
        for chunk in self._chunks(name):
            left = ByteCount(left - len(chunk))
            if left < 0:
                break
            digest.update(chunk)
            write(chunk)
        if left != 0 or digest.hexdigest() != member.sha256:
            raise StorageError(f"The backup is damaged: {name} is not what the manifest says.")

    def check(self, name: str) -> None:
        """Read a member to its end and raise StorageError if it is not what it should be."""
        self.unpack(name, lambda chunk: None)

    def _chunks(self, name: str) -> Iterator[bytes]:
        with _damage_told(), self._zip.open(name) as packed:
            while chunk := packed.read(_CHUNK):
                yield chunk


@contextlib.contextmanager
def open_archive(path: Path) -> Iterator[ArchiveReader]:
    """Open a backup and read its manifest; the members are checked as they are read.

    Raises NotFoundError if there is no file; StorageError if it is no backup, is damaged, or
    has a layout that only a newer program knows.
    """
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
        except FileNotFoundError as error:
            raise NotFoundError(f"There is no backup {path}.") from error
        with _damage_told():
            archive = stack.enter_context(ZipFile(file))
            manifest = _manifest(archive)
        yield ArchiveReader(archive, manifest)


def _manifest(archive: ZipFile) -> BackupManifest:
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    if len(sizes) != len(archive.infolist()):
        raise StorageError("The backup is damaged: it has two members of one name.")
    size = sizes.pop(_MANIFEST, None)
    if size is None or size > _LARGEST[_MANIFEST]:
        raise StorageError("This is not a backup of Hydrophone's.")
    with archive.open(_MANIFEST) as packed:
        text = packed.read(size)
    try:
        if msgspec.json.decode(text, type=_Layout).format > FORMAT:
            raise StorageError("The backup was made by a newer Hydrophone. Upgrade this one.")
        manifest = msgspec.json.decode(text, type=BackupManifest)
    except msgspec.DecodeError as error:
        raise StorageError(f"The backup is damaged: its manifest is not right: {error}.") from error
    listed = {member.name: member.size for member in manifest.members}
    if listed != sizes or DATABASE not in listed:
        raise StorageError("The backup is damaged: it has not the members that it should.")
    for name, size in listed.items():
        if name != DATABASE and size > _LARGEST.get(name, _LARGEST_PLAYLIST):
            raise StorageError(f"The backup is damaged: {name} is too large.")
    return manifest


class _Layout(msgspec.Struct):
    """The part of a manifest that every version has."""

    format: int


@contextlib.contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        raise StorageError(f"The backup is damaged, or is none: {error}.") from error
