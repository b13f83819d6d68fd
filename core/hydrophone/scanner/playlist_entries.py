"""Finds the tracks that the entries of a playlist file mean, among the files of libraries."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from hydrophone.domain.ids import TrackId
from hydrophone.domain.library import Library
from hydrophone.domain.m3u import MAX_ENTRIES, M3uEntry, places, tails
from hydrophone.domain.paths import escape_path
from hydrophone.domain.units import Seconds
from hydrophone.errors import InvalidInputError
from hydrophone.storage.queries import playlist_files

_AT_ONCE = 200
"""Entries, each of which may be at some dozens of places."""


def find_tracks(
    connection: Connection, libraries: Sequence[Library], folder: str, entries: Sequence[M3uEntry]
) -> list[tuple[TrackId, ...]]:
    """Return the tracks of each entry of a playlist in a folder (absolute); `()` if there is none.

    An entry is one track, but for the whole of a file that a CUE sheet cuts: that is all its
    tracks in order. Only the database is asked: a playlist cannot make anybody look at a file
    outside of the libraries. The playlist's own library is the first of `libraries`.

    Raises InvalidInputError if that are more tracks than a playlist may have entries.
    """
    found: list[tuple[TrackId, ...]] = []
    count = 0
    for begin in range(0, len(entries), _AT_ONCE):
        some = entries[begin : begin + _AT_ONCE]
        wanted = [list(_native_ids(libraries, folder, entry.location)) for entry in some]
        known = playlist_files.tracks_at(connection, {name for names in wanted for name in names})
        for entry, names in zip(some, wanted, strict=True):
            tracks = next((known[name] for name in names if name in known), [])
            found.append(_meant(entry, tracks))
            count += len(found[-1])
        if count > MAX_ENTRIES:
            raise InvalidInputError(f"There are more than {MAX_ENTRIES} tracks.")
    return found


def _meant(entry: M3uEntry, tracks: Sequence[tuple[Seconds, TrackId]]) -> tuple[TrackId, ...]:
    """Return all tracks of a file, or the one that begins nearest to where an entry says."""
    asked = entry.start
    if asked is None or not tracks:
        return tuple(track for _, track in tracks)
    # Nearest, not equal: other programs round times, and sheets are corrected.
    return (min(tracks, key=lambda known: abs(known[0] - asked))[1],)


def _native_ids(libraries: Sequence[Library], folder: str, location: str) -> Iterator[str]:
    """Yield what the source `local` may call the file at a location, the likeliest first."""
    for path in places(location, folder):
        for library in libraries:
            root = library.path.rstrip("/") + "/"
            if path.startswith(root):
                yield f"{library.id}/{escape_path(path.removeprefix(root))}"
    for tail in tails(location):
        for library in libraries:
            yield f"{library.id}/{escape_path(tail)}"
