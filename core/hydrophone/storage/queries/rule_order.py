"""Orders the tracks of a smart playlist: of a hundred thousand only those that come first."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from hydrophone.domain.ids import UserId
from hydrophone.domain.rules import RANDOM, SortKey
from hydrophone.storage.queries.json_document import as_list, numbers
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.rule_early_marks import (
    are_few_marked,
    begins_unmarked,
    is_marked,
    is_unmarked,
)
from hydrophone.storage.queries.rule_fields import comes_early, sort_key
from hydrophone.storage.queries.unindexed import unindexed
from hydrophone.storage.tables.music import track

_FEW = 2000
"""Tracks of a list that may be found among those that come first, without sorting all."""
_OLDEST = (4, 20)
"""So many times the tracks that are wanted are looked through by their rows before all are."""
_AGAIN = 4
"""Times as many are tried when too few of those that come first fit."""
_LAST_TITLES = SortKey(field="sorttitle", descending=True)


class RuleOrder:
    """Orders tracks for one viewer, in the snapshot in which they are read then."""

    def __init__(self, connection: Connection, viewer: UserId, is_drawn: bool) -> None:
        """`is_drawn`: what fits is another each time that it is selected."""
        self._connection = connection
        self._viewer = viewer
        self._is_drawn = is_drawn

    def of(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> Select[int, float]:
        """Order what is selected so that the first `count` tracks are right, or all of fewer."""
        begun, left = self._begin(fitting, keys, count)
        # What is left of them comes early, but for tracks without marks, which may be nearly all.
        are_few = begun is not fitting and len(left) == len(keys)
        order = [self._order(key, of_few=are_few) for key in left]
        # By the rows alone all tracks themselves would be read, where few of them fit.
        last = track.c.row if left else unindexed(track.c.row)
        return begun.order_by(*order, last)

    def _begin(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> tuple[Select[int, float], tuple[SortKey, ...]]:
        """Leave only what comes early, where so many fit as are wanted, and keys that differ there.

        So where as many tracks have no mark, only these count for an order that rises by marks.
        """
        if count > _FEW or self._is_drawn:
            return fitting, keys
        while keys:
            field = keys[0].field
            if keys[0].descending or not begins_unmarked(field):
                return self._early(fitting, keys, count), keys
            unmarked = fitting.where(is_unmarked(field, self._viewer, self._connection))
            oldest = self._oldest(unmarked, count)
            # Where none of these fits, so few may that all of them are sooner sorted than counted.
            if not oldest or (len(oldest) < count and not self._has(unmarked, count)):
                return fitting, keys
            fitting, keys = unmarked, keys[1:]
            if not keys and len(oldest) == count:
                chosen = select(track.c.row, track.c.duration)
                return chosen.where(among(track.c.row, as_json(oldest))), keys
        return fitting, keys

    def _oldest(self, fitting: Select[int, float], count: int) -> Sequence[int]:
        """Find the lowest rows, up to so many as are found without looking through all."""
        first = select(func.min(track.c.row)).scalar_subquery()
        found: Sequence[int] = ()
        for times in _OLDEST:
            near = fitting.where(track.c.row < first + times * count)
            ordered = near.order_by(track.c.row).limit(count)
            found = numbers(self._connection, as_list(ordered))
            if not found or len(found) == count:
                break
        return found

    def _early(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> Select[int, float]:
        key, viewer = keys[0], self._viewer
        if key == _LAST_TITLES:
            return self._last_titles(fitting, count)
        if keys == (key,) and are_few_marked(key.field, viewer, count, self._connection):
            return self._marked_first(fitting, key.field, count)
        for times in (1, _AGAIN):
            condition = comes_early(key.field, viewer, times * count, descending=key.descending)
            if condition is None:
                break
            early = fitting.where(condition)
            found = self._found(early, count)
            if found == count:
                return early
            # Of more that come early enough may fit, if it is a part of these that did.
            if found * _AGAIN < count:
                break
        return fitting

    def _marked_first(
        self, fitting: Select[int, float], field: str, count: int
    ) -> Select[int, float]:
        """Leave the few that have a mark, and of the others, which come by their rows, enough."""
        unmarked = fitting.where(is_unmarked(field, self._viewer, self._connection))
        oldest = self._oldest(unmarked, count)
        if len(oldest) < count:
            return fitting
        marked = fitting.where(is_marked(field, self._viewer))
        found = [*numbers(self._connection, as_list(marked)), *oldest]
        chosen = select(track.c.row, track.c.duration)
        return chosen.where(among(track.c.row, as_json(found)))

    def _last_titles(self, fitting: Select[int, float], count: int) -> Select[int, float]:
        """Leave what does not come before the last titles that fit: so many that are sorted by.

        Otherwise, as tracks are read by their titles, each would come before all before it.
        """
        title = track.c.name_key
        titled = fitting.with_only_columns(title).where(track.c.sort_title.is_(None))
        last = titled.order_by(title.desc()).offset(count - 1).limit(1)
        bound: str | None = self._connection.execute(last).scalar_one_or_none()
        if bound is None:
            return fitting
        return fitting.where(sort_key(_LAST_TITLES.field, self._viewer) >= bound)

    def _has(self, chosen: Select[int, float], count: int) -> bool:
        return self._found(chosen, count) == count

    def _found(self, chosen: Select[int, float], most: int) -> int:
        statement = select(func.count()).select_from(chosen.limit(most).subquery())
        found: int = self._connection.execute(statement).scalar_one()
        return found

    def _order(self, key: SortKey, *, of_few: bool) -> ColumnElement[Any]:
        if key.field == RANDOM:
            return func.random()
        value = sort_key(key.field, self._viewer, of_few=of_few)
        # What is not known comes last in either direction.
        return (value.desc() if key.descending else value.asc()).nulls_last()
