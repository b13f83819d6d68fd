"""Valid things of all kinds with one keyword to vary, and a database full of music."""

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

import msgspec
from sqlalchemy import Connection

from hydrophone.domain.collation import sort_key
from hydrophone.domain.ids import (
    ALBUM,
    TRACK,
    AlbumId,
    ChannelId,
    FolderId,
    LibraryId,
    TrackId,
    VideoId,
    make_id,
)
from hydrophone.domain.music import Album, Artist, ArtistRef, Track
from hydrophone.domain.podcast import Channel, PodcastStatus
from hydrophone.domain.units import ByteCount, Kbps, Seconds, Timestamp
from hydrophone.domain.video import Video
from hydrophone.scanner.identity import artist_id, folder_id
from hydrophone.scanner.parsed import Credit
from hydrophone.storage.queries import catalogue, indexing, inventory, libraries
from hydrophone.storage.queries.catalogue import TrackRecord
from hydrophone.storage.queries.inventory import FolderRecord, OriginRecord
from hydrophone.storage.upgrade import upgrade

_CREATED = Timestamp(1_700_000_000_000)


def make_database(path: Path) -> None:
    """Make an empty database of the present schema, with its folder; it takes 0.3 s."""

    def back_up(revision: str) -> Path:
        raise AssertionError(f"There is a database already; it is not of schema {revision}.")

    upgrade(path, back_up=back_up)


def make_artist(name: str = "Artist", **changes: object) -> Artist:
    """Make an artist with the id that the scanner would give it."""
    return msgspec.structs.replace(
        Artist(id=artist_id(Credit(name=name)), name=name, roles=("albumartist", "artist")),
        **changes,
    )


def make_album(name: str = "Album", *, artist: str = "Artist", **changes: object) -> Album:
    """Make an album of one track; the same name and artist give the same id."""
    credits_ = (_credit(artist),)
    album = Album(
        id=AlbumId(make_id(ALBUM, artist, name)),
        name=name,
        artists=credits_,
        display_artist=artist,
        library_id=LibraryId(1),
        track_count=1,
        duration=Seconds(180.0),
        created=_CREATED,
    )
    return msgspec.structs.replace(album, **changes)


def make_track(
    title: str = "Song", *, artist: str = "Artist", album: str = "Album", **changes: object
) -> Track:
    """Make a track in the library 1; the same three names give the same ids."""
    credits_ = (_credit(artist),)
    folder = "/".join(part.replace("/", "_") for part in (artist, album))
    track = Track(
        id=TrackId(make_id(TRACK, artist, album, title)),
        title=title,
        album_id=AlbumId(make_id(ALBUM, artist, album)),
        album_name=album,
        artists=credits_,
        display_artist=artist,
        album_artists=credits_,
        display_album_artist=artist,
        duration=Seconds(180.0),
        size=ByteCount(20_000_000),
        suffix="flac",
        content_type="audio/flac",
        bit_rate=Kbps(900),
        path=f"{folder}/{title.replace('/', '_')}.flac",
        library_id=LibraryId(1),
        folder_id=_folder_id(LibraryId(1), folder),
        created=_CREATED,
    )
    return msgspec.structs.replace(track, **changes)


def make_video(title: str = "Film", **changes: object) -> Video:
    """Make a video of 100 seconds in the library 1; the same title gives the same id."""
    video = Video(
        id=VideoId(f"vi-{title.lower()}"),
        title=title,
        library_id=LibraryId(1),
        folder_id=_folder_id(LibraryId(1), "Films"),
        path=f"Films/{title}.mkv",
        size=ByteCount(5),
        suffix="mkv",
        content_type="video/x-matroska",
        duration=Seconds(100.0),
        bit_rate=Kbps(6000),
        width=1920,
        height=800,
        frame_rate=25.0,
        video_codec="h264",
        created=_CREATED,
    )
    return msgspec.structs.replace(video, **changes)


