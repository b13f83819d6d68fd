"""Logins: whether somebody is who he says he is."""

import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from hydrophone.domain.device import SecretKind
from hydrophone.domain.ids import UserId
from hydrophone.domain.user import User
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
        self._unlocked: dict[str, tuple[Account, dict[str, str]]] = {}

    async def verify_password(self, name: str, password: str) -> User:
        """Return the user with this login password or app password.

        Raises AuthenticationError. The first check of a login password takes some 40 ms in a
        thread, two at a time (traps 17); later ones of the same credentials are remembered.
        """

        async def check() -> User:
            account = self._database.quick(users.by_name, name)
            if account is not None:
                known = self._app_passwords(account)
                fitting = [label for label in known if credentials.same(password, known[label])]
                if fitting:
                    self._note(account.id, SecretKind.APP_PASSWORD, fitting[0])
                    return self._membership.user(account)
            fits = await self._hashing.check(
                password[:MAX_PASSWORD], account.password_hash if account else _NOBODY_HASH
            )
            if account is None or not fits:
                raise AuthenticationError(WRONG)
            return self._membership.user(account)

        return await self._remembering(f"p\0{name}\0{password}", check)

    async def verify_token(self, name: str, token: str, salt: str) -> User:
        """Return the user one of whose app passwords makes this token with this salt.

        Raises AuthenticationError; TokenLoginUnavailableError if the token may have been made
        from a login password of the user's own, which is known by its hash alone.
        """

        async def check() -> User:
            account, known = self._unlock(name)
            fitting = [
                label for label in known if credentials.check_token(token, salt, known[label])
            ]
            if fitting:
                self._note(account.id, SecretKind.APP_PASSWORD, fitting[0])
                return self._membership.user(account)
            if LOGIN_LABEL not in known:
                # It may be made from the login password, of which there is only a hash. DSub
                # takes this for a reason to send the password itself from now on.
                raise TokenLoginUnavailableError(_PLAIN_LOGIN_ONLY.format(name=account.name))
            raise AuthenticationError(WRONG)

        return await self._remembering(f"t\0{name}\0{token}\0{salt}", check)

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
        self._verified.clear()
        self._failed.clear()
        self._unlocked.clear()
        self._uses.forget()

    def _note(self, user_id: UserId, kind: SecretKind, label: str) -> None:
        self._uses.note(SecretUse(user_id=user_id, kind=kind, label=label))

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
        stored = self._database.quick(devices.app_passwords, account.id)
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


def _remember(memory: dict[Key, Known], key: Key, value: Known) -> None:
    if len(memory) >= _REMEMBERED:
        del memory[next(iter(memory))]
    memory[key] = value
