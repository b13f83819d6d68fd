"""What smart playlists ask of the texts of a track, in SQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    func,
    not_,
    select,
    true,
    tuple_,
)

from hydrophone.domain.rules import ROLES
from hydrophone.storage.folding import fold, lower_ascii
from hydrophone.storage.queries.any_case import any_case
from hydrophone.storage.queries.json_document import Predicate, any_of, items, member
from hydrophone.storage.queries.json_list import among
from hydrophone.storage.tables.music import (
    album,
    album_artist,
    artist,
    lyrics,
    track,
    track_artist,
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
_FEW_ALBUMS = 100
"""Which are told from all others sooner than all others are remembered."""
ITS_ALBUM = album.c.id == track.c.album_id


def normal(field: str, text: str) -> str:
    """Return a text as `text_matches` compares this field."""
    if field in _FOLDED:
        return " ".join(fold(text).split()) if text.strip() == text else fold(text)
    return lower_ascii(text)


def text_matches(
    field: str, predicate: Predicate, counted: Connection | None = None
) -> ColumnElement[bool]:
    """Say that a text of a track, or one of several, meets a predicate.

    `counted`: where it is counted first whether most albums or artists meet it, in the `snapshot`
    in which it is read. That is for what no index is searched for, and what nearly all may meet.
    """

    def written(column: ColumnElement[Any]) -> ColumnElement[bool]:
        return predicate(any_case(func.coalesce(column, "")))

    if field in TEXTS:
        return written(TEXTS[field])
    if field in _LISTS:
        # Most have none: a list that is not there takes longer to open than to see.
        return and_(_LISTS[field].is_not(None), any_of(_LISTS[field], written))
    if field in _FOLDED:
        return _folded_matches(field, predicate, counted)
    if field in _ARTIST_TEXTS:
        return of_artists(written(_ARTIST_TEXTS[field]), counted)
    if field in _ALBUM_ARTIST_TEXTS:
        return track.c.album_id.in_(_albums_by(written(_ALBUM_ARTIST_TEXTS[field])))
    if field == "lyrics":
        return track.c.id.in_(select(lyrics.c.track_id).where(written(lyrics.c.text)))
    if field == "discsubtitle":
        return _is_titled(written)
    if field in _ALBUM_LISTS:
        return of_album(any_of(album.c.document, written, _ALBUM_LISTS[field]), counted)
    return of_album(written(_ALBUM_TEXTS[field]), counted)


def has_text(field: str, counted: Connection) -> ColumnElement[bool]:
    """Say that a track has any text of a field; `counted` as in `text_matches`."""
    if field in TEXTS:
        return func.coalesce(TEXTS[field], "") != ""
    if field in _LISTS:
        return _LISTS[field].is_not(None)
    match field:
        case "artist":
            return track.c.has_artist
        case "genre":
            return track.c.genre_key.is_not(None)
        case "albumartist":
            nameless = album_artist.c.artist_id.in_(_artists(artist.c.name_key == ""))
            having = select(album_artist.c.album_id).where(not_(nameless))
            return of_album(album.c.id.in_(having), counted)
        case "lyrics":
            return track.c.id.in_(select(lyrics.c.track_id))
    if field in ROLES:
        return track.c.id.in_(select(track_artist.c.track_id).where(track_artist.c.role == field))
    if field in _ALBUM_ARTIST_TEXTS:
        has_one = func.coalesce(_ALBUM_ARTIST_TEXTS[field], "") != ""
        return of_album(album.c.id.in_(_albums_by(has_one)), counted)
    return text_matches(field, lambda column: column != "", counted)


def of_album(
    condition: ColumnElement[bool], counted: Connection | None = None
) -> ColumnElement[bool]:
    """Say that the album of a track meets a condition, which is never NULL.

    So, as with artists, these are looked through once, and not for each track anew.
    `counted` as in `text_matches`: where only few albums do not meet it, these are looked for.
    """
    if counted is not None:
        others = _others(counted, album, condition, _FEW_ALBUMS)
        if others:
            return not_(among(track.c.album_id, others))
        if others is not None:
            return true()
    return track.c.album_id.in_(select(album.c.id).where(condition))


def _folded_matches(
    field: str, predicate: Predicate, counted: Connection | None
) -> ColumnElement[bool]:
    match field:
        case "title":
            return predicate(track.c.name_key)
        case "album":
            return of_album(predicate(album.c.name_key), counted)
        case "albumartist":
            return track.c.album_id.in_(_albums_by(predicate(artist.c.name_key)))
        case "artist":
            return of_artists(predicate(artist.c.name_key), counted)
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


def of_artists(condition: ColumnElement[bool], counted: Connection | None) -> ColumnElement[bool]:
    """Say that one of a track's artists meets a condition, which is never NULL.

    Where three quarters of them do, tracks of the others are looked at one by one, for they may
    have further artists: to remember the tracks of all takes longer.
    """
    if counted is None:
        return credited("artist", condition)
    others = _others(counted, artist, condition, few_artists(counted))
    if others is None:
        return credited("artist", condition)
    if not others:
        return track.c.has_artist
    is_other = among(track_artist.c.artist_id, others)
    is_credited = track_artist.c.role == "artist"
    theirs = select(track_artist.c.track_id).where(is_credited, is_other)
    its_artist = and_(track_artist.c.track_id == track.c.id, is_credited)
    has_further = select(track_artist.c.role).where(its_artist, not_(is_other)).exists()
    # Not by OR, of which both sides would be worked out.
    return case((track.c.id.in_(theirs), has_further), else_=track.c.has_artist)


def few_artists(connection: Connection) -> int:
    """Return a fourth of the number of all artists, whose tracks are remembered in 20 ms."""
    few: int = connection.execute(select(func.count() // 4).select_from(artist)).scalar_one()
    return few


def _albums_by(condition: ColumnElement[bool]) -> Select[str]:
    return select(album_artist.c.album_id).where(album_artist.c.artist_id.in_(_artists(condition)))


def _others(
    connection: Connection, things: Table, condition: ColumnElement[bool], most: int
) -> str | None:
    """Find the ids of those that do not meet a condition, as `as_json` writes them.

    An empty text if there are none, and `None` if they are more than `most`.
    """
    others = select(things.c.id).where(not_(condition)).limit(most + 1).subquery()
    statement = select(func.count(), func.json_group_array(others.c.id))
    count, found = connection.execute(statement).one()
    if count > most:
        return None
    return str(found) if count else ""


def _artists(condition: ColumnElement[bool]) -> Select[tuple[str]]:
    """Find artists once, and not anew for each of their credits: there are ten times as many."""
    return select(artist.c.id).where(condition)
