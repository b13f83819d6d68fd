"""What plugins keep in our database: small values, and secrets under the server's key."""

from sqlalchemy import Connection

from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.errors import InvalidInputError
from hydrophone.services.clock import Clock
from hydrophone.services.credentials import SecretKey
from hydrophone.storage.database import Database
from hydrophone.storage.queries import plugin_values

_MOST_KEYS = 10_000
_LONGEST_KEY = 200
_LARGEST_VALUE = 256 * 1024


class PluginStore:
    """The key-value store of one instance; implements `KeyValueStore`."""

    def __init__(self, instance: str, *, database: Database, clock: Clock) -> None:
        self._instance = instance
        self._database = database
        self._clock = clock

    async def get(self, key: str) -> bytes | None:
        """Return what was put under this key; `None` if nothing was, or it has expired."""
        return await self._database.read(
            plugin_values.get, self._instance, key, is_secret=False, now=self._clock.now()
        )

    async def put(self, key: str, value: bytes, *, lifetime: Seconds | None = None) -> None:
        """Keep this, for so long if it is said. Raises InvalidInputError over the limits."""
        now = self._clock.now()
        expires = None if lifetime is None else Timestamp(now + round(lifetime * 1000))
        _check(key, value)

        def write(connection: Connection) -> None:
            plugin_values.forget_expired(connection, now)
            _check_room(connection, self._instance)
            plugin_values.put(
                connection, self._instance, key, value, is_secret=False, expires=expires
            )

        await self._database.write(write)

    async def delete(self, key: str) -> None:
        """Forget it; without effect if there is nothing."""
        await self._database.write(plugin_values.delete, self._instance, key, is_secret=False)

    async def keys(self, prefix: str = "") -> tuple[str, ...]:
        """Return the keys that begin so, in alphabetical order."""
        return await self._database.read(
            plugin_values.keys, self._instance, prefix, self._clock.now()
        )


class PluginSecrets:
    """The secrets of one instance; implements `SecretStore`."""

    def __init__(self, instance: str, *, database: Database, clock: Clock, key: SecretKey) -> None:
        self._instance = instance
        self._database = database
        self._clock = clock
        self._key = key

    async def get(self, key: str) -> str | None:
        """Return what was put under this key; `None` if nothing was or the key file is another."""
        data = await self._database.read(
            plugin_values.get, self._instance, key, is_secret=True, now=self._clock.now()
        )
        return None if data is None else self._key.decrypt(data)

    async def put(self, key: str, value: str) -> None:
        """Keep it encrypted. Raises InvalidInputError over the limits of the store."""
        data = self._key.encrypt(value)
        _check(key, data)

        def write(connection: Connection) -> None:
            _check_room(connection, self._instance)
            plugin_values.put(connection, self._instance, key, data, is_secret=True, expires=None)

        await self._database.write(write)

    async def delete(self, key: str) -> None:
        """Forget it; without effect if there is nothing."""
        await self._database.write(plugin_values.delete, self._instance, key, is_secret=True)


def _check(key: str, value: bytes) -> None:
    if not key or len(key) > _LONGEST_KEY:
        raise InvalidInputError(f"A key has 1 to {_LONGEST_KEY} characters.")
    if len(value) > _LARGEST_VALUE:
        raise InvalidInputError(f"A value has at most {_LARGEST_VALUE} bytes.")


def _check_room(connection: Connection, instance: str) -> None:
    if plugin_values.count(connection, instance) >= _MOST_KEYS:
        raise InvalidInputError(f"A plugin keeps at most {_MOST_KEYS} keys.")
