"""What pictures are asked for: everything that has an id shows one."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from hydrophone.domain.ids import (
    ALBUM,
    ARTIST,
    ARTWORK,
    CHANNEL,
    EPISODE,
    FOLDER,
    MOSAIC,
    PLAYLIST,
    STATION,
    TRACK,
    VIDEO,
    ArtworkId,
    UserId,
    VideoId,
    kind_of,
)
from hydrophone.domain.made_playlist import MadeKind, made_kind
from hydrophone.domain.nsp import read_rules
from hydrophone.domain.playlist import Playlist
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.domain.user import User
from hydrophone.plugin.capabilities.artwork import ArtworkRequest, ArtworkSubject
from hydrophone.storage.queries import (
    artists,
    artwork,
    episodes,
    folders,
    libraries,
    made_playlists,
    playlists,
    podcasts,
    radio,
    remote,
    remote_origins,
    videos,
)
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.rules import Viewpoint
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.queries.videos import VIDEOS

_LATEST_FRAME = 300.0
"""Seconds: to get there takes long in some files."""
_PARTS_OF_MOSAIC = 4
"""Pictures that a mosaic is made of; with fewer the first one stands alone."""


class Frame(Struct, frozen=True):
    """What a video without a picture of its own shows at some time."""

    video_id: VideoId
    size: ByteCount
    """Of the file: another file is another picture."""
    library_id: int
    path: str
    """Escaped and relative to the library's root."""
    at: Seconds

    def __str__(self) -> str:
        return f"{self.video_id}.{self.size}"


class OfSource(Struct, frozen=True):
    """What a source has as the picture of a thing, wherever it keeps that."""

    id: str

    def __str__(self) -> str:
        return self.id


class Sought(Struct, frozen=True):
    """What files or plugins may have as the picture of an artist or album."""

    request: ArtworkRequest
    has_other: bool = False
    """Whether something else is shown if nobody has one, or not soon."""

    def __str__(self) -> str:
        return self.request.artwork_id or self.request.id


AnyPicture = ArtworkId | Frame | OfSource | Sought


class Subject(Struct, frozen=True):
    """What a picture is asked for: its own pictures, four for a mosaic, and its name."""

    pictures: tuple[AnyPicture, ...]
    name: str
    otherwise: tuple[AnyPicture, ...] = ()
    """What is shown if none of its own can be."""


