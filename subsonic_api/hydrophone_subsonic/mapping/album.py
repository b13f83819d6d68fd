"""Albums of the tag view."""

from functools import lru_cache

from msgspec import UNSET
from msgspec.structs import asdict

from hydrophone.domain import music
from hydrophone.domain.annotation import UNTOUCHED
from hydrophone_subsonic.fragments import Fragments
from hydrophone_subsonic.mapping.child import artists, genres
from hydrophone_subsonic.mapping.values import date, optional_date, whole
from hydrophone_subsonic.responses.album import (
    AlbumID3,
    AlbumID3WithSongs,
    DiscTitle,
    ItemDate,
    RecordLabel,
)
from hydrophone_subsonic.responses.child import Child

_NO_DATE = ItemDate()


def album_id3(album: music.Album) -> AlbumID3:
    """Describe an album without its songs."""
    # What a user has left on an album makes an object of its own, which comes but once.
    return _UNTOUCHED.of(album) if album.annotation is UNTOUCHED else _album_id3(album)


def _album_id3(album: music.Album) -> AlbumID3:
    annotation = album.annotation
    # By position, in the order of the declaration: 28 keywords cost a third of the mapping, and
    # lists come with 500 albums.
    return AlbumID3(
        album.id,
        album.name,
        album.edition,
        album.display_artist,
        album.artists[0].id if album.artists else UNSET,
        album.artwork_id or album.id,
        album.track_count,
        whole(album.duration),
        annotation.play_count,
        date(album.created),
        optional_date(annotation.starred),
        album.year or UNSET,
        album.genres[0] if album.genres else UNSET,
        optional_date(annotation.last_played),
        annotation.rating or UNSET,
        _labels(album.labels),
        album.musicbrainz_id,
        genres(album.genres),
        artists(album.artists),
        album.display_artist,
        album.release_types,
        album.moods,
        album.sort_name,
        _date(album.original_date),
        _date(album.release_date),
        album.is_compilation,
        album.explicit_status,
        tuple([_disc(one) for one in album.discs]),
    )


_UNTOUCHED = Fragments(_album_id3, size=6000)


def album_with_songs(album: music.Album, songs: tuple[Child, ...]) -> AlbumID3WithSongs:
    """Describe an album with its songs."""
    return AlbumID3WithSongs(**asdict(album_id3(album)), song=songs)


def _disc(disc: music.Disc) -> DiscTitle:
    return DiscTitle(disc=disc.number, title=disc.title, cover_art=disc.artwork_id or UNSET)


@lru_cache(maxsize=1024)
def _labels(names: tuple[str, ...]) -> tuple[RecordLabel, ...]:
    return tuple([RecordLabel(name=name) for name in names])


def _date(date: music.PartialDate | None) -> ItemDate:
    if date is None or not date.year:
        return _NO_DATE
    return ItemDate(year=date.year, month=date.month or UNSET, day=date.day or UNSET)
