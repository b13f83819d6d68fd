"""Playlists in a backup, as files that other programs read."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from hydrophone.domain.file_names import free_name, safe_name
from hydrophone.domain.m3u import write_m3u
from hydrophone.domain.nsp import write_smart_playlist
from hydrophone.domain.playlist import Playlist
from hydrophone.storage.queries import playlists


def playlist_files(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Yield (`owner/name.m3u8`, content) for every playlist of every user; smart ones as `.nsp`."""
    taken: set[str] = set()
    for playlist in playlists.everything(connection):
        entries = playlists.track_ids(connection, playlist.id)
        suffix, content = playlist_file(connection, playlist, entries=entries)
        stem = f"{safe_name(playlist.owner)}/{safe_name(playlist.name)}"
        yield free_name(stem, suffix, taken), content


def playlist_file(
    connection: Connection, playlist: Playlist, *, entries: Sequence[str]
) -> tuple[str, bytes]:
    """Return the suffix and the content of the file that a playlist is to other programs.

    `entries` are the ids of its tracks in order; a smart one is its rules.
    """
    if playlist.rules:
        text = write_smart_playlist(
            name=playlist.name,
            comment=playlist.comment,
            is_public=playlist.is_public,
            rules=playlist.rules,
        )
        return "nsp", text.encode()
    return "m3u8", write_m3u(playlist.name, playlists.files(connection, entries))
