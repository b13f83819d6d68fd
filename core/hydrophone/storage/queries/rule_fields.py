"""Where the fields of smart playlists are in the tables, for one viewer."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, select

from hydrophone.domain.ids import UserId
from hydrophone.domain.rules import ROLES
from hydrophone.storage.folding import fold
from hydrophone.storage.queries.json_document import Predicate, any_of, member
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import (
    album,
    album_artist,
    artist,
    track,
    track_artist,
    track_genre,
)
from hydrophone.storage.tables.origin import origin

_FOLDED = frozenset({"title", "album", "artist", "albumartist", "genre", *ROLES})
"""Texts that the tables have without case and accents."""
_LISTS: Mapping[str, str] = {
    "mood": "moods",
    "grouping": "groupings",
    "isrc": "isrcs",
    "work": "works",
    "language": "languages",
}
_ALBUM_LISTS: Mapping[str, str] = {
    "albumtype": "release_types",
    "releasetype": "release_types",
    "recordlabel": "labels",
}
_TEXTS: Mapping[str, str] = {
    "comment": "comment",
    "filetype": "suffix",
    "filepath": "path",
    "explicitstatus": "explicit_status",
}
_SORT_TEXTS: Mapping[str, str] = {
    **_TEXTS,
    "artist": "display_artist",
    "albumartist": "display_album_artist",
}
_NUMBERS: Mapping[str, str] = {
    "bitrate": "bit_rate",
    "bitdepth": "bit_depth",
    "samplerate": "sampling_rate",
    "channels": "channel_count",
    "size": "size",
    "bpm": "bpm",
}
_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "year": track.c.year,
    "tracknumber": track.c.track_number,
    "discnumber": track.c.disc_number,
    "duration": track.c.duration,
    "library_id": track.c.library_id,
    "dateadded": track.c.created,
    # The viewer's own: the statement joins them.
    "rating": func.coalesce(annotation.c.rating, 0),
    "playcount": func.coalesce(annotation.c.play_count, 0),
    "loved": annotation.c.starred.is_not(None),
    "lastplayed": annotation.c.last_played,
    "dateloved": annotation.c.starred,
}


def normal(field: str, text: str) -> str:
    """Return a text as `text_matches` compares this field."""
    if field in _FOLDED:
        return " ".join(fold(text).split()) if text.strip() == text else fold(text)
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def text_matches(field: str, predicate: Predicate) -> ColumnElement[bool]:
    """Say that a text of a track, or one of several, meets a predicate."""
    if field == "title":
        return predicate(track.c.name_key)
    if field == "album":
        return exists().where(album.c.id == track.c.album_id, predicate(album.c.name_key))
    if field == "genre":
        return exists().where(
            track_genre.c.track_id == track.c.id, predicate(track_genre.c.genre_key)
        )
    if field == "albumartist":
        return exists().where(
            album_artist.c.album_id == track.c.album_id,
            artist.c.id == album_artist.c.artist_id,
            predicate(artist.c.name_key),
        )
    if field in _FOLDED:
        return exists().where(
            track_artist.c.track_id == track.c.id,
            track_artist.c.role == field,
            artist.c.id == track_artist.c.artist_id,
            predicate(artist.c.name_key),
        )

    def lower(column: ColumnElement[Any]) -> ColumnElement[bool]:
        return predicate(func.lower(column))

    if field in _LISTS:
        return any_of(track.c.document, _LISTS[field], lower)
    if field in _ALBUM_LISTS:
        here = album.c.id == track.c.album_id
        return any_of(album.c.document, _ALBUM_LISTS[field], lower, here)
    return lower(func.coalesce(member(track.c.document, _TEXTS[field]), ""))


def value_of(field: str, viewer: UserId) -> ColumnElement[Any]:
    """Return a number, a truth or a moment (milliseconds, NULL for never) of a track."""
    if field in _COLUMNS:
        return _COLUMNS[field]
    if field in _NUMBERS:
        return func.coalesce(member(track.c.document, _NUMBERS[field]), 0)
    match field:
        case "datemodified":
            modified = select(func.max(origin.c.mtime_ns)).where(origin.c.track_id == track.c.id)
            return modified.scalar_subquery() / 1_000_000
        case "hascoverart":
            return member(track.c.document, "artwork_id").is_not(None)
        case "compilation":
            flag = member(album.c.document, "is_compilation")
            return exists().where(album.c.id == track.c.album_id, flag)
        case "albumloved":
            return _of_album(annotation.alias().c.starred, viewer).is_not(None)
        case "albumlastplayed":
            return _of_album(annotation.alias().c.last_played, viewer)
        case "artistloved":
            return _of_artists(annotation.alias().c.starred, viewer).is_not(None)
    of = _of_album if field.startswith("album") else _of_artists
    theirs = annotation.alias()
    column = theirs.c.rating if field.endswith("rating") else theirs.c.play_count
    return func.coalesce(of(column, viewer), 0)


def sort_key(field: str, viewer: UserId) -> ColumnElement[Any]:
    """Return what tracks are ordered by for a field that can be sorted by."""
    match field:
        case "title":
            return track.c.name_key
        case "album":
            named = select(album.c.sort_key).where(album.c.id == track.c.album_id)
            return named.scalar_subquery()
        case "genre":
            first = select(func.min(track_genre.c.genre_key))
            return first.where(track_genre.c.track_id == track.c.id).scalar_subquery()
    if field in _SORT_TEXTS:
        return func.lower(member(track.c.document, _SORT_TEXTS[field]))
    return value_of(field, viewer)


def _of_album(column: ColumnElement[Any], viewer: UserId) -> ScalarSelect[Any]:
    theirs = column.table
    return (
        select(column)
        .where(theirs.c.user_id == viewer, theirs.c.item_id == track.c.album_id)
        .scalar_subquery()
    )


def _of_artists(column: ColumnElement[Any], viewer: UserId) -> ScalarSelect[Any]:
    theirs = column.table
    credited = and_(track_artist.c.track_id == track.c.id, track_artist.c.role == "artist")
    return (
        select(func.max(column))
        .join(track_artist, track_artist.c.artist_id == theirs.c.item_id)
        .where(credited, theirs.c.user_id == viewer)
        .scalar_subquery()
    )
