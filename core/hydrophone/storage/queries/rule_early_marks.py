"""Which tracks come first in an order by stars, ratings or plays, in SQL."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, not_, select

from hydrophone.domain.ids import ARTIST, UserId
from hydrophone.domain.rules import FIELDS, Kind
from hydrophone.storage.queries.annotated import of_kind
from hydrophone.storage.queries.json_document import Predicate
from hydrophone.storage.queries.rule_marks import (
    AVERAGE,
    MARKS,
    column_of,
    is_of_artists,
    key_of,
    kind_of_marks,
    mark_of_few,
    marks_left,
)
from hydrophone.storage.queries.rule_texts import credited, of_artists
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import artist, track

_TRACKS_OF_ARTIST = 4
"""So many that fit are hoped for from each artist who comes early."""
_FEWEST_ARTISTS = 25
"""Some may have none that fit."""


def begins_unmarked(field: str) -> bool:
    """Tell whether all that have no mark come first, as equals, in the rising order of a field."""
    return field in MARKS and FIELDS[field] in (Kind.NUMBER, Kind.TRUTH)


def is_unmarked(field: str, viewer: UserId, counted: Connection) -> ColumnElement[bool]:
    """Say that nothing was left on a track, its album or artists, or a 0; `counted` as by texts."""
    marked = _marked(field, viewer)
    if field == AVERAGE:
        return track.c.id.not_in(marked)
    if is_of_artists(field):
        return not_(of_artists(artist.c.id.in_(marked), counted))
    # Each is looked up where it stands: where many come first, few are asked.
    return not_(marked.where(annotation.c.item_id == key_of(field)).exists())


def is_marked(field: str, viewer: UserId) -> ColumnElement[bool]:
    """Say the contrary; faster where few are marked."""
    marked = _marked(field, viewer)
    if is_of_artists(field):
        return credited("artist", artist.c.id.in_(marked))
    return key_of(field).in_(marked)


def are_few_marked(field: str, viewer: UserId, few: int, counted: Connection) -> bool:
    """Tell whether a field is one of MARKS that fewer than so many things have."""
    if field not in MARKS:
        return False
    marked = _marked(field, viewer).limit(few).subquery()
    count: int = counted.execute(select(func.count()).select_from(marked)).scalar_one()
    return count < few


def _marked(field: str, viewer: UserId) -> Select[str]:
    """Select the ids of the things that have a mark."""
    if field == AVERAGE:
        return select(marks_left(field, viewer)[1].c.key)
    column = column_of(field)
    return select(annotation.c.item_id).where(
        annotation.c.user_id == viewer,
        of_kind(kind_of_marks(field)),
        column != 0 if FIELDS[field] is Kind.NUMBER else column.is_not(None),
    )


def early_marks(
    field: str, viewer: UserId, count: int, *, descending: bool
) -> ColumnElement[bool] | None:
    """Say that a track comes before all others in the order of one of MARKS.

    True of the `count` things with the highest marks, or the earliest, or of as many as there are,
    and of those that equal the next; and of all that have what there are only two of. `None`
    upwards for numbers and truths, where all that have no mark come first.
    """
    key, left = marks_left(field, viewer)
    kind = FIELDS[field]
    if begins_unmarked(field) and not descending:
        return None
    if is_of_artists(field):
        return _of_early_artists(field, viewer, count, descending=descending)
    if kind is Kind.TRUTH:
        return key.in_(select(left.c.key).where(left.c.value.is_not(None)))
    _, others = marks_left(field, viewer)
    # As a number 0 is none, but a moment like others: so says a clock that has not been set.
    least = 1 if kind is Kind.NUMBER else 0
    is_early = early(others.c.value, count, others.c.value >= least, descending=descending)
    return key.in_(select(left.c.key).where(left.c.value >= least, is_early(left.c.value)))


def _of_early_artists(
    field: str, viewer: UserId, count: int, *, descending: bool
) -> ColumnElement[bool]:
    """Say it of the tracks of artists, of whom fewer are needed: most have several tracks."""
    column, marked = column_of(field), annotation.alias()
    others = column_of(field, marked)
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
