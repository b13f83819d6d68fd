"""Tracks, and in the folder view folders and albums, as Child."""

from functools import lru_cache
from math import isfinite

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from hydrophone.domain import music
from hydrophone.domain.annotation import Annotation
from hydrophone.domain.library import Folder
from hydrophone_subsonic.mapping.values import date, optional_date, whole
from hydrophone_subsonic.responses.child import (
    ArtistReference,
    Child,
    Contributor,
    FolderChild,
    ItemGenre,
    Marks,
    Movement,
    ReplayGain,
    Work,
)


def song(track: music.Track, parent: str = "") -> Child:
    """Describe a track; `parent` is the directory that it is shown in, by default its folder."""
    annotation = track.annotation
    # By position, in the order of Child: Python collects more than 15 names in a dict first,
    # and that takes as long as all the rest.
    return Child(
        track.id,
        False,  # is_dir
        track.title,
        track.artwork_id or track.id,  # cover_art
        parent or track.folder_id,
        track.album_name,
        track.display_artist,  # artist
        track.track_number or UNSET,
        track.year or UNSET,
        track.genres[0] if track.genres else UNSET,  # genre
        track.size or UNSET,
        track.content_type,
        track.suffix,
        whole(track.duration),
        UNSET if annotation.bookmark is None else annotation.bookmark,
        track.bit_rate,
        track.path,
        annotation.rating or UNSET,
        track.average_rating or UNSET,
        annotation.play_count,
        track.disc_number or UNSET,
        date(track.created),
        optional_date(annotation.starred),
        track.album_id,
        track.artists[0].id if track.artists else UNSET,  # artist_id
        "song",  # media_type
        optional_date(annotation.last_played),
        track.bpm,
        track.comment,
        track.sort_title,
        track.musicbrainz_id,
        track.display_artist,
        track.display_album_artist,
        track.display_composer,
        track.explicit_status,
        track.bit_depth,
        track.sampling_rate,
        track.channel_count,
        track.isrcs,
        genres(track.genres),
        artists(track.artists),
        artists(track.album_artists),
        tuple(map(_contributor, track.contributors)) if track.contributors else (),
        track.moods,
        track.groupings,
        tuple([Work(name=name) for name in track.works]) if track.works else (),
        tuple([Movement(name=name) for name in track.movements]) if track.movements else (),
        _replay_gain(track.replay_gain),
    )


def plain_song(track: music.Track) -> Child:
    """Describe a track that has nothing of anybody, without any of the fields of `marks_of`."""
    return replace(song(track), play_count=UNSET)


def marks_of(annotation: Annotation, average_rating: float) -> Marks:
    """Describe what a user has left on a track or an album, and how all have rated it."""
    return Marks(
        bookmark_position=UNSET if annotation.bookmark is None else annotation.bookmark,
        user_rating=annotation.rating or UNSET,
        average_rating=average_rating or UNSET,
        play_count=annotation.play_count,
        starred=optional_date(annotation.starred),
        played=optional_date(annotation.last_played),
    )


def plain_album_directory(album: music.Album) -> Child:
    """Describe an album that has nothing of anybody, without any of the fields of `marks_of`."""
    return replace(album_directory(album), play_count=UNSET)


def album_directory(album: music.Album) -> Child:
    """Describe an album as a directory, which getMusicDirectory opens by the album's id."""
    annotation = album.annotation
    artist_id = album.artists[0].id if album.artists else UNSET
    return Child(
        id=album.id,
        parent=artist_id,
        is_dir=True,
        title=album.name,
        name=album.name,
        album=album.name,
        artist=album.display_artist,
        year=album.year or UNSET,
        genre=album.genres[0] if album.genres else UNSET,
        cover_art=album.artwork_id or album.id,
        song_count=album.track_count,
        duration=whole(album.duration),
        user_rating=annotation.rating or UNSET,
        average_rating=album.average_rating or UNSET,
        play_count=annotation.play_count,
        created=date(album.created),
        starred=optional_date(annotation.starred),
        album_id=album.id,
        artist_id=artist_id,
        media_type="album",
        played=optional_date(annotation.last_played),
        sort_name=album.sort_name,
        music_brainz_id=album.musicbrainz_id,
        display_artist=album.display_artist,
        display_album_artist=album.display_artist,
        explicit_status=album.explicit_status,
        genres=genres(album.genres),
        artists=artists(album.artists),
        album_artists=artists(album.artists),
        moods=album.moods,
    )


