"""Albums, artists, folders and playlists as one archive to take along."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import partial

from msgspec import Struct

from hydrophone.domain.file_names import free_name, safe_name
from hydrophone.domain.ids import ALBUM, ARTIST, FOLDER, PLAYLIST, kind_of
from hydrophone.domain.m3u import extended_line
from hydrophone.domain.media import AudioFile
from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import HydrophoneError, InvalidInputError, MediaError, NotFoundError
from hydrophone.media.file_reader import read_file
from hydrophone.media.zip_stream import Member, zip_chunks, zip_length
from hydrophone.services.albums import Albums
from hydrophone.services.artists import Artists
from hydrophone.services.folders import Folders
from hydrophone.services.playlists import Playlists
from hydrophone.services.reading import every_page
from hydrophone.services.streaming import Audio, Streaming
from hydrophone.storage.database import Database
from hydrophone.storage.queries import tracks

ARCHIVED = frozenset({ALBUM, ARTIST, FOLDER, PLAYLIST})
"""Kinds of ids that stand for many files."""
_MOST_TRACKS = 5000
_CHUNK = 128 * 1024


class Archive(Struct, frozen=True, kw_only=True):
    """A zip archive that is not there yet: it is read and written while it is sent."""

    file_name: str
    """For Content-Disposition."""
    members: tuple[Member, ...]

    @property
    def length(self) -> ByteCount | None:
        """How many bytes it has; `None` if a part of it has yet to be cut out of a file."""
        return zip_length(self.members)

    def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see `zip_chunks` for errors."""
        return zip_chunks(self.members)


class _Shelf(Struct, frozen=True, kw_only=True):
    """Tracks that go into an archive, with the name that it gets."""

    name: str
    tracks: Sequence[Track]
    is_list: bool = False
    """Whether their order is somebody's choice: then all are in one folder, with a playlist."""


class Downloads:
    """Puts together what somebody takes along."""

    def __init__(
        self,
        *,
        database: Database,
        artists: Artists,
        albums: Albums,
        folders: Folders,
        playlists: Playlists,
        streaming: Streaming,
    ) -> None:
        self._database = database
        self._artists = artists
        self._albums = albums
        self._folders = folders
        self._playlists = playlists
        self._streaming = streaming

    async def archive(self, viewer: User, identifier: str) -> Archive:
        """Return an album, artist, folder (with what is below it) or playlist as an archive.

        It has each track once, as `Streaming.original` gives it. Those of sources are fetched one
        after the other, while the archive is sent. Raises NotFoundError, also if there is nothing
        in it or a file is gone, InvalidInputError for more than 5,000 tracks, and UnavailableError
        if the first that a source has cannot be had now; another one breaks the archive off.
        """
        return await self._packed(viewer, await self._shelf(viewer, identifier))

    async def archive_of(self, viewer: User, name: str, chosen: Sequence[Track]) -> Archive:
        """Return tracks as an archive, in the order in which somebody has put them together.

        Raises as `archive` does.
        """
        return await self._packed(viewer, _Shelf(name=name, tracks=chosen, is_list=True))

    async def _packed(self, viewer: User, shelf: _Shelf) -> Archive:
        chosen = list({track.id: track for track in shelf.tracks}.values())
        if not chosen:
            raise NotFoundError("There is nothing in it that could be downloaded.")
        if len(chosen) > _MOST_TRACKS:
            raise InvalidInputError(f"At most {_MOST_TRACKS} tracks can be downloaded at once.")
        audio = await self._opened(viewer, chosen)
        sizes = await asyncio.to_thread(_sizes, audio)
        names = _listed_names(shelf, chosen, audio) if shelf.is_list else _names(chosen, audio)
        members = [
            Member(
                name=name,
                size=size,
                modified=track.created,
                chunks=self._chunks(viewer, track, one),
            )
            for track, one, size, name in zip(chosen, audio, sizes, names, strict=True)
        ]
        if shelf.is_list:
            members.append(_playlist(shelf, dict(zip((t.id for t in chosen), names, strict=True))))
        return Archive(file_name=f"{safe_name(shelf.name)}.zip", members=tuple(members))

    async def _opened(self, viewer: User, chosen: Sequence[Track]) -> list[Audio | None]:
        """Return the tracks as they are; `None` for what is to be fetched when it is its turn.

        The first of those is begun, so that a source that is down is told in place of an archive.
        """
        audio: list[Audio | None] = []
        has_begun = False
        for track in chosen:
            has_to_come = await self._streaming.has_to_come(viewer, track.id)
            is_later = has_to_come and has_begun
            has_begun = has_begun or has_to_come
            audio.append(None if is_later else await self._streaming.original(viewer, track.id))
        return audio

    def _chunks(
        self, viewer: User, track: Track, one: Audio | None
    ) -> Callable[[], AsyncGenerator[bytes, None]]:
        if one is None:
            return partial(self._fetched, viewer, track)
        return partial(read_file, one.path) if isinstance(one, AudioFile) else one.chunks

    async def _fetched(self, viewer: User, track: Track) -> AsyncGenerator[bytes, None]:
        try:
            audio = await self._streaming.original(viewer, track.id)
            async with aclosing(self._chunks(viewer, track, audio)()) as chunks:
                async for chunk in chunks:
                    yield chunk
        except HydrophoneError as error:
            raise MediaError(f"{track.title} is missing in the archive: {error}") from error

    async def _shelf(self, viewer: User, identifier: str) -> _Shelf:
        match kind_of(identifier):
            case "al":
                found = await self._albums.album(viewer, identifier)
                name = _album_name(found.album.display_artist, found.album.name)
                return _Shelf(name=name, tracks=found.tracks)
            case "ar":
                return await self._of_artist(viewer, identifier)
            case "pl":
                listed = await self._playlists.get(viewer, identifier)
                return _Shelf(name=listed.playlist.name, tracks=listed.tracks, is_list=True)
        folder = (await self._folders.folder(viewer, identifier)).folder
        inside = await every_page(
            self._database,
            lambda connection, page: tracks.below_folder(
                connection, viewer.id, viewer.libraries, folder.id, page
            ),
        )
        return _Shelf(name=folder.name, tracks=inside)

    async def _of_artist(self, viewer: User, artist_id: str) -> _Shelf:
        """Return an artist's albums; of those of others what the artist is on."""
        found = await self._artists.here(viewer, artist_id)
        inside: list[Track] = []
        for album in found.albums:
            of_album = (await self._albums.album(viewer, album.id)).tracks
            own = any(credit.id == found.artist.id for credit in album.artists)
            inside += [
                track
                for track in of_album
                if own or any(credit.id == found.artist.id for credit in track.artists)
            ]
            if len(inside) > _MOST_TRACKS:
                break
        return _Shelf(name=found.artist.name, tracks=inside)


