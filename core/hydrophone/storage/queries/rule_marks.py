"""What smart playlists ask of stars, ratings and plays, in SQL.

Few things have any: they are looked up by those, and not each track of the library for them.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    ScalarSelect,
    Subquery,
    and_,
    false,
    func,
    literal,
    null,
    or_,
    select,
)

from hydrophone.domain.ids import ALBUM, ARTIST, TRACK, UserId
from hydrophone.domain.rules import FIELDS, Kind
from hydrophone.storage.queries.annotated import of_kind
from hydrophone.storage.queries.json_document import Predicate
from hydrophone.storage.queries.rating import average_of, average_rating, is_rated
from hydrophone.storage.queries.rule_texts import credited, few_artists
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import artist, track, track_artist

AVERAGE = "averagerating"
_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "rating": annotation.c.rating,
    "playcount": annotation.c.play_count,
    "loved": annotation.c.starred,
    "lastplayed": annotation.c.last_played,
    "dateloved": annotation.c.starred,
    "daterated": annotation.c.rated,
}
_ALBUM, _ARTIST = "album", "artist"
MARKS = frozenset({AVERAGE, *(of + name for of in ("", _ALBUM, _ARTIST) for name in _COLUMNS)})
"""Fields that a viewer has left on a track, on its album or on its artists, and one of all."""


def mark_of(field: str, viewer: UserId) -> ColumnElement[Any]:
    """Return what a track has in one of MARKS: a number is 0 and a date NULL without any."""
    key, left = marks_left(field, viewer)
    if FIELDS[field] is Kind.TRUTH:
        return key.in_(select(left.c.key).where(left.c.value.is_not(None)))
    value = select(left.c.value).where(left.c.key == key).scalar_subquery()
    return func.coalesce(value, 0) if FIELDS[field] is Kind.NUMBER else value


def mark_of_few(field: str, viewer: UserId) -> ColumnElement[Any]:
    """Return what `mark_of` does, faster for few tracks: it is looked up for each.

    For all tracks the marks of artists are put together once, since there may be few of these,
    and so are averages.
    """
    if field == AVERAGE:
        return func.coalesce(average_rating(track.c.id), 0)
    if not is_of_artists(field):
        return mark_of(field, viewer)
    value = _highest(field, viewer)
    if FIELDS[field] is Kind.TRUTH:
        return value.is_not(None)
    return func.coalesce(value, 0) if FIELDS[field] is Kind.NUMBER else value


def mark_meets(
    field: str, viewer: UserId, predicate: Predicate, counted: Connection
) -> ColumnElement[bool]:
    """Say that what `mark_of` returns meets a predicate, never NULL; of a truth its moment does.

    `counted` as by texts.
    """
    if is_of_artists(field):
        return _artists_meet(field, viewer, predicate, counted)
    key, left = marks_left(field, viewer)
    meeting = key.in_(select(left.c.key).where(predicate(left.c.value)))
    if FIELDS[field] is not Kind.NUMBER:
        return meeting
    untouched = and_(predicate(literal(0)), key.not_in(select(left.c.key)))
    return or_(meeting, untouched)


def _artists_meet(
    field: str, viewer: UserId, predicate: Predicate, counted: Connection
) -> ColumnElement[bool]:
    """Say it of the marks of artists, of whom a track may have several: the highest one counts.

    The tracks of few artists are looked for; where many artists meet it, or all that have no mark,
    each track is looked at, which ends as soon as so many are found as are wanted.
    """
    column = column_of(field)
    highest: ColumnElement[Any] = _highest(field, viewer)
    none: ColumnElement[Any] = null()
    if FIELDS[field] is Kind.NUMBER:
        highest, none = func.coalesce(highest, 0), literal(0)
    its_own = func.coalesce(predicate(highest), false())
    marked = select(annotation.c.item_id).where(annotation.c.user_id == viewer, of_kind(ARTIST))
    meeting = marked.where(predicate(column))
    count = select(func.count()).select_from(meeting.subquery()).scalar_subquery()
    unmarked_do = func.coalesce(predicate(none), false())
    found, most_do = counted.execute(select(count, unmarked_do)).one()
    if found < few_artists(counted) and not most_do:
        return and_(credited("artist", artist.c.id.in_(meeting)), its_own)
    return its_own


def _highest(field: str, viewer: UserId) -> ScalarSelect[Any]:
    """Return the highest mark that an artist of a track has, NULL if none has any."""
    return (
        select(func.max(column_of(field)))
        .join_from(track_artist, annotation, annotation.c.item_id == track_artist.c.artist_id)
        .where(
            track_artist.c.track_id == track.c.id,
            track_artist.c.role == "artist",
            annotation.c.user_id == viewer,
        )
        .scalar_subquery()
    )


def is_of_artists(field: str) -> bool:
    """Tell whether one of MARKS is what is left on the artists of a track."""
    return field.startswith(_ARTIST)


def kind_of_marks(field: str) -> str:
    """Return the kind of id of the things that have one of MARKS."""
    if is_of_artists(field):
        return ARTIST
    return ALBUM if field.startswith(_ALBUM) else TRACK


def key_of(field: str) -> ColumnElement[str]:
    """Return by what the thing of a track is found, which is no artist."""
    return track.c.album_id if field.startswith(_ALBUM) else track.c.id


def column_of(field: str, annotations: FromClause = annotation) -> ColumnElement[Any]:
    """Return the column of what is left, in the table or an alias of it."""
    name = _COLUMNS[field.removeprefix(_ALBUM).removeprefix(_ARTIST)].name
    column: ColumnElement[Any] = annotations.c[name]
    return column


def marks_left(field: str, viewer: UserId) -> tuple[ColumnElement[str], Subquery]:
    """Return by what a track is found there, and the `key` and `value` of all that is marked."""
    if field == AVERAGE:
        rated = select(annotation.c.item_id.label("key"), average_of(annotation).label("value"))
        everybody = rated.where(of_kind(TRACK), is_rated(annotation)).group_by(annotation.c.item_id)
        return track.c.id, everybody.subquery()
    column = column_of(field)
    if is_of_artists(field):
        by_track = (
            select(track_artist.c.track_id.label("key"), func.max(column).label("value"))
            .join(annotation, annotation.c.item_id == track_artist.c.artist_id)
            .where(annotation.c.user_id == viewer, of_kind(ARTIST), track_artist.c.role == "artist")
            .group_by(track_artist.c.track_id)
        )
        return track.c.id, by_track.subquery()
    own = select(annotation.c.item_id.label("key"), column.label("value"))
    mine = own.where(annotation.c.user_id == viewer, of_kind(kind_of_marks(field)))
    return key_of(field), mine.subquery()
