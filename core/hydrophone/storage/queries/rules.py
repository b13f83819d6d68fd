"""Finds the tracks of a smart playlist, for one viewer, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

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
    day_number,
)
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.storage.connection import snapshot
from hydrophone.storage.queries.json_document import Predicate, as_list, numbers
from hydrophone.storage.queries.rule_fields import is_known, meets, value_of
from hydrophone.storage.queries.rule_genres import has_genre
from hydrophone.storage.queries.rule_marks import MARKS
from hydrophone.storage.queries.rule_order import RuleOrder
from hydrophone.storage.queries.rule_texts import normal, text_matches
from hydrophone.storage.queries.tracks import is_there
from hydrophone.storage.queries.unindexed import unindexed
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.playlist import playlist, playlist_track

_DAY = 24 * 3600 * 1000
_DEEPEST = 3
"""Smart playlists that name each other are followed so far, which ends a circle as well."""
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
        self._draws = False
        """Whether what fits is drawn by lot, and so another each time that it is looked at."""

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
        order = RuleOrder(self._connection, self._view.viewer, self._draws)
        ordered = order.of(fitting, rules.sort, limit + rules.offset)
        return ordered.limit(limit).offset(rules.offset)

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
            found = self._is_any_of(field, texts)
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
                is_part = condition.operator is not Operator.IS
                predicate = _predicate(condition.operator, text)
                return self._matches(condition.field, predicate, is_part=is_part)
            case Kind.PLAYLIST:
                return self._in_playlist(str(condition.value), depth)
        field, viewer = condition.field, self._view.viewer
        if isinstance(condition.value, bool):
            # A mark is set or not there at all.
            is_mark = field in MARKS
            column = (
                is_known(field, viewer, self._connection) if is_mark else value_of(field, viewer)
            )
            return column if condition.value else not_(column)
        return meets(
            field,
            viewer,
            lambda value: _compared(value, condition, self._view.now),
            self._connection,
        )

    def _is_any_of(self, field: str, texts: Sequence[str]) -> ColumnElement[bool]:
        wanted = [normal(field, text) for text in texts]
        return self._matches(field, lambda column: column.in_(wanted), is_part=False)

    def _matches(self, field: str, predicate: Predicate, *, is_part: bool) -> ColumnElement[bool]:
        if field == "genre":
            return has_genre(predicate, self._connection)
        if is_part:
            # It is found in many: an index of theirs would strew all reading.
            return unindexed(text_matches(field, predicate, self._connection))
        return text_matches(field, predicate)

    def _in_playlist(self, playlist_id: str, depth: int) -> ColumnElement[bool]:
        naming = playlist.alias()
        owner = select(naming.c.owner_id).where(naming.c.id == self._view.playlist_id)
        may_see = or_(playlist.c.owner_id == owner.scalar_subquery(), playlist.c.is_public)
        statement = select(playlist.c.rules).where(playlist.c.id == playlist_id, may_see)
        rules = self._connection.execute(statement).scalar_one_or_none()
        if rules is None or (rules and not depth):
            return false()
        if rules:
            inner = read_rules(rules)
            chosen = self.select(inner, depth - 1).subquery()
            self._draws |= any(key.field == RANDOM for key in inner.sort)
            return track.c.row.in_(select(chosen.c.row))
        inside = select(playlist_track.c.track_id).where(
            playlist_track.c.playlist_id == playlist_id
        )
        return track.c.id.in_(inside)


def _is_one_of_many(condition: Condition, group: Group) -> bool:
    """Tell whether a text is to be none of all in a group, or one of any."""
    wanted = Operator.IS_NOT if group.every else Operator.IS
    return condition.operator is wanted and FIELDS[condition.field] is Kind.TEXT


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
