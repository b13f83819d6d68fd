"""Bookmarks of a user; kept with what else is left on a track."""

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone.storage.tables.annotation import annotation


class SavedBookmark(Struct, frozen=True, kw_only=True):
    """A bookmark as saved; its track may be gone by now."""

    position: Milliseconds
    comment: str
    created: Timestamp
    changed: Timestamp


def load(connection: Connection, user_id: UserId) -> dict[str, SavedBookmark]:
    """Return {id: bookmark} of all that a user has, the latest first."""
    columns = annotation.c
    rows = connection.execute(
        select(
            columns.item_id,
            columns.bookmark_ms,
            columns.bookmark_comment,
            columns.bookmark_created,
            columns.bookmark_changed,
        )
        .where(columns.user_id == user_id, columns.bookmark_ms.is_not(None))
        .order_by(columns.bookmark_changed.desc(), columns.item_id)
    )
    return {
        row.item_id: SavedBookmark(
            position=Milliseconds(row.bookmark_ms),
            comment=row.bookmark_comment,
            created=Timestamp(row.bookmark_created),
            changed=Timestamp(row.bookmark_changed),
        )
        for row in rows
    }


def save(
    connection: Connection,
    user_id: UserId,
    item_id: str,
    position: Milliseconds,
    comment: str,
    now: Timestamp,
) -> None:
    """Set a bookmark, or move the one that is there."""
    values: Mapping[str, object] = {
        "bookmark_ms": position,
        "bookmark_comment": comment,
        "bookmark_changed": now,
    }
    statement = insert(annotation).values(
        user_id=user_id, item_id=item_id, bookmark_created=now, **values
    )
    created = func.coalesce(annotation.c.bookmark_created, now)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[annotation.c.user_id, annotation.c.item_id],
            set_={**values, "bookmark_created": created},
        )
    )


def forget(connection: Connection, user_id: UserId, item_id: str) -> None:
    """Take a bookmark away, if there is one."""
    connection.execute(
        update(annotation)
        .where(annotation.c.user_id == user_id, annotation.c.item_id == item_id)
        .values(bookmark_ms=None, bookmark_comment="", bookmark_created=None, bookmark_changed=None)
    )
