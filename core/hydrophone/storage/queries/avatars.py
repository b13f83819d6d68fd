"""Pictures of users."""

from msgspec import Struct
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.user import avatar, user


class Avatar(Struct, frozen=True, kw_only=True):
    """A picture as it was stored."""

    data: bytes
    content_type: str


def load(connection: Connection, user_id: UserId) -> Avatar | None:
    """Return a user's picture; `None` if there is none."""
    row = connection.execute(select(avatar).where(avatar.c.user_id == user_id)).one_or_none()
    return None if row is None else Avatar(data=row.picture, content_type=row.content_type)


def save(connection: Connection, user_id: UserId, picture: Avatar, now: Timestamp) -> None:
    """Set a user's picture, in the place of the one before."""
    values = {"picture": picture.data, "content_type": picture.content_type}
    statement = insert(avatar).values(user_id=user_id, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[avatar.c.user_id], set_=values)
    )
    _mark(connection, user_id, now)


def forget(connection: Connection, user_id: UserId, now: Timestamp) -> bool:
    """Take a user's picture away; return whether there was one."""
    found = connection.execute(avatar.delete().where(avatar.c.user_id == user_id)).rowcount
    if found:
        _mark(connection, user_id, now)
    return bool(found)


def _mark(connection: Connection, user_id: UserId, now: Timestamp) -> None:
    connection.execute(user.update().where(user.c.id == user_id).values(avatar_changed=now))
