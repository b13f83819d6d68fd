"""What smart playlists ask of the texts of a track, in SQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_

from hydrophone.domain.rules import ROLES
from hydrophone.storage.folding import fold, lower_ascii
from hydrophone.storage.queries.any_case import any_case
from hydrophone.storage.queries.json_document import Predicate, any_of, items, member
from hydrophone.storage.tables.music import (
    album,
    album_artist,
    artist,
    lyrics,
    track,
    track_artist,
    track_genre,
)

_FOLDED = frozenset({"title", "album", "artist", "albumartist", "genre", *ROLES})
"""Texts that the tables have without case and accents."""
_LISTS: Mapping[str, ColumnElement[str]] = {
    "mood": track.c.moods,
    "grouping": track.c.groupings,
    "isrc": track.c.isrcs,
    "work": track.c.works,
    "movementname": track.c.movements,
    "language": track.c.languages,
}
_ALBUM_LISTS: Mapping[str, str] = {
    "albumtype": "release_types",
    "releasetype": "release_types",
    "recordlabel": "labels",
}
TEXTS: Mapping[str, ColumnElement[str]] = {
    "filetype": track.c.suffix,
    "codec": track.c.codec,
    "comment": track.c.comment,
    "filepath": track.c.path,
    "explicitstatus": track.c.explicit_status,
    "sorttitle": track.c.sort_title,
    "mbz_recording_id": track.c.musicbrainz_id,
}
_ALBUM_TEXTS: Mapping[str, ColumnElement[str]] = {
    "albumversion": album.c.edition_key,
    "albumcomment": album.c.edition_key,
    "sortalbum": member(album.c.document, "sort_name"),
    "mbz_album_id": album.c.musicbrainz_key,
}
_ARTIST_TEXTS: Mapping[str, ColumnElement[str]] = {
    "sortartist": member(artist.c.document, "sort_name"),
    "mbz_artist_id": artist.c.musicbrainz_id,
}
_ALBUM_ARTIST_TEXTS: Mapping[str, ColumnElement[str]] = {
    "sortalbumartist": member(artist.c.document, "sort_name"),
    "mbz_album_artist_id": artist.c.musicbrainz_id,
}
ITS_ALBUM = album.c.id == track.c.album_id


def normal(field: str, text: str) -> str:
    """Return a text as `text_matches` compares this field."""
    if field in _FOLDED:
        return " ".join(fold(text).split()) if text.strip() == text else fold(text)
    return lower_ascii(text)


def text_matches(field: str, predicate: Predicate) -> ColumnElement[bool]:
    """Say that a text of a track, or one of several, meets a predicate."""

    def written(column: ColumnElement[Any]) -> ColumnElement[bool]:
        return predicate(any_case(func.coalesce(column, "")))

    if field in TEXTS:
        return written(TEXTS[field])
    if field in _LISTS:
        # Most have none: a list that is not there takes longer to open than to see.
        return and_(_LISTS[field].is_not(None), any_of(_LISTS[field], written))
    if field in _FOLDED:
        return _folded_matches(field, predicate)
    if field in _ARTIST_TEXTS:
        return credited("artist", written(_ARTIST_TEXTS[field]))
    if field in _ALBUM_ARTIST_TEXTS:
        return _album_credited(written(_ALBUM_ARTIST_TEXTS[field]))
    if field == "lyrics":
        return track.c.id.in_(select(lyrics.c.track_id).where(written(lyrics.c.text)))
    if field == "discsubtitle":
        return _is_titled(written)
    if field in _ALBUM_LISTS:
        return of_album(any_of(album.c.document, written, _ALBUM_LISTS[field]))
    return of_album(written(_ALBUM_TEXTS[field]))


def has_text(field: str) -> ColumnElement[bool]:
    """Say that a track has any text of a field."""
    if field in TEXTS:
        return func.coalesce(TEXTS[field], "") != ""
    if field in _LISTS:
        return _LISTS[field].is_not(None)
    match field:
        case "artist":
            return track.c.has_artist
        case "genre":
            return track.c.genre_key.is_not(None)
        case "lyrics":
            return track.c.id.in_(select(lyrics.c.track_id))
    if field in ROLES:
        return track.c.id.in_(select(track_artist.c.track_id).where(track_artist.c.role == field))
    return text_matches(field, lambda column: column != "")


def of_album(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that the album of a track meets a condition.

    So, as with artists and genres, these are looked through once, and not for each track anew.
    """
    return track.c.album_id.in_(select(album.c.id).where(condition))


def _folded_matches(field: str, predicate: Predicate) -> ColumnElement[bool]:
    match field:
        case "title":
            return predicate(track.c.name_key)
        case "album":
            return of_album(predicate(album.c.name_key))
        case "genre":
            having = select(track_genre.c.track_id).where(predicate(track_genre.c.genre_key))
            return track.c.id.in_(having)
        case "albumartist":
            return _album_credited(predicate(artist.c.name_key))
    return credited(field, predicate(artist.c.name_key))


def _is_titled(predicate: Predicate) -> ColumnElement[bool]:
    """Say that the title of a track's disc meets a predicate."""
    discs = items(album.c.document, "discs")
    titled = select(album.c.id, member(discs.c.value, "number")).where(
        predicate(member(discs.c.value, "title"))
    )
    return tuple_(track.c.album_id, track.c.disc_number).in_(titled)


def credited(role: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that one of those who have a part in the track meets a condition."""
    theirs = select(track_artist.c.track_id).where(
        track_artist.c.role == role, track_artist.c.artist_id.in_(_artists(condition))
    )
    return track.c.id.in_(theirs)


def _album_credited(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    theirs = select(album_artist.c.album_id).where(
        album_artist.c.artist_id.in_(_artists(condition))
    )
    return track.c.album_id.in_(theirs)


def _artists(condition: ColumnElement[bool]) -> Select[tuple[str]]:
    """Find artists once, and not anew for each of their credits: there are ten times as many."""
    return select(artist.c.id).where(condition)
