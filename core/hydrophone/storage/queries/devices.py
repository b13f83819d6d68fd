"""App passwords and API keys of single devices; secrets come and go encrypted or hashed."""

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import Connection, Table, bindparam, or_, select

from hydrophone.domain.device import SecretKind
from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import users
from hydrophone.storage.queries.users import Account
from hydrophone.storage.tables.device import api_key, app_password
from hydrophone.storage.tables.user import user

LOGIN_LABEL = "login"
"""Label of the app password that is the login password too; the server made it."""
OWN_LABEL = "own login"
"""Label of the copy of a login password that its user chose, where such are kept recoverable."""
BESIDE_LABEL = "beside login"
"""Label of the app password that is made together with a login password of the user's own."""
GIVEN_LABEL = "given login"
"""Label of the copy of a login password that an admin chose for the user in an app."""
LABELS = (LOGIN_LABEL, OWN_LABEL, BESIDE_LABEL, GIVEN_LABEL)
"""All that are no device's name."""


class AppPassword(Struct, frozen=True, kw_only=True):
    """An app password under the key file's encryption."""

    user_id: UserId
    label: str
    """What a person calls the device; no two of a user have the same."""
    secret: bytes
    created: Timestamp
    last_used: Timestamp | None


class ApiKey(Struct, frozen=True, kw_only=True):
    """An API key; what it is nobody knows but the device."""

    label: str
    """As of an app password."""
    created: Timestamp
    last_used: Timestamp | None


class SecretUse(Struct, frozen=True, kw_only=True):
    """That one of the secrets has logged its user in."""

    user_id: UserId
    kind: SecretKind
    label: str


_TABLES: dict[SecretKind, Table] = {
    SecretKind.APP_PASSWORD: app_password,
    SecretKind.API_KEY: api_key,
}
# Made once: these are needed for many logins.
_BY_API_KEY = (
    select(user, api_key.c.label)
    .join(api_key, api_key.c.user_id == user.c.id)
    .where(api_key.c.hash == bindparam("hash"))
)
_APP_PASSWORDS = select(app_password).order_by(app_password.c.id.desc())
_APP_PASSWORDS_OF = _APP_PASSWORDS.where(app_password.c.user_id == bindparam("user_id"))


def by_api_key(connection: Connection, digest: bytes) -> tuple[Account, str] | None:
    """Return the account that the hash of an API key belongs to, and the key's label."""
    row = connection.execute(_BY_API_KEY, {"hash": digest}).one_or_none()
    return None if row is None else (users.decode(row), row.label)


def app_passwords(connection: Connection, user_id: UserId | None = None) -> tuple[AppPassword, ...]:
    """Return the app passwords of a user, or of all, newest first."""
    rows = (
        connection.execute(_APP_PASSWORDS)
        if user_id is None
        else connection.execute(_APP_PASSWORDS_OF, {"user_id": user_id})
    )
    return tuple(
        AppPassword(
            user_id=UserId(row.user_id),
            label=row.label,
            secret=row.secret,
            created=Timestamp(row.created),
            last_used=None if row.last_used is None else Timestamp(row.last_used),
        )
        for row in rows
    )


def api_keys(connection: Connection, user_id: UserId) -> tuple[ApiKey, ...]:
    """Return a user's API keys, newest first."""
    statement = select(api_key).where(api_key.c.user_id == user_id).order_by(api_key.c.id.desc())
    return tuple(
        ApiKey(
            label=row.label,
            created=Timestamp(row.created),
            last_used=None if row.last_used is None else Timestamp(row.last_used),
        )
        for row in connection.execute(statement)
    )


def add_app_password(
    connection: Connection, user_id: UserId, label: str, secret: bytes, now: Timestamp
) -> None:
    """Add an app password; labels tell a user's own ones apart."""
    connection.execute(
        app_password.insert().values(user_id=user_id, label=label, secret=secret, created=now)
    )


def add_api_key(
    connection: Connection, user_id: UserId, label: str, digest: bytes, now: Timestamp
) -> None:
    """Add an API key by its hash; labels tell a user's own ones apart."""
    connection.execute(
        api_key.insert().values(user_id=user_id, label=label, hash=digest, created=now)
    )


def delete(connection: Connection, user_id: UserId, kind: SecretKind, label: str) -> None:
    """Delete the secret with this label, if there is one."""
    table = _TABLES[kind]
    connection.execute(table.delete().where(table.c.user_id == user_id, table.c.label == label))


def delete_everywhere(connection: Connection, label: str) -> int:
    """Delete the app passwords of this label of all users; return how many there were."""
    return connection.execute(app_password.delete().where(app_password.c.label == label)).rowcount


def relabel(connection: Connection, user_id: UserId, label: str, new_label: str) -> None:
    """Give an app password another label."""
    connection.execute(
        app_password.update()
        .where(app_password.c.user_id == user_id, app_password.c.label == label)
        .values(label=new_label)
    )


def mark_used(connection: Connection, uses: Iterable[SecretUse], day: Timestamp) -> None:
    """Say that secrets were used on a day; a later day that is known stays."""
    for use in uses:
        table = _TABLES[use.kind]
        connection.execute(
            table.update()
            .where(
                table.c.user_id == use.user_id,
                table.c.label == use.label,
                or_(table.c.last_used.is_(None), table.c.last_used < day),
            )
            .values(last_used=day)
        )
