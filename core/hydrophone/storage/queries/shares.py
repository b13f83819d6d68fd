"""Shares and their visits."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, func, select

from hydrophone.domain.ids import ShareId, UserId
from hydrophone.domain.library import Page
from hydrophone.domain.share import Share
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.share import share
from hydrophone.storage.tables.user import user

_decode_ids = msgspec.json.Decoder(tuple[str, ...]).decode
_SHARES = select(share, user.c.name.label("owner")).join(user, user.c.id == share.c.owner_id)


def of_owner(
    connection: Connection, owner_id: UserId | None, page: Page
) -> tuple[tuple[UserId, Share], ...]:
    """Return (owner's id, share) of one user or of all (`None`), the newest first."""
    statement: Select[*tuple[Any, ...]] = _SHARES
    if owner_id is not None:
        statement = statement.where(share.c.owner_id == owner_id)
    rows = connection.execute(
        statement.order_by(share.c.created.desc(), share.c.id).limit(page.size).offset(page.offset)
    )
    return tuple(map(_decode, rows))


def one(connection: Connection, share_id: str) -> tuple[UserId, Share] | None:
    """Return (owner's id, share), expired or not."""
    row = connection.execute(_SHARES.where(share.c.id == share_id)).one_or_none()
    return None if row is None else _decode(row)


def count(connection: Connection, owner_id: UserId) -> int:
    """Return how many shares a user has."""
    statement = select(func.count()).where(share.c.owner_id == owner_id)
    return connection.execute(statement).scalar_one()


def add(connection: Connection, owner_id: UserId, new: Share) -> None:
    """Add a share."""
    connection.execute(
        share.insert().values(
            id=new.id,
            owner_id=owner_id,
            description=new.description,
            item_ids=msgspec.json.encode(new.item_ids).decode(),
            created=new.created,
            expires=new.expires,
        )
    )


def update(connection: Connection, changed: Share) -> None:
    """Store what of a share can change: its description and its end."""
    connection.execute(
        share.update()
        .where(share.c.id == changed.id)
        .values(description=changed.description, expires=changed.expires)
    )


def visit(connection: Connection, share_id: ShareId, now: Timestamp) -> None:
    """Count a visit."""
    connection.execute(
        share.update()
        .where(share.c.id == share_id)
        .values(visit_count=share.c.visit_count + 1, last_visited=now)
    )


def delete(connection: Connection, share_id: ShareId) -> None:
    """Delete a share."""
    connection.execute(share.delete().where(share.c.id == share_id))


def _decode(row: Row[*tuple[Any, ...]]) -> tuple[UserId, Share]:
    return UserId(row.owner_id), Share(
        id=ShareId(row.id),
        owner=row.owner,
        description=row.description,
        item_ids=_decode_ids(row.item_ids),
        created=Timestamp(row.created),
        expires=None if row.expires is None else Timestamp(row.expires),
        last_visited=None if row.last_visited is None else Timestamp(row.last_visited),
        visit_count=row.visit_count,
    )
