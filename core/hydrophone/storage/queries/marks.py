"""What is starred or rated of all albums, and of all artists, by row."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Table, bindparam, or_, select

from hydrophone.domain.annotation import Annotation
from hydrophone.domain.ids import ALBUM, ARTIST, UserId
from hydrophone.storage.queries.annotated import MAX_ROWS, of_kind
from hydrophone.storage.queries.json_document import as_lists
from hydrophone.storage.queries.rating import average_of, is_rated
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import album, artist

_decode_numbers = msgspec.json.Decoder(list[Any]).decode


class Marks:
    """Finds the marks on all things of one kind."""

    def __init__(self, table: Table, kind: str) -> None:
        self._first = f"{kind}-"
        # Made once: putting them together takes longer than a page of them.
        self._marked = (
            select(annotation.c.item_id, table.c.row, annotation.c.starred, annotation.c.rating)
            .join(table, table.c.id == annotation.c.item_id)
            .where(
                annotation.c.user_id == bindparam("viewer"),
                annotation.c.item_id > bindparam("after"),
                annotation.c.item_id < f"{kind}.",
                or_(annotation.c.starred.is_not(None), annotation.c.rating > 0),
            )
            .order_by(annotation.c.item_id)
            .limit(MAX_ROWS)
        )
        self._rated = (
            select(annotation.c.item_id, table.c.row, average_of(annotation))
            .join(table, table.c.id == annotation.c.item_id)
            .where(
                annotation.c.item_id > bindparam("after"),
                annotation.c.item_id < f"{kind}.",
                is_rated(annotation),
            )
            .group_by(annotation.c.item_id)
            .order_by(annotation.c.item_id)
            .limit(MAX_ROWS)
        )
        self._left = as_lists(
            select(
                table.c.row,
                annotation.c.starred,
                annotation.c.rating,
                annotation.c.play_count,
                annotation.c.last_played,
            )
            .join(annotation, annotation.c.item_id == table.c.id)
            .where(annotation.c.user_id == bindparam("viewer"), of_kind(kind))
        )

    def left(self, connection: Connection, user_id: UserId) -> dict[int, Annotation]:
        """Return {row: what a user has left}, however much; bookmarks aside."""
        listed = connection.execute(self._left, {"viewer": user_id}).one()
        columns = map(_decode_numbers, listed)
        return {
            row: Annotation(starred=starred, rating=rating, play_count=count, last_played=played)
            for row, starred, rating, count, played in zip(*columns, strict=True)
        }

    def marked(
        self, connection: Connection, user_id: UserId, after: str
    ) -> tuple[tuple[str, int, Annotation], ...]:
        """Return (id, row, star and rating) of the next 500 that a user has marked, by id."""
        values = {"viewer": user_id, "after": max(after, self._first)}
        return tuple(
            (item_id, row, Annotation(starred=starred, rating=rating))
            for item_id, row, starred, rating in connection.execute(self._marked, values)
        )

    def rated(self, connection: Connection, after: str) -> tuple[tuple[str, int, float], ...]:
        """Return (id, row, average rating) of the next 500 that anybody has rated, by id."""
        found = connection.execute(self._rated, {"after": max(after, self._first)})
        return tuple((row[0], row[1], row[2]) for row in found)


ALBUM_MARKS = Marks(album, ALBUM)
ARTIST_MARKS = Marks(artist, ARTIST)
