"""How much room there is, and what takes it."""

from msgspec import Struct

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.units import ByteCount


class SourceUse(Struct, frozen=True, kw_only=True):
    """What is here of one source."""

    source: str
    """`local` for the libraries' own files."""
    library_id: LibraryId | None
    """`None` for what is in no library."""
    files: int
    used: ByteCount


class FolderUse(Struct, frozen=True, kw_only=True):
    """A folder, and the disk that it lies on."""

    name: str
    """What the folder is for, such as `covers`; a library's name for a library."""
    path: str
    library_id: LibraryId | None
    """`None` for folders of the server's own."""
    used: ByteCount | None
    """`None` for libraries, whose files `SourceUse` counts, and if it cannot be told in time."""
    free: ByteCount | None
    """What the server may still write to the disk; `None` if it cannot be told in time."""
    total: ByteCount | None


class StorageUse(Struct, frozen=True, kw_only=True):
    """Room by source and by folder."""

    sources: tuple[SourceUse, ...]
    folders: tuple[FolderUse, ...]