def make_channel(title: str = "Channel", **changes: object) -> Channel:
    """Make a podcast that was fetched without trouble."""
    channel = Channel(
        id=ChannelId("pc-1"),
        url="https://example.org/feed",
        title=title,
        description="",
        image_url="",
        artwork_id=None,
        status=PodcastStatus.COMPLETED,
        error="",
        etag="",
        last_modified="",
        failures=0,
        refreshed=None,
    )
    return msgspec.structs.replace(channel, **changes)


def fill_library(
    connection: Connection, tracks: Sequence[Track], *, albums: Iterable[Album] = ()
) -> None:
    """Write tracks with their libraries, folders, artists, albums and files, as a scan would.

    Albums follow from their tracks unless they are given. Runs in the caller's transaction;
    what was written before stays.
    """
    newest = max((track.library_id for track in tracks), default=1)
    libraries.register(connection, [(f"Music {n}", f"/music/{n}") for n in range(1, newest + 1)])
    given = {album.id: album for album in albums}
    shelves: dict[AlbumId, list[Track]] = {}
    for track in tracks:
        shelves.setdefault(track.album_id, []).append(track)
    following = {album_id: _album_of(shelf) for album_id, shelf in shelves.items()}
    credited = [
        *(credit for track in tracks for credit in (*track.artists, *track.album_artists)),
        *(part.artist for track in tracks for part in track.contributors),
        *(credit for album in given.values() for credit in album.artists),
    ]
    artists = {credit.id: make_artist(credit.name, id=credit.id) for credit in credited}
    catalogue.put_artists(connection, list(artists.values()))
    shelved = (following | given).values()
    for album in shelved:
        catalogue.put_album(connection, f"factory {album.id}", album)
    indexing.index_albums(connection, shelved)
    inventory.put_folders(connection, _folders(tracks))
    catalogue.put_tracks(
        connection,
        [TrackRecord(track=t, fingerprint=t.id, own_artwork_id=t.artwork_id) for t in tracks],
    )
    indexing.index_tracks(connection, tracks)
    inventory.put_origins(connection, [_origin(track) for track in tracks])


def _credit(name: str) -> ArtistRef:
    return ArtistRef(id=artist_id(Credit(name=name)), name=name)


def _folder_id(library_id: LibraryId, path: str) -> FolderId:
    return folder_id(f"Music {library_id}", path)


def _album_of(tracks: Sequence[Track]) -> Album:
    track = tracks[0]
    return make_album(
        track.album_name,
        id=track.album_id,
        artists=track.album_artists,
        display_artist=track.display_album_artist,
        year=track.year,
        genres=track.genres,
        library_id=track.library_id,
        folder_id=track.folder_id,
        artwork_id=track.artwork_id,
        track_count=len(tracks),
        duration=Seconds(sum(track.duration for track in tracks)),
        created=min(track.created for track in tracks),
    )


def _folders(tracks: Iterable[Track]) -> list[FolderRecord]:
    places = {
        (track.library_id, parent): None
        for track in tracks
        for parent in reversed(PurePosixPath(track.path).parents)
    }
    return [_folder(library_id, path) for library_id, path in places]


def _folder(library_id: LibraryId, path: PurePosixPath) -> FolderRecord:
    relative = "/".join(path.parts)
    return FolderRecord(
        id=_folder_id(library_id, relative),
        library_id=library_id,
        parent_id=_folder_id(library_id, "/".join(path.parts[:-1])) if path.parts else None,
        path=relative,
        name=path.name or f"Music {library_id}",
        sort_key=sort_key(path.name),
        cover="",
        artwork_id=None,
    )


def _origin(track: Track) -> OriginRecord:
    return OriginRecord(
        native_id=f"{track.library_id}/{track.path}",
        track_id=track.id,
        library_id=track.library_id,
        folder_id=track.folder_id,
        size=track.size,
        mtime_ns=1,
        ctime_ns=1,
        reading=1,
    )