def folder_directory(folder: Folder, parent: str) -> FolderChild:
    """Describe a real folder in the directory `parent`, with what users have left on it."""
    album = folder.album
    if album is None:
        return FolderChild(
            id=folder.id,
            title=folder.name,
            cover_art=folder.id,
            parent=parent,
            user_rating=folder.annotation.rating or UNSET,
            average_rating=folder.average_rating or UNSET,
            starred=optional_date(folder.annotation.starred),
        )
    return FolderChild(
        id=folder.id,
        title=folder.name,
        cover_art=album.artwork_id or folder.id,
        parent=parent,
        album=album.name,
        artist=album.display_artist,
        year=album.year or UNSET,
        genre=album.genres[0] if album.genres else UNSET,
        user_rating=album.annotation.rating or UNSET,
        average_rating=album.average_rating or UNSET,
        play_count=album.annotation.play_count,
        created=date(album.created),
        starred=optional_date(album.annotation.starred),
        album_id=album.id,
        artist_id=album.artists[0].id if album.artists else UNSET,
    )


def plain_folder(folder: Folder, parent: str) -> FolderChild:
    """Describe a folder that has nothing of anybody, without any of the fields of `Marks`."""
    return replace(folder_directory(folder, parent), play_count=UNSET)


def album_folder_marks(annotation: Annotation, average_rating: float) -> Marks:
    """Describe what was left on the album that a folder is: when it was played is not said."""
    return Marks(
        user_rating=annotation.rating or UNSET,
        average_rating=average_rating or UNSET,
        play_count=annotation.play_count,
        starred=optional_date(annotation.starred),
    )


def folder_marks(annotation: Annotation, average_rating: float) -> Marks:
    """Describe what was left on a folder that is no album: only an album has been played."""
    return Marks(
        user_rating=annotation.rating or UNSET,
        average_rating=average_rating or UNSET,
        starred=optional_date(annotation.starred),
    )


@lru_cache(maxsize=1024)
def genres(names: tuple[str, ...]) -> tuple[ItemGenre, ...]:
    """List the genres of one thing; a library has few different lists of them."""
    return tuple([ItemGenre(name=name) for name in names])


@lru_cache(maxsize=256)
def artists(references: tuple[music.ArtistRef, ...]) -> tuple[ArtistReference, ...]:
    """List the artists to whom one thing is credited; the songs of an album share theirs."""
    return tuple([ArtistReference(id=one.id, name=one.name) for one in references])


def _contributor(contributor: music.Contributor) -> Contributor:
    return Contributor(
        role=contributor.role,
        sub_role=contributor.sub_role or UNSET,
        artist=ArtistReference(id=contributor.artist.id, name=contributor.artist.name),
    )


_NO_REPLAY_GAIN = ReplayGain()


def _replay_gain(gain: music.ReplayGain | None) -> ReplayGain:
    if gain is None:
        return _NO_REPLAY_GAIN
    return ReplayGain(
        track_gain=_finite(gain.track_gain),
        album_gain=_finite(gain.album_gain),
        track_peak=_finite(gain.track_peak),
        album_peak=_finite(gain.album_peak),
        base_gain=_finite(gain.base_gain),
    )


def _finite(number: float | None) -> float | UnsetType:
    """Drop what JSON cannot say: tags hold `nan` and `-inf` too."""
    return UNSET if number is None or not isfinite(number) else number
