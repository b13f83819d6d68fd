"""Logins: whether somebody is who he says he is."""

import asyncio
import logging
import secrets
from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import Connection

from hydrophone.domain.device import SecretKind
from hydrophone.domain.ids import UserId
from hydrophone.domain.user import MAX_NAME, LoginMechanism, User
from hydrophone.errors import (
    AuthenticationError,
    LoginMechanismOffError,
    StorageError,
    TokenLoginUnavailableError,
    UnavailableError,
)
from hydrophone.services import credentials
from hydrophone.services.clock import Clock
from hydrophone.services.credentials import SecretKey
from hydrophone.services.device_use import DeviceUse
from hydrophone.services.login_memory import WRONG, LoginMemory, remember
from hydrophone.services.membership import Membership
from hydrophone.services.networks import CROWD_PREFIX, network_of
from hydrophone.services.password_hashing import MAX_PASSWORD, PasswordHashing
from hydrophone.services.throttle import Throttle
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters, devices, users
from hydrophone.storage.queries.devices import GIVEN_LABEL, LOGIN_LABEL, OWN_LABEL, SecretUse
from hydrophone.storage.queries.users import Account

logger = logging.getLogger(__name__)

_NOBODY_HASH = (
    "$argon2id$v=19$m=7168,t=5,p=1$4qAhWoLftVrtECnCqLRfsg"
    "$bORHb3qkVF6ydbPcVVAQrm1ktCeMqe8JY8e4zC1eQMw"
)
"""Of nothing, as `credentials.hash_password` makes it; checked for unknown names, so that they take
as long to refuse as known ones."""
_PLAIN_LOGIN_ONLY = (
    "Wrong username or app password. `hydrophone users app-password {name} --device "
    '"My phone"` makes an app password on the server. The login password works only if the app '
    "sends it as it is, without tokens."
)
_ONCE_IS_ENOUGH = " Once is enough: then tokens work too."
_NO_TOKENS = "This server takes no tokens: let the app send the password itself, or an API key."
_OFF = {
    LoginMechanism.PASSWORD: "This server takes no passwords as they are: let the app use tokens "
    "or an API key.",
    LoginMechanism.API_KEY: "This server takes no API keys: log in with name and password.",
}


class _Unlocked(Struct, frozen=True, kw_only=True):
    """What logs an account in."""

    user: User
    password_hash: str
    made: dict[str, str]
    """App passwords in clear, by label; those that the key file can decrypt. They are random:
    nobody can guess one, so trying them is not throttled."""
    own: str | None
    """The login password that a person chose, if a copy of it is kept. It can be guessed."""
    own_label: str
    """The label of that copy."""


