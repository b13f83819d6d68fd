"""What the source `local` calls the files of the libraries, and the tracks in them."""

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.paths import escape_path

LOCAL = "local"
PART = "//"
"""Between the native id of a file and the number of a track in it."""


def native_id(library_id: LibraryId, path: str, part: int = 0) -> str:
    """Return what the source `local` calls a file (path relative to the root, from `os`).

    A track within a file has its number behind two slashes, which no path has.
    """
    name = f"{library_id}/{escape_path(path)}"
    return f"{name}{PART}{part}" if part else name


def whole_file(native_id: str) -> str:
    """Return what the source `local` calls the file that a track is in, or is."""
    return native_id.partition(PART)[0]


def local_path(native_id: str) -> str:
    """Return the escaped path, relative to its library's root, of a local file by native id."""
    return native_id.partition("/")[2].partition(PART)[0]
