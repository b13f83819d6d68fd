"""What smart playlists ask of stars, ratings and plays, in SQL.

Few things have any: they are looked up by those, and not each track of the library for them.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Subquery,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
)

from hydrophone.domain.ids import ALBUM, ARTIST, TRACK, UserId
from hydrophone.domain.rules import FIELDS, Kind
from hydrophone.storage.queries.annotated import of_kind
from hydrophone.storage.queries.json_document import Predicate
from hydrophone.storage.queries.rating import average_of, is_rated
from hydrophone.storage.queries.rule_texts import credited, of_artists
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import artist, track, track_artist

_AVERAGE = "averagerating"
_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "rating": annotation.c.rating,
    "playcount": annotation.c.play_count,
    "loved": annotation.c.starred,
    "lastplayed": annotation.c.last_played,
    "dateloved": annotation.c.starred,
    "daterated": annotation.c.rated,
}
_ALBUM, _ARTIST = "album", "artist"
_TRACKS_OF_ARTIST = 4
"""So many that fit are hoped for from each artist who comes early."""
_FEWEST_ARTISTS = 25
"""Some may have none that fit."""
MARKS = frozenset({_AVERAGE, *(of + name for of in ("", _ALBUM, _ARTIST) for name in _COLUMNS)})
"""Fields that a viewer has left on a track, on its album or on its artists, and one of all."""


def mark_of(field: str, viewer: UserId) -> ColumnElement[Any]:
    """Return what a track has in one of MARKS: a number is 0 and a date NULL without any."""
    key, left = _left(field, viewer)
    if FIELDS[field] is Kind.TRUTH:
        return key.in_(select(left.c.key).where(left.c.value.is_not(None)))
    value = select(left.c.value).where(left.c.key == key).scalar_subquery()
    return func.coalesce(value, 0) if FIELDS[field] is Kind.NUMBER else value


def mark_of_few(field: str, viewer: UserId) -> ColumnElement[Any]:
    """Return what `mark_of` does, faster for few tracks: the artists of each are looked up.

    Of all tracks the marks of artists are put together once, for there may be few of these.
    """
    if not field.startswith(_ARTIST):
        return mark_of(field, viewer)
    value = (
        select(func.max(_column(field)))
        .join_from(track_artist, annotation, annotation.c.item_id == track_artist.c.artist_id)
        .where(
            track_artist.c.track_id == track.c.id,
            track_artist.c.role == "artist",
            annotation.c.user_id == viewer,
        )
        .scalar_subquery()
    )
    if FIELDS[field] is Kind.TRUTH:
        return value.is_not(None)
    return func.coalesce(value, 0) if FIELDS[field] is Kind.NUMBER else value


def mark_meets(field: str, viewer: UserId, predicate: Predicate) -> ColumnElement[bool]:
    """Say that what `mark_of` returns meets a predicate, never NULL."""
    key, left = _left(field, viewer)
    meeting = key.in_(select(left.c.key).where(predicate(left.c.value)))
    if FIELDS[field] is not Kind.NUMBER:
        return meeting
    untouched = and_(predicate(literal(0)), key.not_in(select(left.c.key)))
    return or_(meeting, untouched)


def begins_unmarked(field: str) -> bool:
    """Tell whether all that have no mark come first, as equals, in the rising order of a field."""
    return field in MARKS and FIELDS[field] in (Kind.NUMBER, Kind.TRUTH)


def is_unmarked(field: str, viewer: UserId, counted: Connection) -> ColumnElement[bool]:
    """Say that a track has the least of a field that `begins_unmarked`; `counted` as by texts."""
    key, left = _left(field, viewer)
    if field == _AVERAGE:
        return key.not_in(select(left.c.key))
    column = _column(field)
    is_mark = column.is_not(None) if FIELDS[field] is Kind.TRUTH else column != 0
    marked = select(annotation.c.item_id).where(annotation.c.user_id == viewer, is_mark)
    if field.startswith(_ARTIST):
        return not_(of_artists(artist.c.id.in_(marked.where(of_kind(ARTIST))), counted))
    # Each is looked up where it stands: where many come first, few are asked.
    return not_(marked.where(annotation.c.item_id == key).exists())


def early_marks(
    field: str, viewer: UserId, count: int, *, descending: bool
) -> ColumnElement[bool] | None:
    """Say that a track comes before all others in the order of one of MARKS.

    True of the `count` things with the highest marks, or the earliest, or of as many as there are,
    and of those that equal the next; and of all that have what there are only two of. `None`
    upwards for numbers and truths, where all that have no mark come first.
    """
    key, left = _left(field, viewer)
    kind = FIELDS[field]
    if begins_unmarked(field) and not descending:
        return None
    if field.startswith(_ARTIST):
        return _of_early_artists(field, viewer, count, descending=descending)
    if kind is Kind.TRUTH:
        return key.in_(select(left.c.key).where(left.c.value.is_not(None)))
    _, others = _left(field, viewer)
    # As a number 0 is none, but a moment like others: so says a clock that has not been set.
    least = 1 if kind is Kind.NUMBER else 0
    is_early = early(others.c.value, count, others.c.value >= least, descending=descending)
    return key.in_(select(left.c.key).where(left.c.value >= least, is_early(left.c.value)))


def _of_early_artists(
    field: str, viewer: UserId, count: int, *, descending: bool
) -> ColumnElement[bool]:
    """Say it of the tracks of artists, of whom fewer are needed: most have several tracks."""
    column, marked = _column(field), annotation.alias()
    others = _column(field, marked)
    mine = and_(marked.c.user_id == viewer, of_kind(ARTIST, marked))
    few = max(_FEWEST_ARTISTS, count // _TRACKS_OF_ARTIST)
    least = 1 if FIELDS[field] is Kind.NUMBER else 0
    is_early = early(others, few, and_(mine, others >= least), descending=descending)
    is_mark: ColumnElement[bool] = column.is_not(None)
    if FIELDS[field] is not Kind.TRUTH:
        is_mark = and_(column >= least, is_early(column))
    artists = select(annotation.c.item_id).where(annotation.c.user_id == viewer, of_kind(ARTIST))
    theirs = credited("artist", artist.c.id.in_(artists.where(is_mark)))
    if descending:
        return theirs
    # Tracks of several artists stand where the last one does.
    return and_(theirs, is_early(mark_of_few(field, viewer)))


def early(
    value: ColumnElement[Any], count: int, condition: ColumnElement[bool], *, descending: bool
) -> Predicate:
    """Return what is true of the first `count` values that meet a condition, and of the next one.

    Also of what equals these; of all where there are not so many.
    """
    order = value.desc() if descending else value
    after = select(value).where(condition).order_by(order).offset(count).limit(1)
    very_last = select(func.min(value) if descending else func.max(value)).where(condition)
    last = func.coalesce(
        after.correlate(None).scalar_subquery(), very_last.correlate(None).scalar_subquery()
    )
    return lambda column: column >= last if descending else column <= last


def _column(field: str, annotations: FromClause = annotation) -> ColumnElement[Any]:
    name = _COLUMNS[field.removeprefix(_ALBUM).removeprefix(_ARTIST)].name
    column: ColumnElement[Any] = annotations.c[name]
    return column


def _left(field: str, viewer: UserId) -> tuple[ColumnElement[str], Subquery]:
    """Return by what a track is found there, and the `key` and `value` of all that is marked."""
    if field == _AVERAGE:
        rated = select(annotation.c.item_id.label("key"), average_of(annotation).label("value"))
        everybody = rated.where(of_kind(TRACK), is_rated(annotation)).group_by(annotation.c.item_id)
        return track.c.id, everybody.subquery()
    column = _column(field)
    if field.startswith(_ARTIST):
        by_track = (
            select(track_artist.c.track_id.label("key"), func.max(column).label("value"))
            .join(annotation, annotation.c.item_id == track_artist.c.artist_id)
            .where(annotation.c.user_id == viewer, of_kind(ARTIST), track_artist.c.role == "artist")
            .group_by(track_artist.c.track_id)
        )
        return track.c.id, by_track.subquery()
    kind, key = (ALBUM, track.c.album_id) if field.startswith(_ALBUM) else (TRACK, track.c.id)
    own = select(annotation.c.item_id.label("key"), column.label("value"))
    return key, own.where(annotation.c.user_id == viewer, of_kind(kind)).subquery()
