"""Finds the tracks that the entries of a playlist file mean, among the files of libraries."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from hydrophone.domain.ids import TrackId
from hydrophone.domain.library import Library
from hydrophone.domain.m3u import places, tails
from hydrophone.domain.paths import escape_path
from hydrophone.storage.queries import playlist_files

_AT_ONCE = 200
"""Entries, each of which may be at some dozens of places."""


def find_tracks(
    connection: Connection, libraries: Sequence[Library], folder: str, entries: Sequence[str]
) -> list[TrackId | None]:
    """Return a track for each entry of a playlist in a folder (absolute); `None` if there is none.

    Only the database is asked: a playlist cannot make anybody look at a file outside of the
    libraries. The playlist's own library is the first of `libraries`.
    """
    found: list[TrackId | None] = []
    for start in range(0, len(entries), _AT_ONCE):
        some = [list(_native_ids(libraries, folder, e)) for e in entries[start : start + _AT_ONCE]]
        known = playlist_files.tracks_at(connection, {name for names in some for name in names})
        found += [next((known[name] for name in names if name in known), None) for names in some]
    return found


def _native_ids(libraries: Sequence[Library], folder: str, entry: str) -> Iterator[str]:
    """Yield what the source `local` may call the file of an entry, the likeliest first."""
    for path in places(entry, folder):
        for library in libraries:
            root = library.path.rstrip("/") + "/"
            if path.startswith(root):
                yield f"{library.id}/{escape_path(path.removeprefix(root))}"
    for tail in tails(entry):
        for library in libraries:
            yield f"{library.id}/{escape_path(tail)}"
