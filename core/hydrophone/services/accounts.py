"""Accounts: who there is, and whether somebody is who he says he is."""

import asyncio
import hmac
import secrets
import time
import unicodedata
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hydrophone.domain.ids import LibraryId, UserId
from hydrophone.domain.user import NewCredentials, Roles, User
from hydrophone.errors import (
    AuthenticationError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    TokenLoginUnavailableError,
)
from hydrophone.services import credentials
from hydrophone.services.clock import Clock
from hydrophone.services.credentials import SecretKey
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters, users
from hydrophone.storage.queries.users import Account

FIRST_ADMIN = "admin"
ADMIN_ROLES = Roles(**dict.fromkeys(Roles.__struct_fields__, True))
_LOGIN_LABEL = "login"
"""Label of the app password that is the login password itself."""
_BESIDE_LABEL = "beside login"
"""Label of the app password that is made together with a login password of the user's own."""
_MAX_NAME = 100
_MAX_PASSWORD = 1000
_HASHES_AT_ONCE = 2
_REMEMBERED = 4096
_REMEMBER_SECONDS = 600.0
_FORGIVE_SECONDS = 5.0
_NOBODY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$7mZ1r6vPf+sN1z3R3fr25w"
    "$Jiicsg3V8PC3Ch+k5XGfJxXTvnyXpgF8RT4MUyk9F3A"
)
"""Checked for unknown names, so that they take as long to refuse as known ones."""
WRONG = "Wrong username or password."
_PLAIN_LOGIN_ONLY = (
    "This password cannot be checked by token. Use the app password that `hydrophone users passwd "
    "{name}` prints on the server, or let the app send the password itself."
)

Key = TypeVar("Key", bytes, str)
Known = TypeVar("Known")


