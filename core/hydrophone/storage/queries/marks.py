"""What is starred or rated of all albums, and of all artists, by row."""

from sqlalchemy import Connection, Table, bindparam, or_, select

from hydrophone.domain.annotation import Annotation
from hydrophone.domain.ids import ALBUM, ARTIST, UserId
from hydrophone.domain.library import Page
from hydrophone.storage.queries.annotated import MAX_ROWS, of_kind
from hydrophone.storage.queries.rating import average_of, is_rated
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import album, artist


class Marks:
    """Finds the marks on all things of one kind."""

    def __init__(self, table: Table, kind: str) -> None:
        self._first = f"{kind}-"
        # Made once: putting them together takes longer than a page of them.
        self._marked = (
            select(table.c.row, annotation.c.starred, annotation.c.rating)
            .join(annotation, annotation.c.item_id == table.c.id)
            .where(
                annotation.c.user_id == bindparam("viewer"),
                of_kind(kind),
                or_(annotation.c.starred.is_not(None), annotation.c.rating > 0),
            )
            .order_by(annotation.c.item_id)
            .limit(bindparam("size"))
            .offset(bindparam("offset"))
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
        touched = select(table.c.row).join(annotation, annotation.c.item_id == table.c.id)
        self._touched = (
            touched.where(annotation.c.user_id == bindparam("viewer"), of_kind(kind))
            .union(touched.where(is_rated(annotation), of_kind(kind)))
            .order_by("row")
            .limit(bindparam("size"))
            .offset(bindparam("offset"))
        )

    def touched(self, connection: Connection, user_id: UserId, page: Page) -> tuple[int, ...]:
        """Return the rows of what a user has left anything on, or anybody a rating."""
        values = {"viewer": user_id, "size": page.size, "offset": page.offset}
        return tuple(connection.execute(self._touched, values).scalars())

    def marked(
        self, connection: Connection, user_id: UserId, page: Page
    ) -> tuple[tuple[int, Annotation], ...]:
        """Return (row, star and rating) of what a user has starred or rated."""
        values = {"viewer": user_id, "size": page.size, "offset": page.offset}
        return tuple(
            (row, Annotation(starred=starred, rating=rating))
            for row, starred, rating in connection.execute(self._marked, values)
        )

    def rated(self, connection: Connection, after: str) -> tuple[tuple[str, int, float], ...]:
        """Return (id, row, average rating) of the next 500 that anybody has rated, by id."""
        found = connection.execute(self._rated, {"after": max(after, self._first)})
        return tuple((row[0], row[1], row[2]) for row in found)


ALBUM_MARKS = Marks(album, ALBUM)
ARTIST_MARKS = Marks(artist, ARTIST)