def _sizes(audio: Sequence[Audio | None]) -> list[ByteCount | None]:
    """Return the sizes of files; raises NotFoundError if one is gone."""
    try:
        return [
            ByteCount(one.path.stat().st_size) if isinstance(one, AudioFile) else None
            for one in audio
        ]
    except OSError as error:
        raise NotFoundError("A file of it is gone or cannot be read.") from error


def _names(chosen: Sequence[Track], audio: Sequence[Audio | None]) -> list[str]:
    """Return `Artist - Album/01 Title.flac`, with the disc in front where there are several."""
    discs: dict[str, set[int]] = {}
    for track in chosen:
        discs.setdefault(track.album_id, set()).add(track.disc_number)
    taken: set[str] = set()
    names = []
    for track, one in zip(chosen, audio, strict=True):
        folder = safe_name(_album_name(track.display_album_artist, track.album_name))
        number = f"{track.track_number:02} " if track.track_number else ""
        if len(discs[track.album_id]) > 1:
            number = f"{track.disc_number}-{number}"
        stem = f"{folder}/{safe_name(number + track.title)}"
        names.append(free_name(stem, _suffix(track, one), taken))
    return names


def _album_name(artist: str, album: str) -> str:
    return f"{artist} - {album}" if artist else album


def _listed_names(
    shelf: _Shelf, chosen: Sequence[Track], audio: Sequence[Audio | None]
) -> list[str]:
    """Return `Playlist/01 Artist - Title.flac`, numbered in the order of the list."""
    digits = max(2, len(str(len(chosen))))
    return [
        f"{safe_name(shelf.name)}/"
        + safe_name(f"{number:0{digits}} {track.display_artist} - {track.title}")
        + f".{_suffix(track, one)}"
        for number, (track, one) in enumerate(zip(chosen, audio, strict=True), 1)
    ]


def _suffix(track: Track, audio: Audio | None) -> str:
    return safe_name(track.suffix if audio is None else audio.file_name.rpartition(".")[2])


def _playlist(shelf: _Shelf, names: dict[str, str]) -> Member:
    """Return the list itself, beside the tracks: also what comes twice is in it twice."""
    lines = ["#EXTM3U"]
    for track in shelf.tracks:
        lines.append(extended_line(track.title, track.display_artist, track.duration))
        lines.append(names[track.id].rpartition("/")[2])
    data = "\n".join([*lines, ""]).encode()
    name = safe_name(shelf.name)
    newest = max(track.created for track in shelf.tracks)

    async def chunks() -> AsyncGenerator[bytes, None]:
        yield data

    return Member(
        name=f"{name}/{name}.m3u8",
        size=ByteCount(len(data)),
        modified=Timestamp(newest),
        chunks=chunks,
    )
