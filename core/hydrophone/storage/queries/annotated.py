"""Reads documents together with what one user has left on them; for all that has documents."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    select,
    true,
)

from hydrophone.domain.annotation import UNTOUCHED, Annotation
from hydrophone.domain.ids import UserId
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone.domain.video import Video
from hydrophone.storage.queries.json_list import among, as_json, listed
from hydrophone.storage.queries.rating import average_rating
from hydrophone.storage.tables.annotation import annotation

Thing = TypeVar("Thing", Artist, Album, Track, Video)

MAX_ROWS = 500
"""Rows of one step: more would hold up the event loop, where this code runs (traps 2)."""


def of_kind(kind: str, annotations: FromClause = annotation) -> ColumnElement[bool]:
    """Say that an annotation is on a thing of this kind, by the bounds of the kind's ids.

    Else all that a user has left is gone through, perhaps plays of 100,000 tracks.
    """
    return annotations.c.item_id.between(f"{kind}-", f"{kind}.")


def annotation_of(
    starred: Timestamp | None,
    rating: int | None,
    play_count: int,
    last_played: Timestamp | None,
    bookmark: Milliseconds | None,
) -> Annotation:
    """Return what a row of `Annotated.select` has of a user, in its order; the very `UNTOUCHED`."""
    if rating is None:
        return UNTOUCHED
    return Annotation(
        starred=starred,
        rating=rating,
        play_count=play_count,
        last_played=last_played,
        bookmark=bookmark,
    )


class Annotated(Generic[Thing]):
    """Selects and decodes the rows of one table of documents."""

    def __init__(
        self,
        table: Table,
        document_type: type[Thing],
        known: ColumnElement[bool] | None = None,
    ) -> None:
        """`known` limits what can be found by id: what does not meet it does not exist."""
        self.table = table
        self._decode: Callable[[str], Thing] = msgspec.json.Decoder(document_type).decode
        # Made once: putting such a statement together takes longer than running it.
        statement = self.select(bindparam("viewer"))
        limit = true() if known is None else known
        self._one = statement.where(table.c.id == bindparam("identifier"), limit)
        self._by_rows = statement.where(among(table.c.row, bindparam("rows")))
        self._plain = (
            select(table.c.row, table.c.document)
            .where(table.c.row < bindparam("before"), limit)
            .order_by(table.c.row.desc())
            .limit(bindparam("count"))
        )
        self._plain_by_rows = select(table.c.row, table.c.document).where(
            among(table.c.row, bindparam("rows"))
        )
        # A join, and not `among`, which would sort the ids first and so read documents that stand
        # side by side one here and one there.
        asked = listed(bindparam("identifiers"))
        self._by_ids = statement.join(asked, asked.c.value == table.c.id).where(limit)

    def select(self, user_id: UserId | BindParameter[UserId]) -> Select[*tuple[Any, ...]]:
        """Begin a statement whose rows `decode` understands; add joins, filters and order."""
        return select(
            self.table.c.row,
            self.table.c.document,
            annotation.c.starred,
            annotation.c.rating,
            annotation.c.play_count,
            annotation.c.last_played,
            annotation.c.bookmark_ms,
            average_rating(self.table.c.id),
        ).join_from(
            self.table,
            annotation,
            and_(annotation.c.item_id == self.table.c.id, annotation.c.user_id == user_id),
            isouter=True,
        )

    def decode(self, row: Row[*tuple[Any, ...]]) -> Thing:
        """Turn one row into the domain's Struct."""
        _, document, *traces, average = row
        thing = self._decode(document)
        found = annotation_of(*traces)
        if found is UNTOUCHED and average is None:
            return thing
        return msgspec.structs.replace(thing, annotation=found, average_rating=average or 0)

    def all(self, connection: Connection, statement: Select[*tuple[Any, ...]]) -> tuple[Thing, ...]:
        """Run a statement that was begun by `select`."""
        return tuple(map(self.decode, connection.execute(statement).all()))

    def one(self, connection: Connection, user_id: UserId, identifier: str) -> Thing | None:
        """Return the thing with this id, whoever may see it; `None` if there is none."""
        values = {"viewer": user_id, "identifier": identifier}
        row = connection.execute(self._one, values).one_or_none()
        return None if row is None else self.decode(row)

    def by_rows(
        self, connection: Connection, user_id: UserId, rows: Sequence[int]
    ) -> dict[int, Thing]:
        """Return {row: thing} for these row numbers, in this order; gone ones are left out.

        At most MAX_ROWS at a time.
        """
        values = {"viewer": user_id, "rows": as_json(rows[:MAX_ROWS])}
        found = {row[0]: row for row in connection.execute(self._by_rows, values).all()}
        return {row: self.decode(found[row]) for row in rows if row in found}

    def plain(self, connection: Connection, before: int, count: int) -> dict[int, Thing]:
        """Return the next {row: thing} below a row, without anybody's traces, highest first."""
        values = {"before": before, "count": min(count, MAX_ROWS)}
        found = connection.execute(self._plain, values).all()
        return {row: self._decode(document) for row, document in found}

    def plain_by_rows(self, connection: Connection, rows: Sequence[int]) -> dict[int, Thing]:
        """Do what `by_rows` does, without anybody's traces."""
        values = {"rows": as_json(rows[:MAX_ROWS])}
        rows_found = connection.execute(self._plain_by_rows, values).all()
        found = {row[0]: row[1] for row in rows_found}
        return {row: self._decode(found[row]) for row in rows if row in found}

    def by_ids(
        self, connection: Connection, user_id: UserId, identifiers: Iterable[str]
    ) -> dict[str, Thing]:
        """Return those of these ids (at most MAX_ROWS) that exist, whoever may see them."""
        return {thing.id: thing for thing in self.each_by_id(connection, user_id, identifiers)}

    def each_by_id(
        self, connection: Connection, user_id: UserId, identifiers: Iterable[str]
    ) -> Iterator[Thing]:
        """Do what `by_ids` does, but make a thing of a row only when the next one is asked for."""
        values = {"viewer": user_id, "identifiers": as_json(list(identifiers)[:MAX_ROWS])}
        return map(self.decode, connection.execute(self._by_ids, values).all())
