"""Turns what a source says into artists, albums, tracks and folders with our ids."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from hydrophone.domain.ids import (
    ALBUM,
    FOLDER,
    TRACK,
    AlbumId,
    ArtistId,
    FolderId,
    TrackId,
    make_id,
)
from hydrophone.domain.library import Library
from hydrophone.domain.music import Album, Artist, ArtistRef, PartialDate, Track
from hydrophone.domain.remote import RemoteAlbum, RemoteArtist, RemoteFolder, RemoteTrack
from hydrophone.domain.units import Timestamp
from hydrophone.scanner.identity import artist_id
from hydrophone.scanner.parsed import Credit
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries.remote import FoundAlbum, FoundArtist, FoundFolder, FoundTrack

_ALONE = "\x1ftrack"
"""In the place of an album's native id, before that of a track that has no album."""
_TYPES = {
    "mp3": ("audio/mpeg", "mp3"),
    "flac": ("audio/flac", "flac"),
    "ogg": ("audio/ogg", "vorbis"),
    "oga": ("audio/ogg", "vorbis"),
    "opus": ("audio/ogg", "opus"),
    "m4a": ("audio/mp4", "aac"),
    "aac": ("audio/aac", "aac"),
    "wav": ("audio/wav", "pcm"),
}
"""Suffix: type and codec, where the source tells but the suffix."""


class Conversion:
    """One answer of one source; the ids of its artists are looked up before."""

    def __init__(self, library: Library, ids: Mapping[ArtistId, ArtistId]) -> None:
        """`ids` are those of artists that we have under another id (`remote.artist_ids`)."""
        self._library = library
        self._ids = ids

    def artist(self, remote: RemoteArtist) -> FoundArtist:
        """Convert an artist."""
        return FoundArtist(
            artist=Artist(
                id=self._credit(remote).id,
                name=remote.name,
                sort_name=remote.sort_name,
                musicbrainz_id=remote.musicbrainz_id,
                roles=("albumartist", "artist"),
            ),
            native_id=remote.native_id,
            artwork_url=remote.artwork_url,
        )

    def album(self, remote: RemoteAlbum, *, is_opened: bool = False) -> FoundAlbum:
        """Convert an album."""
        credits_ = tuple(map(self._credit, remote.artists))
        return FoundAlbum(
            album=Album(
                id=album_id(self._library.source, remote.native_id),
                name=remote.title,
                edition=remote.edition,
                artists=credits_,
                display_artist=_printed(remote.artists),
                year=remote.date.year if remote.date else 0,
                release_date=remote.date,
                genres=remote.genres,
                labels=remote.labels,
                release_types=remote.release_types,
                is_compilation=remote.is_compilation,
                musicbrainz_id=remote.musicbrainz_id,
                library_id=self._library.id,
                track_count=remote.track_count,
                duration=remote.duration,
                created=Timestamp(0),  # when it is first shown, says the database
            ),
            native_id=remote.native_id,
            group_id=remote.group_id,
            rank=remote.rank,
            artwork_url=remote.artwork_url,
            notes=remote.notes,
            is_opened=is_opened,
        )

    def alone(self, remote: RemoteTrack) -> FoundAlbum:
        """Make the album that a track without one is by itself."""
        found = self.album(
            RemoteAlbum(
                native_id=remote.native_id,
                title=remote.title,
                artists=remote.artists,
                date=PartialDate(year=remote.year) if remote.year else None,
                genres=remote.genres,
                release_types=("single",),
                track_count=1,
                duration=remote.duration,
                artwork_url=remote.artwork_url,
            ),
            is_opened=True,
        )
        return _with_id(found, alone_id(self._library.source, remote.native_id))

    def track(self, remote: RemoteTrack, album: FoundAlbum, position: int = 0) -> FoundTrack:
        """Convert a track of an album; `position` is its place if that was opened."""
        credits_ = remote.artists or ()
        own = tuple(map(self._credit, credits_)) or album.album.artists
        display = _printed(credits_) or album.album.display_artist
        content_type, codec = _TYPES.get(remote.suffix, ("application/octet-stream", ""))
        track = Track(
            id=track_id(self._library.source, remote.native_id),
            title=remote.title,
            album_id=album.album.id,
            album_name=album.album.name,
            artists=own,
            display_artist=display,
            album_artists=album.album.artists or own,
            display_album_artist=album.album.display_artist or display,
            disc_number=remote.disc_number,
            track_number=remote.track_number,
            year=remote.year or album.album.year,
            genres=remote.genres,
            isrcs=remote.isrcs,
            comment=remote.comment,
            explicit_status=remote.explicit_status,
            musicbrainz_id=remote.musicbrainz_id,
            replay_gain=remote.replay_gain,
            duration=remote.duration,
            size=remote.size,
            suffix=remote.suffix,
            content_type=remote.content_type or content_type,
            codec=remote.codec or codec,
            bit_rate=remote.bit_rate,
            bit_depth=remote.bit_depth,
            sampling_rate=remote.sampling_rate,
            channel_count=remote.channel_count,
            path=_path(display, album.album.name, remote),
            library_id=self._library.id,
            # The directory in which apps find it is the album itself.
            folder_id=FolderId(album.album.id),
            created=album.album.created,
        )
        return FoundTrack(
            track=track,
            native_id=remote.native_id,
            position=position,
            artwork_url=remote.artwork_url,
            refusal="" if remote.is_available else remote.unavailable_because or "Not available.",
        )

    def folder(self, remote: RemoteFolder, parent: FolderId) -> FoundFolder:
        """Convert a place in the tree."""
        return FoundFolder(
            id=folder_id(self._library.source, remote.native_id),
            parent_id=parent,
            native_id=remote.native_id,
            title=remote.title,
            artwork_url=remote.artwork_url,
        )

    def _credit(self, remote: RemoteArtist) -> ArtistRef:
        computed = _artist_id(remote)
        return ArtistRef(id=self._ids.get(computed, computed), name=remote.name)


