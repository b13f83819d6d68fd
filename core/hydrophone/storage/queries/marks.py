"""What is starred, rated or heard of all albums, and of all artists, by row."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, and_, bindparam, exists, or_, select

from hydrophone.domain.annotation import Annotation
from hydrophone.domain.ids import ALBUM, ARTIST, UserId
from hydrophone.domain.library import Mark
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries.annotated import MAX_ROWS, annotation_of, of_kind
from hydrophone.storage.queries.json_document import as_lists
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.rating import average_of, average_rating, is_rated
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
        rated = annotation.alias()
        is_left = or_(
            annotation.c.rating.is_not(None),
            exists().where(rated.c.item_id == table.c.id, is_rated(rated)),
        )
        mine = and_(annotation.c.user_id == bindparam("viewer"), annotation.c.item_id == table.c.id)
        self._on = (
            select(
                table.c.row,
                annotation.c.starred,
                annotation.c.rating,
                annotation.c.play_count,
                annotation.c.last_played,
                annotation.c.bookmark_ms,
                average_rating(table.c.id),
            )
            .join_from(table, annotation, mine, isouter=True)
            .where(among(table.c.row, bindparam("rows")), is_left)
        )
        self._left = as_lists(
            select(
                table.c.row,
                annotation.c.starred,
                annotation.c.rating,
                annotation.c.play_count,
            )
            .join(annotation, annotation.c.item_id == table.c.id)
            .where(annotation.c.user_id == bindparam("viewer"), of_kind(kind))
        )

    def left(self, connection: Connection, user_id: UserId) -> dict[int, Annotation]:
        """Return {row: star, rating and number of plays by a user}, however many."""
        listed = connection.execute(self._left, {"viewer": user_id}).one()
        rows, *columns = map(_decode_numbers, listed)
        return dict(zip(rows, map(_left, *columns), strict=True))

    def on(self, connection: Connection, user_id: UserId, rows: Sequence[int]) -> dict[int, Mark]:
        """Return {row: what a user has left, average} for those of these rows that have either.

        At most MAX_ROWS at a time.
        """
        values = {"viewer": user_id, "rows": as_json(rows[:MAX_ROWS])}
        return {
            row: (annotation_of(*traces), average or 0.0)
            for row, *traces, average in connection.execute(self._on, values)
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


@lru_cache(maxsize=1024)
def _left(starred: Timestamp | None, rating: int, play_count: int) -> Annotation:
    """Return the same for thousands of albums that were heard as often, and nothing else."""
    return Annotation(starred=starred, rating=rating, play_count=play_count)


ALBUM_MARKS = Marks(album, ALBUM)
ARTIST_MARKS = Marks(artist, ARTIST)
