"""Accounts."""

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, select

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Kbps, Timestamp
from hydrophone.domain.user import Roles
from hydrophone.storage.tables.user import user


class Account(Struct, frozen=True, kw_only=True):
    """A user as stored; which libraries he may see is the configuration's business."""

    id: UserId
    name: str
    email: str
    roles: Roles
    password_hash: str
    """argon2id in PHC form."""
    max_bit_rate: Kbps
    created: Timestamp
    libraries: tuple[int, ...] | None = None
    """Those that an admin has chosen; `None` means all that the configuration allows."""
    avatar_changed: Timestamp | None = None


_decode_libraries = msgspec.json.Decoder(tuple[int, ...]).decode
# Made once: it is needed for many logins.
_BY_NAME = select(user).where(user.c.name_key == bindparam("key"))


def name_key(name: str) -> str:
    """Return what names are compared by: `Anna` and `anna` are one account.

    Lone surrogates, which no database takes, become question marks.
    """
    return name.strip().casefold().encode("utf-8", "replace").decode()


def by_name(connection: Connection, name: str) -> Account | None:
    """Return an account by its name, whatever its case."""
    row = connection.execute(_BY_NAME, {"key": name_key(name)}).one_or_none()
    return None if row is None else decode(row)


def by_id(connection: Connection, user_id: UserId) -> Account | None:
    """Return an account by its id."""
    row = connection.execute(select(user).where(user.c.id == user_id)).one_or_none()
    return None if row is None else decode(row)


def everybody(connection: Connection) -> tuple[Account, ...]:
    """Return all accounts by name."""
    return tuple(map(decode, connection.execute(select(user).order_by(user.c.name_key))))


def add(
    connection: Connection, name: str, password_hash: str, roles: Roles, now: Timestamp
) -> UserId:
    """Add an account; raises IntegrityError if the name is taken."""
    return UserId(
        connection.execute(
            user.insert()
            .values(
                name=name.strip(),
                name_key=name_key(name),
                roles=msgspec.json.encode(roles).decode(),
                password_hash=password_hash,
                created=now,
            )
            .returning(user.c.id)
        ).scalar_one()
    )


def update(connection: Connection, account: Account) -> None:
    """Store what of an account can change: roles, address, bit rate and libraries."""
    libraries = account.libraries
    connection.execute(
        user.update()
        .where(user.c.id == account.id)
        .values(
            roles=msgspec.json.encode(account.roles).decode(),
            email=account.email,
            max_bit_rate=account.max_bit_rate,
            libraries=None if libraries is None else msgspec.json.encode(libraries).decode(),
        )
    )


def set_password(connection: Connection, user_id: UserId, password_hash: str) -> None:
    """Replace the hash of the login password."""
    connection.execute(
        user.update().where(user.c.id == user_id).values(password_hash=password_hash)
    )


def renew_hash(connection: Connection, before: str, after: str) -> None:
    """Put another hash of the same login password in place of one, if that is still there."""
    connection.execute(
        user.update().where(user.c.password_hash == before).values(password_hash=after)
    )


def remove(connection: Connection, user_id: UserId) -> None:
    """Delete an account with all that belongs to it."""
    connection.execute(user.delete().where(user.c.id == user_id))


def decode(row: Row[*tuple[Any, ...]]) -> Account:
    """Make an account out of a row of its table."""
    return Account(
        id=UserId(row.id),
        name=row.name,
        email=row.email,
        roles=msgspec.json.decode(row.roles, type=Roles),
        password_hash=row.password_hash,
        max_bit_rate=Kbps(row.max_bit_rate),
        created=Timestamp(row.created),
        libraries=None if row.libraries is None else _decode_libraries(row.libraries),
        avatar_changed=None if row.avatar_changed is None else Timestamp(row.avatar_changed),
    )