class Logins:
    """Checks credentials of every kind, and remembers what it found for a while."""

    def __init__(
        self,
        *,
        database: Database,
        key: SecretKey,
        clock: Clock,
        hashing: PasswordHashing,
        membership: Membership,
        uses: DeviceUse,
        throttle: Throttle,
        mechanisms: Collection[LoginMechanism],
        recoverable_passwords: bool,
    ) -> None:
        self.mechanisms = frozenset(mechanisms)
        self._database = database
        self._key = key
        self._clock = clock
        self._hashing = hashing
        self._membership = membership
        self._uses = uses
        self._throttle = throttle
        self._recoverable = recoverable_passwords
        self._memory_key = secrets.token_bytes(32)
        self._memory = LoginMemory(self._memory_key)
        self._unlocked: dict[str, _Unlocked | None] = {}
        self._by_api_key: dict[bytes, tuple[User, str]] = {}
        self._checks: dict[bytes, asyncio.Task[User]] = {}
        self._version = -1

    async def verify_password(self, name: str, password: str, *, address: str = "") -> User:
        """Return the user with this login password or app password.

        Raises AuthenticationError (TooManyTriesError if a guesser at this account in the network
        of `address` has to wait), LoginMechanismOffError, and UnavailableError if too many
        passwords are being checked. What a command has made counts at once. The first
        check of a login password takes some 30 ms in a thread, two at a time (traps 17); a
        credential that was verified is remembered, and then neither checked nor throttled.
        """
        if LoginMechanism.PASSWORD not in self.mechanisms:
            raise LoginMechanismOffError(_OFF[LoginMechanism.PASSWORD])
        account = self._unlock(name)
        if account is not None:
            made = account.made
            fitting = [label for label in made if credentials.same(password, made[label])]
            if fitting:
                return self._used(account.user, fitting[0])
        digest = self._memory.digest("p", name, password)
        known = self._memory.recall(digest)
        if known is not None:
            return known
        if self._has_changed():
            return await self.verify_password(name, password, address=address)
        self._memory.refuse_again(digest)
        # An app asks for twenty covers at once: their common password is checked once.
        check = self._checks.get(digest)
        if check is None:
            check = asyncio.create_task(
                self._check_login_password(name, account, password, digest, address)
            )
            self._checks[digest] = check
            check.add_done_callback(lambda done: self._finished(digest, done))
        return await asyncio.shield(check)

    async def verify_token(self, name: str, token: str, salt: str, *, address: str = "") -> User:
        """Return the user one of whose app passwords makes this token with this salt.

        Raises AuthenticationError (TooManyTriesError as in `verify_password`, but only where
        login passwords are recoverable); TokenLoginUnavailableError if the token may have been
        made from a login password of the user's own, which is known by its hash alone, or if no
        tokens are taken at all. What a command has made counts at once.

        Tokens are not remembered: most apps take a new salt for each request, and checking one
        costs less than looking it up.
        """
        if LoginMechanism.TOKEN not in self.mechanisms:
            # 41 is what OpenSubsonic wants of servers without tokens (apiKeyAuthentication).
            raise TokenLoginUnavailableError(_NO_TOKENS)
        account = self._unlock(name)
        if account is not None:
            made = account.made
            fitting = [label for label in made if credentials.check_token(token, salt, made[label])]
            if fitting:
                return self._used(account.user, fitting[0])
        own = None if account is None else account.own
        fits_own = own is not None and credentials.check_token(token, salt, own)
        if not fits_own and self._has_changed():
            return await self.verify_token(name, token, salt, address=address)
        if account is None:
            raise AuthenticationError(WRONG)
        if own is not None:
            digest = self._memory.digest("t", account.user.name, f"{token}\0{salt}")
            return self._check_own_token(account, digest, address, fits=fits_own)
        if LOGIN_LABEL not in account.made:
            # It may be made from the login password, of which there is only a hash. DSub takes
            # this for a reason to send the password itself from now on.
            message = _PLAIN_LOGIN_ONLY.format(name=account.user.name)
            raise TokenLoginUnavailableError(
                message + _ONCE_IS_ENOUGH if self._recoverable else message
            )
        raise AuthenticationError(WRONG)

    async def verify_api_key(self, key: str) -> User:
        """Return the user whom an API key belongs to.

        Raises AuthenticationError and LoginMechanismOffError.
        """
        if LoginMechanism.API_KEY not in self.mechanisms:
            raise LoginMechanismOffError(_OFF[LoginMechanism.API_KEY])
        digest = credentials.hash_api_key(key)
        known = self._by_api_key.get(digest)
        if known is None:
            found = self._database.quick(devices.by_api_key, digest)
            if found is None:
                raise AuthenticationError("This API key is not valid.")
            known = (self._membership.user(found[0]), found[1])
            remember(self._by_api_key, digest, known)
        user, label = known
        self._note(user.id, SecretKind.API_KEY, label)
        return user

    def user(self, user_id: UserId) -> User | None:
        """Return a user who has proved before who he is; `None` if the account is gone."""
        account = self._database.quick(users.by_id, user_id)
        return None if account is None else self._membership.user(account)

    def forget(self) -> None:
        """Check all credentials anew from now on; called when accounts have changed.

        A point read.
        """
        self._version = self._database.quick(counters.value, counters.ACCOUNTS)
        self._memory = LoginMemory(self._memory_key)
        self._unlocked = {}
        self._by_api_key = {}
        self._uses.forget()

    async def _check_login_password(
        self, name: str, account: _Unlocked | None, password: str, digest: bytes, address: str
    ) -> User:
        """Check a password against the hash, and remember what comes out."""
        memory = self._memory
        # Checked, kept and hashed anew is the same part of it.
        password = password[:MAX_PASSWORD]
        key = users.name_key(name[:MAX_NAME])
        self._throttle.admit(key, address)
        fits = await self._hashing.check(
            password,
            account.password_hash if account else _NOBODY_HASH,
            network_of(address, prefix=CROWD_PREFIX),
        )
        if account is None or not fits:
            memory.note_failed(digest)
            self._throttle.failed(key, address, digest)
            raise AuthenticationError(WRONG)
        self._throttle.succeeded(key, address)
        memory.note_verified(digest, account.user)
        if self._recoverable and account.own is None and LOGIN_LABEL not in account.made:
            await self._capture(account, password)
        if credentials.is_outdated(account.password_hash):
            await self._renew(account, password)
        return account.user

    def _finished(self, digest: bytes, check: asyncio.Task[User]) -> None:
        del self._checks[digest]
        if not check.cancelled():
            # Looked at here too: whoever waited for it may have gone.
            check.exception()

    async def _capture(self, account: _Unlocked, password: str) -> None:
        """Keep a login password recoverable that was set when they were not kept so."""

        def write(connection: Connection) -> None:
            now = self._clock.now()
            current = users.by_name(connection, account.user.name)
            if current is None or current.password_hash != account.password_hash:
                return
            devices.delete(connection, current.id, SecretKind.APP_PASSWORD, OWN_LABEL)
            secret = self._key.encrypt(password)
            devices.add_app_password(connection, current.id, OWN_LABEL, secret, now)
            counters.bump(connection, counters.ACCOUNTS, now)

        await self._database.write(write)
        self._unlocked = {}

    async def _renew(self, account: _Unlocked, password: str) -> None:
        """Hash a login password anew: with older parameters it takes longer than nobody's.

        If it cannot be written now, some later login does it: this one has nothing to do with that.
        """
        renewed = await self._hashing.hash(password)
        try:
            await self._database.write(users.renew_hash, account.password_hash, renewed)
        except (StorageError, UnavailableError) as error:
            logger.warning("A login password keeps its hash of before: %s", error)
            return
        self._unlocked = {}

    def _check_own_token(
        self, account: _Unlocked, digest: bytes, address: str, *, fits: bool
    ) -> User:
        """Let nobody know too often whether a token fits a password that can be guessed."""
        user = account.user
        known = self._memory.recall(digest)
        if known is not None:
            return known
        key = users.name_key(user.name)
        self._throttle.admit(key, address)
        if not fits:
            self._throttle.failed(key, address, digest)
            raise AuthenticationError(WRONG)
        self._throttle.note_at_home(key, address)
        self._memory.note_verified(digest, user)
        return self._used(user, account.own_label)

    def _used(self, user: User, label: str) -> User:
        self._note(user.id, SecretKind.APP_PASSWORD, label)
        return user

    def _note(self, user_id: UserId, kind: SecretKind, label: str) -> None:
        self._uses.note(SecretUse(user_id=user_id, kind=kind, label=label))

    def _unlock(self, name: str) -> _Unlocked | None:
        """Return what logs an account in, kept until accounts change; `None` if there is none.

        That there is none is kept as well, so that it is not said later than a wrong password.
        """
        if len(name) > MAX_NAME:
            return None
        if name not in self._unlocked:
            account = self._database.quick(users.by_name, name)
            unlocked = None if account is None else self._read_secrets(account)
            remember(self._unlocked, name, unlocked)
        return self._unlocked[name]

    def _read_secrets(self, account: Account) -> _Unlocked:
        stored = self._database.quick(devices.app_passwords, account.id)
        decrypted = ((one.label, self._key.decrypt(one.secret)) for one in stored)
        known = {label: secret for label, secret in decrypted if secret is not None}
        own_label = GIVEN_LABEL if GIVEN_LABEL in known else OWN_LABEL
        return _Unlocked(
            user=self._membership.user(account),
            password_hash=account.password_hash,
            own=known.pop(own_label, None),
            own_label=own_label,
            made=known,
        )

    def _has_changed(self) -> bool:
        """Say whether accounts have changed since all was forgotten; then it is forgotten now.

        Asked before a login is refused, or a password hashed: a command beside the server has
        perhaps made what is tried, and else nobody tells the server for a second. A point read.
        """
        if self._database.quick(counters.value, counters.ACCOUNTS) == self._version:
            return False
        self.forget()
        return True
