"""Accounts and their secrets; what is encrypted or hashed comes and goes as it is stored."""

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, func, select

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Kbps, Timestamp
from hydrophone.domain.user import Roles
from hydrophone.storage.tables.user import api_key, app_password, user

LOGIN_LABEL = "login"
"""Label of the app password that is the login password itself."""
BESIDE_LABEL = "beside login"
"""Label of the app password that is made together with a login password of the user's own."""


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


class AppPassword(Struct, frozen=True, kw_only=True):
    """An app password under the key file's encryption."""

    label: str
    """What a person calls the device; no two of a user have the same."""
    secret: bytes


# Made once: apps that change the salt with every request need these each time.
_BY_NAME = select(user).where(user.c.name_key == bindparam("key"))
_BY_API_KEY = (
    select(user)
    .join(api_key, api_key.c.user_id == user.c.id)
    .where(api_key.c.hash == bindparam("hash"))
)
_APP_PASSWORDS = (
    select(app_password.c.label, app_password.c.secret)
    .where(app_password.c.user_id == bindparam("user_id"))
    .order_by(app_password.c.id.desc())
)


def name_key(name: str) -> str:
    """Return what names are compared by: `Anna` and `anna` are one account.

    Lone surrogates, which no database takes, become question marks.
    """
    return name.strip().casefold().encode("utf-8", "replace").decode()


def by_name(connection: Connection, name: str) -> Account | None:
    """Return an account by its name, whatever its case."""
    row = connection.execute(_BY_NAME, {"key": name_key(name)}).one_or_none()
    return None if row is None else _decode(row)


def by_api_key(connection: Connection, digest: bytes) -> Account | None:
    """Return the account that the hash of an API key belongs to."""
    row = connection.execute(_BY_API_KEY, {"hash": digest}).one_or_none()
    return None if row is None else _decode(row)


def everybody(connection: Connection) -> tuple[Account, ...]:
    """Return all accounts by name."""
    return tuple(map(_decode, connection.execute(select(user).order_by(user.c.name_key))))


def count(connection: Connection) -> int:
    """Return how many accounts there are."""
    return connection.execute(select(func.count()).select_from(user)).scalar_one()


def app_passwords(connection: Connection, user_id: UserId) -> tuple[AppPassword, ...]:
    """Return a user's app passwords, newest first."""
    rows = connection.execute(_APP_PASSWORDS, {"user_id": user_id})
    return tuple(AppPassword(label=row.label, secret=row.secret) for row in rows)


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


def set_password(connection: Connection, user_id: UserId, password_hash: str) -> None:
    """Replace the hash of the login password."""
    connection.execute(
        user.update().where(user.c.id == user_id).values(password_hash=password_hash)
    )


def add_app_password(
    connection: Connection, user_id: UserId, label: str, secret: bytes, now: Timestamp
) -> None:
    """Add an app password; labels tell a user's own ones apart."""
    connection.execute(
        app_password.insert().values(user_id=user_id, label=label, secret=secret, created=now)
    )


def delete_app_password(connection: Connection, user_id: UserId, label: str) -> None:
    """Delete the app password with this label, if there is one."""
    connection.execute(
        app_password.delete().where(
            app_password.c.user_id == user_id, app_password.c.label == label
        )
    )


def remove(connection: Connection, user_id: UserId) -> None:
    """Delete an account with all that belongs to it."""
    connection.execute(user.delete().where(user.c.id == user_id))


def _decode(row: Row[*tuple[Any, ...]]) -> Account:
    return Account(
        id=UserId(row.id),
        name=row.name,
        email=row.email,
        roles=msgspec.json.decode(row.roles, type=Roles),
        password_hash=row.password_hash,
        max_bit_rate=Kbps(row.max_bit_rate),
        created=Timestamp(row.created),
    )