def find_subject(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    """Return the artwork, album, track, artist, folder, playlist, podcast, episode, station, video.

    Or the library with this number. `None` if there is none that the viewer may see.
    """
    find = _BY_KIND.get(kind_of(identifier), _library)
    return find(connection, viewer, identifier)


def _artwork(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    known = artwork.is_visible(connection, viewer.libraries, identifier)
    return Subject((ArtworkId(identifier),), "") if known else None


def _album(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    album = ALBUMS.one(connection, viewer.id, identifier) or remote.ALBUMS.one(
        connection, viewer.id, identifier
    )
    if album is None or album.library_id not in viewer.libraries:
        return None
    if album.artwork_id is None and remote_origins.album_origin(connection, identifier) is not None:
        return Subject((OfSource(identifier),), album.name)
    request = ArtworkRequest(
        subject=ArtworkSubject.ALBUM,
        id=album.id,
        name=album.name,
        artists=tuple(artist.name for artist in album.artists),
        musicbrainz_id=album.musicbrainz_id,
        artwork_id=album.artwork_id or "",
    )
    return Subject((Sought(request),), album.name)


def _track(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    track = TRACKS.one(connection, viewer.id, identifier) or remote.TRACKS.one(
        connection, viewer.id, identifier
    )
    if track is None or track.library_id not in viewer.libraries:
        return None
    origin = (
        remote_origins.track_origin(connection, identifier) if track.artwork_id is None else None
    )
    if origin is not None:
        shows = identifier if origin.artwork_url else track.album_id
        return Subject((OfSource(shows),), track.album_name)
    if track.artwork_id is None:
        return _album(connection, viewer, track.album_id)
    return _subject(track.artwork_id, track.album_name)


def _artist(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    artist = artists.one(connection, viewer.id, viewer.libraries, identifier)
    if artist is None:
        known = remote.artist_one(connection, viewer.libraries, identifier)
        return None if known is None else Subject((OfSource(identifier),), known.name)
    portrait = artwork.portrait(connection, viewer.libraries, artist.id, artist.name)
    cover = artwork.newest_cover(connection, viewer.libraries, artist.id)
    if (
        portrait is None
        and cover is None
        and remote_origins.artist_origins(connection, viewer.libraries, artist.id)
    ):
        return Subject((OfSource(artist.id),), artist.name)
    request = ArtworkRequest(
        subject=ArtworkSubject.ARTIST,
        id=artist.id,
        name=artist.name,
        musicbrainz_id=artist.musicbrainz_id,
        artwork_id=portrait or "",
    )
    sought = Sought(request, has_other=cover is not None)
    return Subject((sought,), artist.name, (cover,) if cover else ())


def _folder(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    folder = folders.one(connection, viewer.libraries, identifier)
    if folder is None:
        place = remote.folder_one(connection, viewer.libraries, identifier)
        return None if place is None else Subject((OfSource(identifier),), place.title)
    return _subject(artwork.of_folder(connection, folder.id), folder.name)


def _library(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    number = next((number for number in viewer.libraries if str(number) == identifier), None)
    if number is None:
        return None
    (known,) = libraries.statuses(connection, (number,))
    root = folders.root(connection, number)
    return _subject(artwork.of_folder(connection, root.id) if root else None, known.name)


def _playlist(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    kind = made_kind(identifier, viewer.id)
    if kind is not None:
        return _of_made(connection, viewer, kind)
    return _of_playlist(connection, viewer, playlists.one(connection, identifier))


def _mosaic(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    return _of_playlist(connection, viewer, playlists.of_picture(connection, identifier))


def _of_made(connection: Connection, viewer: User, kind: MadeKind) -> Subject:
    chosen = made_playlists.chosen(connection, kind, viewer.id, viewer.libraries, None).track_ids
    here = TRACKS.by_ids(connection, viewer.id, chosen)
    tracks = remote.TRACKS.by_ids(connection, viewer.id, chosen) | here
    pictures: list[AnyPicture] = []
    for track in (tracks[one] for one in chosen if one in tracks):
        picture = track.artwork_id or OfSource(track.album_id)
        is_known = track.artwork_id or remote_origins.album_origin(connection, track.album_id)
        if is_known and picture not in pictures:
            pictures.append(picture)
        if len(pictures) == _PARTS_OF_MOSAIC:
            break
    return _mosaic_of(pictures, kind)


def _of_playlist(
    connection: Connection, viewer: User, known: tuple[UserId, Playlist] | None
) -> Subject | None:
    if known is None or not (known[0] == viewer.id or known[1].is_public):
        return None
    playlist = known[1]
    if playlist.rules:
        view = Viewpoint(
            viewer=viewer.id,
            libraries=viewer.libraries,
            playlist_id=playlist.id,
            # The picture has the id of the last change, so it is the one of that time.
            now=playlist.changed,
        )
        rules = read_rules(playlist.rules)
        found = artwork.of_rules(connection, rules, view, _PARTS_OF_MOSAIC)
    else:
        found = artwork.of_playlist(connection, viewer.libraries, playlist.id, _PARTS_OF_MOSAIC)
    return _mosaic_of(found, playlist.name)


def _mosaic_of(pictures: Sequence[AnyPicture], name: str) -> Subject:
    few = 1 if len(pictures) < _PARTS_OF_MOSAIC else _PARTS_OF_MOSAIC
    return Subject(tuple(pictures[:few]), name)


def _channel(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    channel = podcasts.one(connection, identifier)
    return None if channel is None else _subject(channel.artwork_id, channel.title)


def _episode(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    episode = episodes.by_ids(connection, viewer.id, [identifier]).get(identifier)
    return None if episode is None else _subject(episode.artwork_id, episode.channel_title)


def _station(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    station = radio.one(connection, identifier)
    return None if station is None else _subject(None, station.name)


def _video(connection: Connection, viewer: User, identifier: str) -> Subject | None:
    video = VIDEOS.one(connection, viewer.id, identifier)
    if video is None or video.library_id not in viewer.libraries:
        return None
    place = videos.local_file(connection, identifier)
    if video.artwork_id is not None or place is None:
        return _subject(video.artwork_id, video.title)
    # Films begin in the dark.
    at = Seconds(min(video.duration / 10, _LATEST_FRAME))
    return Subject((Frame(video.id, video.size, *place, at),), video.title)


def _subject(artwork_id: ArtworkId | None, name: str) -> Subject:
    return Subject((artwork_id,) if artwork_id else (), name)


_BY_KIND: Mapping[str, Callable[[Connection, User, str], Subject | None]] = {
    ARTWORK: _artwork,
    ALBUM: _album,
    TRACK: _track,
    ARTIST: _artist,
    FOLDER: _folder,
    PLAYLIST: _playlist,
    MOSAIC: _mosaic,
    CHANNEL: _channel,
    EPISODE: _episode,
    STATION: _station,
    VIDEO: _video,
}
