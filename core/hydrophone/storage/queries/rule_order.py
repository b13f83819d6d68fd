"""Orders the tracks of a smart playlist: of a hundred thousand only those that come first."""

import math
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from hydrophone.domain.ids import UserId
from hydrophone.domain.rules import FIELDS, RANDOM, Kind, SortKey
from hydrophone.storage.queries.json_document import as_list, numbers
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.rule_early_marks import (
    are_few_marked,
    begins_unmarked,
    equally_best,
    is_marked,
    is_unmarked,
)
from hydrophone.storage.queries.rule_fields import comes_early, sort_key
from hydrophone.storage.queries.rule_marks import is_of_artists
from hydrophone.storage.queries.rule_titles import (
    asks_elsewhere,
    by_sort_title,
    by_title,
    first_sort_titles,
    sort_title_at,
)
from hydrophone.storage.queries.unindexed import unindexed
from hydrophone.storage.tables.music import track

_FEW = 2000
"""Tracks of a list that may be found among those that come first, without sorting all."""
_OLDEST = (4, 20)
"""So many times the tracks that are wanted are looked through by their rows before all are."""
_TIMES = 10
"""So many times what is wanted is looked through at most of what comes early."""
_TIMES_OF_FEW = 3
"""The same where few artists have a mark: of four times as many all of them are."""
_MOST = 5000
"""Not more than that is: to look up all that fit takes no longer then."""
_SPARE = 1.5
"""So many times that are tried, for of the others a smaller part may fit."""
_SHARE = 20
"""One of so many tracks is wanted at most where those with a sort title are read themselves."""
_SOME = 100
"""So many of them tell whether it is worth while."""
_LAST_TITLES = SortKey(field="sorttitle", descending=True)
_CHOSEN = select(track.c.row, track.c.duration)


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
        if 0 < count <= _FEW and not self._is_drawn:
            found = self._first(fitting, keys, count)
            if found is not None:
                return _listed(found)
            fitting = self._last_titles(fitting, keys, count)
        return self._sorted(fitting, keys)

    def _first(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> Sequence[int] | None:
        """Find the first rows in an order; `None` where all that fit are to be sorted."""
        key = keys[0]
        if begins_unmarked(key.field) and not key.descending:
            return self._unmarked_first(fitting, keys, count)
        if key.field == _LAST_TITLES.field:
            return self._first_titles(fitting, keys, count)
        equal = self._equally_best(fitting, keys, count)
        if equal is not None and len(equal) == count:
            return equal
        are_few = self._are_fewer(key.field, count)
        # All that have a truth are equal by it.
        are_all_tried = equal is not None and FIELDS[key.field] is Kind.TRUTH
        # First a fourth as many artists as tracks is tried: worth it where twice that are marked.
        are_artists = is_of_artists(key.field) and not self._are_fewer(key.field, count // 2)
        early = None
        if not are_all_tried and (not are_few or are_artists):
            early = self._early(fitting, keys, count, _TIMES_OF_FEW if are_few else _TIMES)
            if early is not None and len(early) == count:
                return early
        if are_few:
            return self._marked_first(fitting, keys, count)
        if early is None and not are_all_tried:
            return None
        # Where too few of those that come early fit, mostly few of all do: what these are sorted by
        # is looked up for each alone.
        return self._begun(fitting, keys, count, of_few=True)

    def _equally_best(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> Sequence[int] | None:
        """Find the first of those that are equal by the first key; `None` if they are not known."""
        is_best = equally_best(keys, self._viewer)
        if is_best is None:
            return None
        return self._begun(fitting.where(is_best), keys[1:], count, of_few=True)

    def _are_fewer(self, field: str, count: int) -> bool:
        return are_few_marked(field, self._viewer, count, self._connection)

    def _early(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int, times: int
    ) -> Sequence[int] | None:
        """Find them among so many albums, artists, files or marks that come first.

        Fewer than wanted, or none, where more would have to be looked through than `times` what is
        wanted; `None` where it is not known what comes early.
        """
        most = min(times * count, _MOST)
        tried = count
        while True:
            condition = comes_early(keys, self._viewer, tried, self._connection)
            if condition is None:
                return None
            found = self._begun(fitting.where(condition), keys, count, of_few=True)
            if not found or len(found) == count:
                return found
            # So many would do if as large a part of the others fits.
            needed = math.ceil(tried * count / len(found))
            if needed > most:
                return found
            tried = min(max(math.ceil(_SPARE * needed), 2 * tried), most)

    def _unmarked_first(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> Sequence[int] | None:
        """Find them among those without a mark, which come first as equals, if so many fit."""
        unmarked = fitting.where(is_unmarked(keys[0].field, self._viewer, self._connection))
        oldest, others = self._oldest(unmarked, count), keys[1:]
        # Where none of these fits, so few may that all of them are sooner sorted than counted.
        if not oldest or (len(oldest) < count and not self._has(unmarked, count)):
            return None
        if not others and len(oldest) == count:
            return oldest
        return self._all_first(unmarked, others, count)

    def _all_first(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> Sequence[int]:
        """Find the first rows in an order, even if all that fit are to be sorted for it."""
        found = self._first(fitting, keys, count) if keys else None
        return found or self._begun(self._last_titles(fitting, keys, count), keys, count)

    def _oldest(self, fitting: Select[int, float], count: int) -> Sequence[int]:
        """Find the lowest rows, up to so many as are found without looking through all."""
        first = select(func.min(track.c.row)).scalar_subquery()
        found: Sequence[int] = ()
        for times in _OLDEST:
            near = fitting.where(track.c.row < first + times * count)
            found = self._rows(near.order_by(track.c.row).limit(count))
            if not found or len(found) == count:
                break
        return found

    def _marked_first(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> Sequence[int] | None:
        """Find the few that have a mark, and then of the others, which are equal by that."""
        field, others = keys[0].field, keys[1:]
        marked = fitting.where(is_marked(field, self._viewer))
        found = self._begun(marked, keys, count, of_few=True)
        wanted = count - len(found)
        if not wanted:
            return found
        unmarked = fitting.where(is_unmarked(field, self._viewer, self._connection))
        if others:
            return [*found, *self._all_first(unmarked, others, wanted)]
        oldest = self._oldest(unmarked, wanted)
        return [*found, *oldest] if len(oldest) == wanted else None

    def _first_titles(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> Sequence[int] | None:
        """Find those with a sort title and those without, each by its index."""
        descending, others = keys[0].descending, self._order(keys[1:], of_few=True)

        def begun(chosen: Select[int, float]) -> Sequence[int]:
            return self._rows(chosen.order_by(*others, track.c.row).limit(count))

        if self._sort_title(0, descending=descending) is None:
            return begun(by_title(fitting, descending=descending))
        newest = self._connection.execute(select(func.max(track.c.row))).scalar_one()
        # What is looked for elsewhere takes as long for a few as for all.
        is_for_all = count * _SHARE > newest or asks_elsewhere(fitting)
        last = self._sort_title(max(2 * count, _SOME), descending=descending)
        # To see whether they fit, those with one are read: if they are few, or half do.
        some = fitting.where(track.c.row.in_(first_sort_titles(_SOME, descending=descending)))
        if not is_for_all and (last is None or self._has(some, _SOME // 2)):
            titled = begun(by_sort_title(fitting, last, descending=descending))
            untitled = begun(by_title(fitting, last, descending=descending))
            # No other comes before the last one that was looked at.
            if last is None or len(titled) + len(untitled) >= count:
                both = among(track.c.row, as_json([*titled, *untitled]))
                return self._begun(_CHOSEN.where(both), keys, count, of_few=True)
        return None

    def _sort_title(self, offset: int, *, descending: bool) -> str | None:
        statement = sort_title_at(offset, descending=descending)
        title: str | None = self._connection.execute(statement).scalar_one_or_none()
        return title

    def _last_titles(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> Select[int, float]:
        """Leave out what comes before the last titles that fit, if these are sorted by.

        Otherwise, as tracks are read by their titles, each would come before all before it.
        """
        if not keys or keys[0] != _LAST_TITLES:
            return fitting
        title = track.c.name_key
        titled = fitting.with_only_columns(title).where(track.c.sort_title.is_(None))
        last = titled.order_by(title.desc()).offset(count - 1).limit(1)
        bound: str | None = self._connection.execute(last).scalar_one_or_none()
        if bound is None:
            return fitting
        return fitting.where(sort_key(_LAST_TITLES.field, self._viewer) >= bound)

    def _has(self, chosen: Select[int, float], count: int) -> bool:
        statement = select(func.count()).select_from(chosen.limit(count).subquery())
        found: int = self._connection.execute(statement).scalar_one()
        return found == count

    def _begun(
        self,
        fitting: Select[int, float],
        keys: tuple[SortKey, ...],
        count: int,
        *,
        of_few: bool = False,
    ) -> Sequence[int]:
        """Sort all that is selected; return the first rows."""
        return self._rows(self._sorted(fitting, keys, of_few=of_few).limit(count))

    def _rows(self, chosen: Select[int, float]) -> Sequence[int]:
        return numbers(self._connection, as_list(chosen))

    def _sorted(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], *, of_few: bool = False
    ) -> Select[int, float]:
        # By the rows alone all tracks themselves would be read, where few of them fit.
        last = track.c.row if keys else unindexed(track.c.row)
        return fitting.order_by(*self._order(keys, of_few=of_few), last)

    def _order(self, keys: tuple[SortKey, ...], *, of_few: bool) -> Sequence[ColumnElement[Any]]:
        return [self._directed(key, of_few=of_few) for key in keys]

    def _directed(self, key: SortKey, *, of_few: bool) -> ColumnElement[Any]:
        if key.field == RANDOM:
            return func.random()
        value = sort_key(key.field, self._viewer, of_few=of_few)
        # What is not known comes last in either direction.
        return (value.desc() if key.descending else value.asc()).nulls_last()


def _listed(rows: Sequence[int]) -> Select[int, float]:
    """Select tracks in the order of a list."""
    entry = func.json_each(as_json(rows)).table_valued("key", "value")
    return _CHOSEN.join(entry, entry.c.value == track.c.row).order_by(entry.c.key)
