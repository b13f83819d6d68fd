"""Reads documents together with what one user has left on them; for artists, albums, tracks."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, select, true

from hydrophone.domain.annotation import Annotation
from hydrophone.domain.ids import UserId
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.annotation import annotation

Thing = TypeVar("Thing", Artist, Album, Track)

MAX_ROWS = 500
"""Rows of one step: more would hold up the event loop, where this code runs (traps 2)."""


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
        self._known = true() if known is None else known
        self._decode: Callable[[str], Thing] = msgspec.json.Decoder(document_type).decode

    def select(self, user_id: UserId) -> Select[*tuple[Any, ...]]:
        """Begin a statement whose rows `decode` understands; add joins, filters and order."""
        return select(
            self.table.c.row,
            self.table.c.document,
            annotation.c.starred,
            annotation.c.rating,
            annotation.c.play_count,
            annotation.c.last_played,
        ).join_from(
            self.table,
            annotation,
            and_(annotation.c.item_id == self.table.c.id, annotation.c.user_id == user_id),
            isouter=True,
        )

    def decode(self, row: Row[*tuple[Any, ...]]) -> Thing:
        """Turn one row into the domain's Struct."""
        _, document, starred, rating, play_count, last_played = row
        thing = self._decode(document)
        if rating is None:
            return thing
        traces = Annotation(
            starred=None if starred is None else Timestamp(starred),
            rating=rating,
            play_count=play_count,
            last_played=None if last_played is None else Timestamp(last_played),
        )
        return msgspec.structs.replace(thing, annotation=traces)

    def all(self, connection: Connection, statement: Select[*tuple[Any, ...]]) -> tuple[Thing, ...]:
        """Run a statement that was begun by `select`."""
        return tuple(map(self.decode, connection.execute(statement)))

    def one(self, connection: Connection, user_id: UserId, identifier: str) -> Thing | None:
        """Return the thing with this id, whoever may see it; `None` if there is none."""
        row = connection.execute(
            self.select(user_id).where(self.table.c.id == identifier, self._known)
        ).one_or_none()
        return None if row is None else self.decode(row)

    def by_rows(
        self, connection: Connection, user_id: UserId, rows: Sequence[int]
    ) -> dict[int, Thing]:
        """Return {row: thing} for these row numbers, in this order; gone ones are left out.

        At most MAX_ROWS at a time.
        """
        statement = self.select(user_id).where(self.table.c.row.in_(rows[:MAX_ROWS]))
        found = {row[0]: row for row in connection.execute(statement)}
        return {row: self.decode(found[row]) for row in rows if row in found}

    def by_ids(
        self, connection: Connection, user_id: UserId, identifiers: Iterable[str]
    ) -> dict[str, Thing]:
        """Return those of these ids (at most MAX_ROWS) that exist, whoever may see them."""
        wanted = list(identifiers)[:MAX_ROWS]
        statement = self.select(user_id).where(self.table.c.id.in_(wanted), self._known)
        return {thing.id: thing for thing in map(self.decode, connection.execute(statement))}
