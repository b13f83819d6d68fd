"""Logins: whether somebody is who he says he is."""

import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from msgspec import Struct

from hydrophone.domain.device import SecretKind
from hydrophone.domain.ids import UserId
from hydrophone.domain.user import MAX_NAME, User
from hydrophone.errors import AuthenticationError, TokenLoginUnavailableError
from hydrophone.services import credentials
from hydrophone.services.credentials import SecretKey
from hydrophone.services.device_use import DeviceUse
from hydrophone.services.membership import Membership
from hydrophone.services.password_hashing import MAX_PASSWORD, PasswordHashing
from hydrophone.storage.database import Database
from hydrophone.storage.queries import devices, users
from hydrophone.storage.queries.devices import LOGIN_LABEL, SecretUse
from hydrophone.storage.queries.users import Account

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
    "This password cannot be checked by token. Use an app password, which `hydrophone users "
    'app-password {name} --device "My phone"` makes on the server, or let the app send the '
    "password itself."
)

Key = TypeVar("Key", bytes, str)
Known = TypeVar("Known")


class _Unlocked(Struct, frozen=True, kw_only=True):
    """What logs an account in."""

    user: User
    password_hash: str
    app_passwords: dict[str, str]
    """In clear, by label, newest first; those that the key file can decrypt."""


class Logins:
    """Checks credentials of every kind, and remembers what it found for a while."""

    def __init__(
        self,
        *,
        database: Database,
        key: SecretKey,
        hashing: PasswordHashing,
        membership: Membership,
        uses: DeviceUse,
    ) -> None:
        self._database = database
        self._key = key
        self._hashing = hashing
        self._membership = membership
        self._uses = uses
        self._memory_key = secrets.token_bytes(32)
        self._verified: dict[bytes, tuple[float, User]] = {}
        self._failed: dict[bytes, float] = {}
        self._unlocked: dict[str, _Unlocked | None] = {}

    async def verify_password(self, name: str, password: str) -> User:
        """Return the user with this login password or app password.

        Raises AuthenticationError. The first check of a login password takes some 40 ms in a
        thread, two at a time (traps 17); later ones of the same credentials are remembered.
        """
        known = self._unlock(name)
        if user := self._by_app_password(known, lambda secret: credentials.same(password, secret)):
            return user

        async def check() -> User:
            fits = await self._hashing.check(
                password[:MAX_PASSWORD], known.password_hash if known else _NOBODY_HASH
            )
            if known is None or not fits:
                raise AuthenticationError(WRONG)
            return known.user

        return await self._remembering(f"p\0{name}\0{password}", check)

    async def verify_token(self, name: str, token: str, salt: str) -> User:
        """Return the user one of whose app passwords makes this token with this salt.

        Raises AuthenticationError; TokenLoginUnavailableError if the token may have been made
        from a login password of the user's own, which is known by its hash alone.

        Tokens are not remembered: most apps take a new salt for each request, and checking one
        costs less than looking it up.
        """
        known = self._unlock(name)
        if user := self._by_app_password(
            known, lambda secret: credentials.check_token(token, salt, secret)
        ):
            return user
        if known is not None and LOGIN_LABEL not in known.app_passwords:
            # It may be made from the login password, of which there is only a hash. DSub takes
            # this for a reason to send the password itself from now on.
            raise TokenLoginUnavailableError(_PLAIN_LOGIN_ONLY.format(name=known.user.name))
        raise AuthenticationError(WRONG)

    async def verify_api_key(self, key: str) -> User:
        """Return the user whom an API key belongs to. Raises AuthenticationError."""

        async def check() -> User:
            found = self._database.quick(devices.by_api_key, credentials.hash_api_key(key))
            if found is None:
                raise AuthenticationError("This API key is not valid.")
            account, label = found
            self._note(account.id, SecretKind.API_KEY, label)
            return self._membership.user(account)

        return await self._remembering(f"k\0{key}", check)

    def forget(self) -> None:
        """Check all credentials anew from now on; called when accounts have changed."""
        # New ones: a check that is under way puts what it finds into the old ones.
        self._verified = {}
        self._failed = {}
        self._unlocked = {}
        self._uses.forget()

    def _note(self, user_id: UserId, kind: SecretKind, label: str) -> None:
        self._uses.note(SecretUse(user_id=user_id, kind=kind, label=label))

    def _by_app_password(self, known: _Unlocked | None, fits: Callable[[str], bool]) -> User | None:
        """Return the user if one of the app passwords fits, and note which one does."""
        if known is not None:
            for label, secret in known.app_passwords.items():
                if fits(secret):
                    self._note(known.user.id, SecretKind.APP_PASSWORD, label)
                    return known.user
        return None

    def _unlock(self, name: str) -> _Unlocked | None:
        """Return what logs an account in, kept until accounts change; `None` if there is none.

        That there is none is kept as well, so that it is not said later than a wrong password.
        """
        if len(name) > MAX_NAME:
            return None
        if name not in self._unlocked:
            account = self._database.quick(users.by_name, name)
            _remember(self._unlocked, name, None if account is None else self._secrets(account))
        return self._unlocked[name]

    def _secrets(self, account: Account) -> _Unlocked:
        stored = self._database.quick(devices.app_passwords, account.id)
        decrypted = ((s.label, self._key.decrypt(s.secret)) for s in stored)
        return _Unlocked(
            user=self._membership.user(account),
            password_hash=account.password_hash,
            app_passwords={label: secret for label, secret in decrypted if secret is not None},
        )

    async def _remembering(self, credential: str, check: Callable[[], Awaitable[User]]) -> User:
        """Check a credential, or return what the check said of the same one a while ago.

        Only a keyed hash of the credential is kept. A success is good for ten minutes, a
        failure for seconds: apps try each password twice, and guessing gets no cheaper.
        """
        verified, failed = self._verified, self._failed
        data = credential.encode("utf-8", "surrogatepass")
        digest = hmac.digest(self._memory_key, data, "sha256")
        now = time.monotonic()
        known = verified.get(digest)
        if known is not None and known[0] > now:
            return known[1]
        if failed.get(digest, 0.0) > now:
            raise AuthenticationError(WRONG)
        try:
            user = await check()
        except AuthenticationError:
            _remember(failed, digest, now + _FORGIVE_SECONDS)
            raise
        _remember(verified, digest, (now + _REMEMBER_SECONDS, user))
        return user


def _remember(memory: dict[Key, Known], key: Key, value: Known) -> None:
    if len(memory) >= _REMEMBERED:
        del memory[next(iter(memory))]
    memory[key] = value
