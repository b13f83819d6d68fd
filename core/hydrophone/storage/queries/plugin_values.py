"""Small things that plugins keep, apart for each instance."""

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.plugin_value import plugin_value as table


def get(
    connection: Connection, instance: str, key: str, *, is_secret: bool, now: Timestamp
) -> bytes | None:
    """Return what was put under a key; `None` if nothing was, or it has expired."""
    return connection.execute(
        select(table.c.value).where(
            _of(instance, is_secret=is_secret), table.c.key == key, _is_alive(now)
        )
    ).scalar_one_or_none()


def put(
    connection: Connection,
    instance: str,
    key: str,
    value: bytes,
    *,
    is_secret: bool,
    expires: Timestamp | None,
) -> None:
    """Keep something under a key, in the place of what was there."""
    new = {"value": value, "expires": expires}
    statement = insert(table).values(instance=instance, is_secret=is_secret, key=key, **new)
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)
    )


def delete(connection: Connection, instance: str, key: str, *, is_secret: bool) -> None:
    """Forget what is under a key, if there is something."""
    connection.execute(table.delete().where(_of(instance, is_secret=is_secret), table.c.key == key))


def keys(connection: Connection, instance: str, prefix: str, now: Timestamp) -> tuple[str, ...]:
    """Return the keys of values that begin so, in the order of their code points."""
    begins = func.substr(table.c.key, 1, len(prefix)) == prefix
    found = connection.execute(
        select(table.c.key)
        .where(_of(instance, is_secret=False), begins, _is_alive(now))
        .order_by(table.c.key)
    )
    return tuple(found.scalars())


def count(connection: Connection, instance: str) -> int:
    """Return how many keys an instance has, of both kinds."""
    return connection.execute(select(func.count()).where(table.c.instance == instance)).scalar_one()


def forget_expired(connection: Connection, now: Timestamp) -> None:
    """Delete what has expired."""
    connection.execute(table.delete().where(table.c.expires <= now))


def _of(instance: str, *, is_secret: bool) -> ColumnElement[bool]:
    return and_(table.c.instance == instance, table.c.is_secret.is_(is_secret))


def _is_alive(now: Timestamp) -> ColumnElement[bool]:
    return or_(table.c.expires.is_(None), table.c.expires > now)
