"""App passwords and API keys: one for each device, so that each can be taken back alone."""

import unicodedata

from sqlalchemy import Connection

from hydrophone.domain.device import Device, LostDevice, NewDevice, SecretKind
from hydrophone.domain.units import Timestamp
from hydrophone.errors import ConflictError, InvalidInputError, NotFoundError
from hydrophone.services import credentials
from hydrophone.services.clock import Clock
from hydrophone.services.credentials import SecretKey
from hydrophone.services.logins import Logins
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters, devices, users
from hydrophone.storage.queries.devices import LABELS
from hydrophone.storage.queries.users import Account

_MAX_NAME = 100
_WORDS = {SecretKind.APP_PASSWORD: "an app password", SecretKind.API_KEY: "an API key"}


class Devices:
    """Makes, lists and revokes the secrets of users' devices."""

    def __init__(self, *, database: Database, key: SecretKey, clock: Clock, logins: Logins) -> None:
        """`logins` forgets what it knows when a secret has come or gone here."""
        self._database = database
        self._key = key
        self._clock = clock
        self._logins = logins

    async def add_app_password(self, user_name: str, device: str) -> NewDevice:
        """Make an app password, which logs in by token and plainly.

        One of the same device that the key file cannot open is replaced.

        Raises NotFoundError, InvalidInputError for an impossible device's name, ConflictError if
        the device has an app password already.
        """
        secret = credentials.make_password()
        return await self._add(user_name, device, SecretKind.APP_PASSWORD, secret)

    async def add_api_key(self, user_name: str, device: str) -> NewDevice:
        """Make an API key. Raises as `add_app_password` does."""
        secret = credentials.make_api_key()
        return await self._add(user_name, device, SecretKind.API_KEY, secret)

    async def of_user(self, user_name: str) -> tuple[Device, ...]:
        """Return a user's devices, newest first. Raises NotFoundError."""

        def read(connection: Connection) -> tuple[Device, ...]:
            return self._read(connection, _account(connection, user_name))

        return await self._database.read(read)

    async def revoke(
        self, user_name: str, device: str, kind: SecretKind | None = None
    ) -> tuple[Device, ...]:
        """Delete a device's secret of one kind, or all that it has, and return what is gone.

        Raises NotFoundError if there is no such user, or no such device.
        """

        def write(connection: Connection) -> tuple[Device, ...]:
            account = _account(connection, user_name)
            found = tuple(
                one
                for one in self._read(connection, account)
                if _key(one.name) == _key(device) and kind in (None, one.kind)
            )
            if not found:
                what = _WORDS[kind] if kind else "a device"
                raise NotFoundError(f"{account.name!r} has not {what} called {device!r}.")
            for one in found:
                devices.delete(connection, account.id, one.kind, one.name)
            counters.bump(connection, counters.ACCOUNTS, self._clock.now())
            return found

        revoked = await self._database.write(write)
        self._logins.forget()
        return revoked

    async def lost(self) -> tuple[LostDevice, ...]:
        """Return the app passwords that the key file cannot open, by user and device."""

        def read(connection: Connection) -> tuple[LostDevice, ...]:
            names = {account.id: account.name for account in users.everybody(connection)}
            return tuple(
                LostDevice(user_name=names[stored.user_id], name=stored.label)
                for stored in devices.app_passwords(connection)
                if self._key.decrypt(stored.secret) is None
            )

        found = await self._database.read(read)
        return tuple(sorted(found, key=lambda one: (_key(one.user_name), _key(one.name))))

    async def _add(self, user_name: str, device: str, kind: SecretKind, secret: str) -> NewDevice:
        device = _checked_name(device)

        def write(connection: Connection) -> NewDevice:
            account = _account(connection, user_name)
            for one in self._read(connection, account):
                if (_key(one.name), one.kind) != (_key(device), kind):
                    continue
                if not one.is_lost:
                    raise ConflictError(
                        f"{account.name!r} has {_WORDS[kind]} for {one.name!r} already. Revoke it "
                        "first, or give this device another name."
                    )
                devices.delete(connection, account.id, kind, one.name)
            now = self._clock.now()
            if kind is SecretKind.APP_PASSWORD:
                encrypted = self._key.encrypt(secret)
                devices.add_app_password(connection, account.id, device, encrypted, now)
            else:
                digest = credentials.hash_api_key(secret)
                devices.add_api_key(connection, account.id, device, digest, now)
            counters.bump(connection, counters.ACCOUNTS, now)
            return NewDevice(user_name=account.name, device=device, kind=kind, secret=secret)

        made = await self._database.write(write)
        self._logins.forget()
        return made

    def _read(self, connection: Connection, account: Account) -> tuple[Device, ...]:
        found = [
            Device(
                name=stored.label,
                kind=SecretKind.APP_PASSWORD,
                created=stored.created,
                last_used=stored.last_used,
                is_lost=self._key.decrypt(stored.secret) is None,
            )
            for stored in devices.app_passwords(connection, account.id)
        ]
        found += [
            Device(
                name=stored.label,
                kind=SecretKind.API_KEY,
                created=stored.created,
                last_used=stored.last_used,
            )
            for stored in devices.api_keys(connection, account.id)
        ]
        return tuple(sorted(found, key=_age))


def _account(connection: Connection, name: str) -> Account:
    account = users.by_name(connection, name)
    if account is None:
        raise NotFoundError(f"There is no user {name!r}.")
    return account


def _age(device: Device) -> Timestamp:
    return Timestamp(-device.created)


def _key(name: str) -> str:
    return name.casefold()


def _checked_name(device: str) -> str:
    device = unicodedata.normalize("NFC", device.strip())
    if not 0 < len(device) <= _MAX_NAME or not device.isprintable():
        raise InvalidInputError(f"A device's name has 1 to {_MAX_NAME} printable characters.")
    if _key(device) in LABELS:
        raise InvalidInputError(
            f"{device!r} means the password that came with the account: choose another name."
        )
    return device
