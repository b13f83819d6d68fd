"""Which tracks come first in an order by stars, ratings or plays, in SQL."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
)

from hydrophone.domain.ids import ARTIST, UserId
from hydrophone.domain.rules import FIELDS, Kind, SortKey
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
from hydrophone.storage.tables.music import artist, track, track_artist

_TRACKS_OF_ARTIST = 4
"""So many that fit are hoped for from each artist who comes early."""
_FEWEST_ARTISTS = 25
"""Some may have none that fit."""
_LOWEST = -(2**63)
"""Before all moments."""
_EQUAL_ARTISTS = frozenset({"artistrating", "artistloved"})
"""Marks that hundreds of artists may have alike."""


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
    keys: Sequence[SortKey], viewer: UserId, count: int, counted: Connection
) -> ColumnElement[bool] | None:
    """Say that a track comes before all others in an order whose first key is one of MARKS.

    True of the `count` things with the highest marks, or the earliest, or of as many as there are,
    and of those that equal the next; and of all that have what there are only two of. `None`
    upwards for numbers and truths, where all that have no mark come first. `counted` as by texts.
    """
    field, descending = keys[0].field, keys[0].descending
    key, left = marks_left(field, viewer)
    kind = FIELDS[field]
    if begins_unmarked(field) and not descending:
        return None
    if is_of_artists(field):
        # Fewer are needed: most have several tracks.
        few = max(_FEWEST_ARTISTS, count // _TRACKS_OF_ARTIST)
        if not descending:
            return _of_first_artists(field, viewer, few)
        best = [one.field for one in takewhile(_is_best_artist, keys)]
        return _of_best_artists(best, viewer, few, counted)
    if kind is Kind.TRUTH:
        return key.in_(select(left.c.key).where(left.c.value.is_not(None)))
    _, others = marks_left(field, viewer)
    least = _least(field)
    is_early = early(others.c.value, count, others.c.value >= least, descending=descending)
    return key.in_(select(left.c.key).where(left.c.value >= least, is_early(left.c.value)))


def equally_best(keys: Sequence[SortKey], viewer: UserId) -> ColumnElement[bool] | None:
    """Say that a track is one of those that are equal by the first key and come before all others.

    `None` but for what many artists may have alike, which takes longest to be looked up for each
    track; and where another mark of the artists, by which `early_marks` tells them apart, follows.
    """
    key = keys[0]
    is_told_apart = len(keys) > 1 and _is_best_artist(keys[1])
    if key.field not in _EQUAL_ARTISTS or not key.descending or is_told_apart:
        return None
    marked = annotation.alias()
    highest = select(func.max(_worth(key.field, marked))).where(_is_artist_of(viewer, marked))
    best = select(annotation.c.item_id).where(
        _is_artist_of(viewer, annotation),
        _worth(key.field) >= _least(key.field),
        _worth(key.field) == highest.scalar_subquery(),
    )
    return credited("artist", artist.c.id.in_(best))


def _of_first_artists(field: str, viewer: UserId, few: int) -> ColumnElement[bool]:
    """Say it of the tracks of artists in a rising order."""
    marked = annotation.alias()
    others, least = column_of(field, marked), _least(field)
    mine = _is_artist_of(viewer, marked)
    is_early = early(others, few, and_(mine, others >= least), descending=False)
    column = column_of(field)
    first = select(annotation.c.item_id).where(
        _is_artist_of(viewer, annotation), column >= least, is_early(column)
    )
    # Tracks of several artists stand where the last one does.
    return and_(credited("artist", artist.c.id.in_(first)), is_early(mark_of_few(field, viewer)))


def _of_best_artists(
    fields: Sequence[str], viewer: UserId, few: int, counted: Connection
) -> ColumnElement[bool]:
    """Say it of the tracks of artists in an order that falls by these marks.

    By the first one hundreds may be equal, so that the next ones count. Of a track with several
    artists the highest of each does, whoever has it.
    """
    is_theirs = and_(_is_artist_of(viewer, annotation), _worth(fields[0]) >= _least(fields[0]))
    worths = [_worth(field) for field in fields]
    order = [worth.desc() for worth in worths]
    statement = select(*worths).where(is_theirs).order_by(*order).offset(few).limit(1)
    last = counted.execute(statement).one_or_none()
    is_early: ColumnElement[bool] = true()
    if last is not None:
        bound = [*map(int, last)]
        reached = tuple_(*worths) >= tuple_(*map(literal, bound))
        if len(fields) > 1:
            reached = or_(reached, _reach_together(fields[1:], viewer, bound[1:]))
        is_early = and_(worths[0] >= bound[0], reached)
    theirs = (
        select(track_artist.c.track_id)
        .join(annotation, annotation.c.item_id == track_artist.c.artist_id)
        .where(is_theirs, track_artist.c.role == "artist", is_early)
    )
    return track.c.id.in_(theirs)


def _reach_together(
    fields: Sequence[str], viewer: UserId, bound: Sequence[int]
) -> ColumnElement[bool]:
    """Say that a credit is one of several of its track, whose artists have such marks together."""
    credit, mark = track_artist.alias(), annotation.alias()
    of_track = and_(credit.c.track_id == track_artist.c.track_id, credit.c.role == "artist")
    # Most tracks have one artist, which an index tells.
    has_further = select(credit.c.role).where(
        of_track, credit.c.position != track_artist.c.position
    )
    highest = [
        select(func.max(_worth(field, mark)))
        .join_from(credit, mark, mark.c.item_id == credit.c.artist_id)
        .where(of_track, mark.c.user_id == viewer)
        .scalar_subquery()
        for field in fields
    ]
    return and_(has_further.exists(), tuple_(*highest) >= tuple_(*map(literal, bound)))


def _is_best_artist(key: SortKey) -> bool:
    return key.descending and key.field in MARKS and is_of_artists(key.field)


def _is_artist_of(viewer: UserId, annotations: FromClause) -> ColumnElement[bool]:
    return and_(annotations.c.user_id == viewer, of_kind(ARTIST, annotations))


def _least(field: str) -> int:
    """Return what a mark is at least: as a number 0 is none, but a moment like others.

    So says a clock that has not been set.
    """
    return 0 if FIELDS[field] is Kind.DATE else 1


def _worth(field: str, annotations: FromClause = annotation) -> ColumnElement[Any]:
    """Return by what artists are compared: never NULL."""
    column = column_of(field, annotations)
    return column.is_not(None) if FIELDS[field] is Kind.TRUTH else func.coalesce(column, _LOWEST)


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
