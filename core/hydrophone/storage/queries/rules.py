"""Finds the tracks of a smart playlist, for one viewer, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, not_, or_, select

from hydrophone.domain.ids import PlaylistId, UserId
from hydrophone.domain.nsp import read_rules
from hydrophone.domain.playlist import Extent
from hydrophone.domain.rules import (
    FIELDS,
    RANDOM,
    Condition,
    Group,
    Kind,
    Operator,
    Rules,
    SortKey,
    day_number,
)
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.storage.connection import snapshot
from hydrophone.storage.queries.json_document import Predicate, as_list, numbers
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.rule_fields import (
    comes_early,
    is_known,
    meets,
    sort_key,
    value_of,
)
from hydrophone.storage.queries.rule_marks import begins_unmarked, is_unmarked
from hydrophone.storage.queries.rule_texts import normal, text_matches
from hydrophone.storage.queries.tracks import is_there
from hydrophone.storage.queries.unindexed import unindexed
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.playlist import playlist, playlist_track

_DAY = 24 * 3600 * 1000
_FEW = 2000
"""Tracks of a list that may be found among those that come first, without sorting all."""
_OLDEST = (4, 20)
"""So many times the tracks that are wanted are looked through by their rows before all are."""
_DEEPEST = 3
"""Smart playlists that name each other are followed so far, which ends a circle as well."""
_AGAIN = 4
"""Times as many are tried when too few of those that come first fit."""
_LAST_TITLES = SortKey(field="sorttitle", descending=True)
_NOT: Mapping[Operator, Operator] = {
    Operator.IS_NOT: Operator.IS,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.NOT_IN_THE_LAST: Operator.IN_THE_LAST,
    Operator.NOT_IN_PLAYLIST: Operator.IN_PLAYLIST,
    Operator.IS_MISSING: Operator.IS_PRESENT,
}
"""{operator: the one of which it is the contrary}."""


class Viewpoint(Struct, frozen=True, kw_only=True):
    """For whom, and as of when, rules are looked at."""

    viewer: UserId
    """Whose stars, ratings and plays count."""
    libraries: Collection[int]
    playlist_id: PlaylistId | None = None
    """Whose rules they are: they may name other playlists of its owner, and public ones."""
    now: Timestamp = Timestamp(0)


def rows(connection: Connection, rules: Rules, view: Viewpoint) -> Sequence[int]:
    """Return rows of all tracks that the rules choose, in their order."""
    with snapshot(connection):
        return numbers(connection, as_list(select_rows(connection, rules, view)))


def extent(connection: Connection, rules: Rules, view: Viewpoint) -> Extent:
    """Return how many tracks the rules choose, and how long they are."""
    with snapshot(connection):
        chosen = select_rows(connection, rules, view).subquery()
        statement = select(func.count(), func.coalesce(func.sum(chosen.c.duration), 0.0))
        count, duration = connection.execute(statement).one()
    return Extent(track_count=count, duration=Seconds(duration))


def select_rows(connection: Connection, rules: Rules, view: Viewpoint) -> Select[int, float]:
    """Select `row` and `duration` of all tracks that the rules choose, in their order.

    Counts for it: what is selected has to be read in the same `snapshot`.
    """
    return _Compiler(connection, view).select(rules, _DEEPEST)


class _Compiler:
    """Turns rules into SQL; looks up other playlists that they name."""

    def __init__(self, connection: Connection, view: Viewpoint) -> None:
        self._connection = connection
        self._view = view

    def select(self, rules: Rules, depth: int) -> Select[int, float]:
        fitting = select(track.c.row, track.c.duration).where(
            is_there(self._view.libraries, by_index=False), self._group(rules.choice, depth)
        )
        limit = rules.limit
        if rules.percentage < 100:
            count = select(func.count()).select_from(fitting.subquery())
            found: int = self._connection.execute(count).scalar_one()
            # One of many is meant by a hundredth of a few, too.
            limit = min(limit, found and max(found * rules.percentage // 100, 1))
        begun, keys = self._begin(fitting, rules.sort, limit + rules.offset)
        # What is left of them comes early, but for tracks without marks, which may be nearly all.
        are_few = begun is not fitting and len(keys) == len(rules.sort)
        order = [self._order(key, of_few=are_few) for key in keys]
        # By the rows alone all tracks themselves would be read, where few of them fit.
        last = track.c.row if keys else unindexed(track.c.row)
        return begun.order_by(*order, last).limit(limit).offset(rules.offset)

    def _begin(
        self, fitting: Select[int, float], keys: tuple[SortKey, ...], count: int
    ) -> tuple[Select[int, float], tuple[SortKey, ...]]:
        """Leave only what comes early, where so many fit as are wanted, and keys that differ there.

        So where as many tracks have no mark, only these count for an order that rises by marks.
        """
        if count > _FEW:
            return fitting, keys
        while keys:
            field = keys[0].field
            if keys[0].descending or not begins_unmarked(field):
                return self._early(fitting, keys[0], count), keys
            unmarked = fitting.where(is_unmarked(field, self._view.viewer, self._connection))
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

    def _early(self, fitting: Select[int, float], key: SortKey, count: int) -> Select[int, float]:
        if key == _LAST_TITLES:
            return self._last_titles(fitting, count)
        for times in (1, _AGAIN):
            viewer, descending = self._view.viewer, key.descending
            condition = comes_early(key.field, viewer, times * count, descending=descending)
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
        return fitting.where(sort_key(_LAST_TITLES.field, self._view.viewer) >= bound)

    def _has(self, chosen: Select[int, float], count: int) -> bool:
        return self._found(chosen, count) == count

    def _found(self, chosen: Select[int, float], most: int) -> int:
        statement = select(func.count()).select_from(chosen.limit(most).subquery())
        found: int = self._connection.execute(statement).scalar_one()
        return found

    def _order(self, key: SortKey, *, of_few: bool) -> ColumnElement[Any]:
        if key.field == RANDOM:
            return func.random()
        value = sort_key(key.field, self._view.viewer, of_few=of_few)
        # What is not known comes last in either direction.
        return (value.desc() if key.descending else value.asc()).nulls_last()

    def _group(self, group: Group, depth: int) -> ColumnElement[bool]:
        parts: list[ColumnElement[bool]] = []
        # There are files with a hundred artists that are not wanted: they are looked up at once.
        named: dict[str, list[str]] = {}
        for member in group.members:
            if isinstance(member, Group):
                parts.append(self._group(member, depth))
            elif _is_one_of_many(member, group):
                named.setdefault(member.field, []).append(str(member.value))
            else:
                parts.append(self._condition(member, depth))
        for field, texts in named.items():
            found = _is_any_of(field, texts)
            parts.append(not_(found) if group.every else found)
        return and_(*parts) if group.every else or_(*parts)

    def _condition(self, condition: Condition, depth: int) -> ColumnElement[bool]:
        contrary = _NOT.get(condition.operator)
        if contrary is not None:
            positive = msgspec.structs.replace(condition, operator=contrary)
            return not_(self._positive(positive, depth))
        return self._positive(condition, depth)

    def _positive(self, condition: Condition, depth: int) -> ColumnElement[bool]:
        if condition.operator is Operator.IS_PRESENT:
            return is_known(condition.field, self._view.viewer, self._connection)
        match FIELDS[condition.field]:
            case Kind.TEXT:
                text = normal(condition.field, str(condition.value))
                predicate = _predicate(condition.operator, text)
                if condition.operator is Operator.IS:
                    return text_matches(condition.field, predicate)
                # A part of a text is found in many: an index of theirs would strew all reading.
                return unindexed(text_matches(condition.field, predicate, self._connection))
            case Kind.PLAYLIST:
                return self._in_playlist(str(condition.value), depth)
        field, viewer = condition.field, self._view.viewer
        if isinstance(condition.value, bool):
            column = value_of(field, viewer)
            return column if condition.value else not_(column)
        return meets(
            field,
            viewer,
            lambda value: _compared(value, condition, self._view.now),
            self._connection,
        )

    def _in_playlist(self, playlist_id: str, depth: int) -> ColumnElement[bool]:
        naming = playlist.alias()
        owner = select(naming.c.owner_id).where(naming.c.id == self._view.playlist_id)
        may_see = or_(playlist.c.owner_id == owner.scalar_subquery(), playlist.c.is_public)
        statement = select(playlist.c.rules).where(playlist.c.id == playlist_id, may_see)
        rules = self._connection.execute(statement).scalar_one_or_none()
        if rules is None or (rules and not depth):
            return false()
        if rules:
            chosen = self.select(read_rules(rules), depth - 1).subquery()
            return track.c.row.in_(select(chosen.c.row))
        inside = select(playlist_track.c.track_id).where(
            playlist_track.c.playlist_id == playlist_id
        )
        return track.c.id.in_(inside)


def _is_one_of_many(condition: Condition, group: Group) -> bool:
    """Tell whether a text is to be none of all in a group, or one of any."""
    wanted = Operator.IS_NOT if group.every else Operator.IS
    return condition.operator is wanted and FIELDS[condition.field] is Kind.TEXT


def _is_any_of(field: str, texts: Sequence[str]) -> ColumnElement[bool]:
    wanted = [normal(field, text) for text in texts]
    return text_matches(field, lambda column: column.in_(wanted))


def _predicate(operator: Operator, text: str) -> Predicate:
    match operator:
        case Operator.CONTAINS:
            return lambda column: column.contains(text, autoescape=True)
        case Operator.STARTS_WITH:
            return lambda column: column.startswith(text, autoescape=True)
        case Operator.ENDS_WITH:
            return lambda column: column.endswith(text, autoescape=True)
    return lambda column: column == text


def _compared(
    column: ColumnElement[float], condition: Condition, now: Timestamp
) -> ColumnElement[bool]:
    value = condition.value
    is_date = FIELDS[condition.field] is Kind.DATE
    if isinstance(value, tuple):
        least, most = value
        # A day is over when the next one begins.
        return and_(column >= least, column < most + _DAY) if is_date else column.between(*value)
    number = float(value)
    match condition.operator:
        case Operator.IN_THE_LAST:
            since = now - number * _DAY
            return column > (_day_of(since) if FIELDS[condition.field] is Kind.DAY else since)
        case Operator.GREATER | Operator.AFTER:
            return column > number
        case Operator.LESS | Operator.BEFORE:
            return column < number
    return and_(column >= number, column < number + _DAY) if is_date else column == number


def _day_of(moment: float) -> int:
    # A clock that is wrong, or a number of days beyond all history, is the first of all days.
    day = datetime.fromtimestamp(max(moment, 0) / 1000, UTC)
    return day_number(day.year, day.month, day.day)
