"""Albums of the tag view."""

from functools import lru_cache

from msgspec import UNSET
from msgspec.structs import asdict, replace

from hydrophone.domain import music
from hydrophone.domain.annotation import Annotation
from hydrophone_subsonic.mapping.child import artists, genres
from hydrophone_subsonic.mapping.values import date, optional_date, whole
from hydrophone_subsonic.responses.album import (
    AlbumID3,
    AlbumID3WithSongs,
    DiscTitle,
    ItemDate,
    RecordLabel,
)
from hydrophone_subsonic.responses.child import Child, Marks

_NO_DATE = ItemDate()


def album_id3(album: music.Album) -> AlbumID3:
    """Describe an album without its songs."""
    annotation = album.annotation
    return AlbumID3(
        id=album.id,
        name=album.name,
        version=album.edition,
        artist=album.display_artist,
        artist_id=album.artists[0].id if album.artists else UNSET,
        cover_art=album.artwork_id or album.id,
        song_count=album.track_count,
        duration=whole(album.duration),
        play_count=annotation.play_count,
        created=date(album.created),
        starred=optional_date(annotation.starred),
        year=album.year or UNSET,
        genre=album.genres[0] if album.genres else UNSET,
        played=optional_date(annotation.last_played),
        user_rating=annotation.rating or UNSET,
        record_labels=_labels(album.labels),
        music_brainz_id=album.musicbrainz_id,
        genres=genres(album.genres),
        artists=artists(album.artists),
        display_artist=album.display_artist,
        release_types=album.release_types,
        moods=album.moods,
        sort_name=album.sort_name,
        original_release_date=_date(album.original_date),
        release_date=_date(album.release_date),
        is_compilation=album.is_compilation,
        explicit_status=album.explicit_status,
        disc_titles=tuple([_disc(one) for one in album.discs]),
    )


def plain_album_id3(album: music.Album) -> AlbumID3:
    """Describe an album that has nothing of anybody, without any of the fields of `album_marks`."""
    return replace(album_id3(album), play_count=UNSET)


def album_marks(annotation: Annotation, average_rating: float) -> Marks:
    """Describe what a user has left on an album; here it has no field for the average."""
    return Marks(
        user_rating=annotation.rating or UNSET,
        play_count=annotation.play_count,
        starred=optional_date(annotation.starred),
        played=optional_date(annotation.last_played),
    )


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