def track_id(source: str, native_id: str) -> TrackId:
    """Compute the id of a track: the same in every database."""
    return TrackId(make_id(TRACK, source, native_id))


def album_id(source: str, native_id: str) -> AlbumId:
    """Compute the id of an album: the same in every database."""
    return AlbumId(make_id(ALBUM, source, native_id))


def alone_id(source: str, native_id: str) -> AlbumId:
    """Compute the id of the album that a track without one is by itself."""
    return AlbumId(make_id(ALBUM, source, _ALONE, native_id))


def folder_id(source: str, native_id: str) -> FolderId:
    """Compute the id of a place in a source's tree; an empty native id is its top."""
    return FolderId(make_id(FOLDER, "source", source, native_id))


def credited(
    artists: Iterable[RemoteArtist], albums: Iterable[RemoteAlbum], tracks: Iterable[RemoteTrack]
) -> Iterator[RemoteArtist]:
    """Yield everybody who is named anywhere."""
    yield from artists
    for album in albums:
        yield from album.artists
    for track in tracks:
        yield from track.artists
        if track.album is not None:
            yield from track.album.artists


def wanted_ids(artists: Iterable[RemoteArtist]) -> dict[ArtistId, str]:
    """Return {id as computed: name key if only the name is known}, for `remote.artist_ids`."""
    return {_artist_id(one): "" if one.musicbrainz_id else name_key(one.name) for one in artists}


def _artist_id(remote: RemoteArtist) -> ArtistId:
    return artist_id(Credit(name=remote.name, musicbrainz_id=remote.musicbrainz_id))


def _printed(artists: Sequence[RemoteArtist]) -> str:
    return ", ".join(one.name for one in artists)


def _with_id(found: FoundAlbum, identifier: AlbumId) -> FoundAlbum:
    # Nothing at the source that could be asked for.
    return replace(found, album=replace(found.album, id=identifier), native_id="")


def _path(artist: str, album: str, remote: RemoteTrack) -> str:
    number = f"{remote.track_number:02} " if remote.track_number else ""
    ending = f".{remote.suffix}" if remote.suffix else ""
    parts = (artist or "Unknown", album, f"{number}{remote.title}{ending}")
    return "/".join(part.replace("/", "_") for part in parts)