class Accounts:
    """Logs users in and manages their accounts."""

    def __init__(
        self,
        *,
        database: Database,
        key: SecretKey,
        clock: Clock,
        libraries: Mapping[LibraryId, Sequence[str]],
        recoverable_passwords: bool = False,
    ) -> None:
        """`libraries` names the users of each library; an empty list means everybody."""
        self._database = database
        self._key = key
        self._clock = clock
        self._libraries = {
            library: {users.name_key(name) for name in names}
            for library, names in libraries.items()
        }
        self._recoverable = recoverable_passwords
        self._hashing = asyncio.Semaphore(_HASHES_AT_ONCE)
        self._memory_key = secrets.token_bytes(32)
        self._verified: dict[bytes, tuple[float, User]] = {}
        self._failed: dict[bytes, float] = {}
        self._unlocked: dict[str, tuple[Account, dict[str, str]]] = {}

    async def verify_password(self, name: str, password: str) -> User:
        """Return the user with this login password or app password.

        Raises AuthenticationError. The first check of a login password takes some 40 ms in a
        thread, two at a time (traps 17); later ones of the same credentials are remembered.
        """

        async def check() -> User:
            account = self._database.quick(users.by_name, name)
            if account is not None and any(
                credentials.same(password, known) for known in self._app_passwords(account).values()
            ):
                return self._user(account)
            async with self._hashing:
                fits = await asyncio.to_thread(
                    credentials.check_password,
                    password[:_MAX_PASSWORD],
                    account.password_hash if account else _NOBODY_HASH,
                )
            if account is None or not fits:
                raise AuthenticationError(WRONG)
            return self._user(account)

        return await self._remembering(f"p\0{name}\0{password}", check)

    async def verify_token(self, name: str, token: str, salt: str) -> User:
        """Return the user one of whose app passwords makes this token with this salt.

        Raises AuthenticationError; TokenLoginUnavailableError if the token may have been made
        from a login password of the user's own, which is known by its hash alone.
        """

        async def check() -> User:
            account, known = self._unlock(name)
            if any(credentials.check_token(token, salt, known[label]) for label in known):
                return self._user(account)
            if _LOGIN_LABEL not in known:
                # It may be made from the login password, of which there is only a hash. DSub
                # takes this for a reason to send the password itself from now on.
                raise TokenLoginUnavailableError(_PLAIN_LOGIN_ONLY.format(name=account.name))
            raise AuthenticationError(WRONG)

        return await self._remembering(f"t\0{name}\0{token}\0{salt}", check)

    async def verify_api_key(self, key: str) -> User:
        """Return the user whom an API key belongs to. Raises AuthenticationError."""

        async def check() -> User:
            found = self._database.quick(users.by_api_key, credentials.hash_api_key(key))
            if found is None:
                raise AuthenticationError("This API key is not valid.")
            return self._user(found)

        return await self._remembering(f"k\0{key}", check)

    async def user(self, viewer: User, name: str) -> User:
        """Return a user; others than oneself only for admins.

        Raises NotPermittedError, and NotFoundError for an admin's unknown name.
        """
        own = users.name_key(name) == users.name_key(viewer.name)
        if not own and not viewer.roles.admin:
            raise NotPermittedError("Only an admin may look at other users.")
        account = await self._database.read(users.by_name, name)
        if account is None:
            raise NotFoundError(f"There is no user {name!r}.")
        return self._user(account)

    async def everybody(self) -> tuple[User, ...]:
        """Return all users by name."""
        return tuple(map(self._user, await self._database.read(users.everybody)))

    async def ensure_admin(self) -> NewCredentials | None:
        """Make the first admin if there is nobody yet; `None` if there is somebody."""
        if await self._database.read(users.count):
            return None
        return await self.add(FIRST_ADMIN, admin=True)

    async def add(
        self, name: str, *, password: str | None = None, admin: bool = False
    ) -> NewCredentials:
        """Make an account; without a password a random one is made.

        Raises InvalidInputError for an impossible name or password, ConflictError if the name
        is taken.
        """
        name = _checked_name(name)
        roles = ADMIN_ROLES if admin else Roles()
        made, password_hash = await self._new_secrets(name, password)

        def write(connection: Connection) -> None:
            user_id = users.add(connection, name, password_hash, roles, self._clock.now())
            self._write_app_password(connection, user_id, made, password)
            counters.bump(connection, counters.ACCOUNTS, self._clock.now())

        try:
            await self._database.write(write)
        except IntegrityError as error:
            raise ConflictError(f"There is a user {name!r} already.") from error
        self.forget()
        return made

    async def set_password(self, name: str, password: str | None = None) -> NewCredentials:
        """Give a user a new login password; without one a random one is made.

        The app password that came with the old one is replaced too; those of single devices
        stay valid.

        Raises NotFoundError, and InvalidInputError for an impossible password.
        """
        made, password_hash = await self._new_secrets(name, password)

        def write(connection: Connection) -> str:
            account = users.by_name(connection, name)
            if account is None:
                raise NotFoundError(f"There is no user {name!r}.")
            users.set_password(connection, account.id, password_hash)
            self._write_app_password(connection, account.id, made, password)
            counters.bump(connection, counters.ACCOUNTS, self._clock.now())
            return account.name

        user_name = await self._database.write(write)
        self.forget()
        return msgspec.structs.replace(made, user_name=user_name)

    async def remove(self, name: str) -> None:
        """Delete an account with its playlists, stars and history.

        Raises NotFoundError, and ConflictError for the last admin.
        """

        def write(connection: Connection) -> None:
            account = users.by_name(connection, name)
            if account is None:
                raise NotFoundError(f"There is no user {name!r}.")
            others = (other for other in users.everybody(connection) if other.id != account.id)
            if account.roles.admin and not any(other.roles.admin for other in others):
                raise ConflictError(f"{account.name!r} is the last admin and cannot be removed.")
            users.remove(connection, account.id)
            counters.bump(connection, counters.ACCOUNTS, self._clock.now())

        await self._database.write(write)
        self.forget()

    def forget(self) -> None:
        """Check all credentials anew from now on; called when accounts have changed."""
        self._verified.clear()
        self._failed.clear()
        self._unlocked.clear()

    async def _new_secrets(self, name: str, password: str | None) -> tuple[NewCredentials, str]:
        """Return what to show, and the hash of the login password."""
        chosen = password if password is None else _checked_password(password)
        made = credentials.make_password()
        async with self._hashing:
            password_hash = await asyncio.to_thread(credentials.hash_password, chosen or made)
        # A random password serves apps as well, so that the one thing shown works everywhere.
        app_password = chosen if chosen and self._recoverable else made
        shown = NewCredentials(
            user_name=name, password="" if chosen else made, app_password=app_password
        )
        return shown, password_hash

    def _write_app_password(
        self, connection: Connection, user_id: UserId, made: NewCredentials, chosen: str | None
    ) -> None:
        """Replace the app password that came with the login password before."""
        is_login = made.app_password in (made.password, chosen)
        for label in (_LOGIN_LABEL, _BESIDE_LABEL):
            users.delete_app_password(connection, user_id, label)
        users.add_app_password(
            connection,
            user_id,
            _LOGIN_LABEL if is_login else _BESIDE_LABEL,
            self._key.encrypt(made.app_password),
            self._clock.now(),
        )

    def _unlock(self, name: str) -> tuple[Account, dict[str, str]]:
        """Return an account with its app passwords, kept until accounts change.

        Most apps take a new salt for each request, so that none of their tokens comes twice.
        """
        unlocked = self._unlocked.get(name)
        if unlocked is None:
            account = self._database.quick(users.by_name, name)
            if account is None:
                raise AuthenticationError(WRONG)
            unlocked = (account, self._app_passwords(account))
            _remember(self._unlocked, name, unlocked)
        return unlocked

    def _app_passwords(self, account: Account) -> dict[str, str]:
        """Return {label: password} of those app passwords that the key file can decrypt."""
        stored = self._database.quick(users.app_passwords, account.id)
        decrypted = ((s.label, self._key.decrypt(s.secret)) for s in stored)
        return {label: secret for label, secret in decrypted if secret is not None}

    async def _remembering(self, credential: str, check: Callable[[], Awaitable[User]]) -> User:
        """Check a credential, or return what the check said of the same one a while ago.

        Only a keyed hash of the credential is kept. A success is good for ten minutes, a
        failure for seconds: apps try each password twice, and guessing gets no cheaper.
        """
        data = credential.encode("utf-8", "surrogatepass")
        digest = hmac.digest(self._memory_key, data, "sha256")
        now = time.monotonic()
        known = self._verified.get(digest)
        if known is not None and known[0] > now:
            return known[1]
        if self._failed.get(digest, 0.0) > now:
            raise AuthenticationError(WRONG)
        try:
            user = await check()
        except AuthenticationError as error:
            if type(error) is AuthenticationError:
                _remember(self._failed, digest, now + _FORGIVE_SECONDS)
            raise
        _remember(self._verified, digest, (now + _REMEMBER_SECONDS, user))
        return user

    def _user(self, account: Account) -> User:
        name = users.name_key(account.name)
        return User(
            id=account.id,
            name=account.name,
            email=account.email,
            roles=account.roles,
            libraries=tuple(
                library for library, names in self._libraries.items() if not names or name in names
            ),
            max_bit_rate=account.max_bit_rate,
            created=account.created,
        )


def _remember(memory: dict[Key, Known], key: Key, value: Known) -> None:
    if len(memory) >= _REMEMBERED:
        del memory[next(iter(memory))]
    memory[key] = value


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name.strip())
    if not 0 < len(name) <= _MAX_NAME or not name.isprintable():
        raise InvalidInputError(f"A user's name has 1 to {_MAX_NAME} printable characters.")
    return name


def _checked_password(password: str) -> str:
    if not 0 < len(password) <= _MAX_PASSWORD:
        raise InvalidInputError(f"A password has 1 to {_MAX_PASSWORD} characters.")
    return password
