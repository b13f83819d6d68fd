"""Accounts: who there is, and what proves who they are."""

import logging
import unicodedata

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hydrophone.domain.device import SecretKind
from hydrophone.domain.ids import UserId
from hydrophone.domain.user import MAX_NAME, AccountChanges, NewCredentials, Roles, User
from hydrophone.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from hydrophone.services import credentials
from hydrophone.services.clock import Clock
from hydrophone.services.credentials import SecretKey
from hydrophone.services.logins import Logins
from hydrophone.services.membership import Membership
from hydrophone.services.password_hashing import MAX_PASSWORD, PasswordHashing
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters, devices, users
from hydrophone.storage.queries.devices import BESIDE_LABEL, LOGIN_LABEL, OWN_LABEL
from hydrophone.storage.queries.users import Account

logger = logging.getLogger(__name__)

FIRST_ADMIN = "admin"
_MAX_EMAIL = 254
_MAX_BIT_RATE = 10_000
_NO_CHANGES = AccountChanges()
ADMIN_ROLES = Roles(**dict.fromkeys(Roles.__struct_fields__, True))


class Accounts:
    """Manages accounts."""

    def __init__(
        self,
        *,
        database: Database,
        key: SecretKey,
        clock: Clock,
        hashing: PasswordHashing,
        membership: Membership,
        logins: Logins,
        recoverable_passwords: bool = False,
    ) -> None:
        """`logins` forgets what it knows when an account has been changed here."""
        self._database = database
        self._key = key
        self._clock = clock
        self._hashing = hashing
        self._membership = membership
        self._logins = logins
        self._recoverable = recoverable_passwords

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
        return self._membership.user(account)

    async def everybody(self) -> tuple[User, ...]:
        """Return all users by name."""
        return tuple(map(self._membership.user, await self._database.read(users.everybody)))

    async def ensure_admin(self) -> NewCredentials | None:
        """Make the first admin if there is none yet; `None` if there is one.

        Accounts may have been made before the first start. If one of them, without the role, has
        the admin's name, it is for the person at the terminal to give somebody the role.
        """
        known = await self._database.read(users.everybody)
        if any(
            account.roles.admin or users.name_key(account.name) == FIRST_ADMIN for account in known
        ):
            return None
        return await self.add(FIRST_ADMIN, admin=True)

    async def add(
        self,
        name: str,
        *,
        password: str | None = None,
        admin: bool = False,
        changes: AccountChanges = _NO_CHANGES,
    ) -> NewCredentials:
        """Make an account; without a password a random one is made.

        `changes` says how it differs from what everybody, or every admin, has. Raises
        InvalidInputError for an impossible name, password or change, ConflictError if the name
        is taken.
        """
        name = _checked_name(name)
        roles = ADMIN_ROLES if admin else Roles()
        made, password_hash = await self._new_secrets(name, password)

        def write(connection: Connection) -> None:
            user_id = users.add(connection, name, password_hash, roles, self._clock.now())
            self._write_app_password(connection, user_id, made, password)
            account = users.by_name(connection, name)
            if account is not None:
                users.update(connection, _changed(account, changes))
            counters.bump(connection, counters.ACCOUNTS, self._clock.now())

        try:
            await self._database.write(write)
        except IntegrityError as error:
            raise ConflictError(f"There is a user {name!r} already.") from error
        self._logins.forget()
        return made

    async def change(self, name: str, changes: AccountChanges) -> User:
        """Change what a user may do, and the rest that is said of him; return him as he is then.

        Raises NotFoundError, InvalidInputError for an impossible change, and ConflictError if
        the last admin would be none any more.
        """

        def write(connection: Connection) -> User:
            account = users.by_name(connection, name)
            if account is None:
                raise NotFoundError(f"There is no user {name!r}.")
            changed = _changed(account, changes)
            if not changed.roles.admin:
                _keep_an_admin(connection, account)
            users.update(connection, changed)
            counters.bump(connection, counters.ACCOUNTS, self._clock.now())
            return self._membership.user(changed)

        user = await self._database.write(write)
        self._logins.forget()
        return user

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
        self._logins.forget()
        return msgspec.structs.replace(made, user_name=user_name)

    async def remove(self, name: str) -> None:
        """Delete an account with its playlists, stars and history.

        Raises NotFoundError, and ConflictError for the last admin.
        """

        def write(connection: Connection) -> None:
            account = users.by_name(connection, name)
            if account is None:
                raise NotFoundError(f"There is no user {name!r}.")
            _keep_an_admin(connection, account)
            users.remove(connection, account.id)
            counters.bump(connection, counters.ACCOUNTS, self._clock.now())

        await self._database.write(write)
        self._logins.forget()

    async def settle_recoverable_passwords(self) -> None:
        """Delete what is kept of users' own passwords, if it is not to be kept (any more).

        Called at the start, before anybody logs in.
        """

        def write(connection: Connection) -> int:
            # Before there was a label for them, they were told by not being of the server's make.
            for stored in devices.app_passwords(connection):
                secret = self._key.decrypt(stored.secret) if stored.label == LOGIN_LABEL else None
                if secret is not None and not credentials.is_made(secret):
                    devices.relabel(connection, stored.user_id, LOGIN_LABEL, OWN_LABEL)
            if self._recoverable:
                return 0
            return devices.delete_everywhere(connection, OWN_LABEL)

        deleted = await self._database.write(write)
        self._logins.forget()
        if deleted:
            logger.info(
                "Deleted the recoverable copies of %d login passwords: tokens need an app "
                "password from now on.",
                deleted,
            )

    async def _new_secrets(self, name: str, password: str | None) -> tuple[NewCredentials, str]:
        """Return what to show, and the hash of the login password."""
        chosen = password if password is None else _checked_password(password)
        made = credentials.make_password()
        password_hash = await self._hashing.hash(chosen or made)
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
        for label in (LOGIN_LABEL, OWN_LABEL, BESIDE_LABEL):
            devices.delete(connection, user_id, SecretKind.APP_PASSWORD, label)
        if made.app_password == made.password:
            label = LOGIN_LABEL
        else:
            label = OWN_LABEL if made.app_password == chosen else BESIDE_LABEL
        devices.add_app_password(
            connection,
            user_id,
            label,
            self._key.encrypt(made.app_password),
            self._clock.now(),
        )


def _keep_an_admin(connection: Connection, leaving: Account) -> None:
    """Refuse that the last admin goes, or is none any more."""
    others = (other for other in users.everybody(connection) if other.id != leaving.id)
    if leaving.roles.admin and not any(other.roles.admin for other in others):
        raise ConflictError(f"{leaving.name!r} is the last admin: make another one first.")


def _changed(account: Account, changes: AccountChanges) -> Account:
    unclear = sorted(changes.grant & changes.revoke)
    if unclear:
        raise InvalidInputError(f"Granted and revoked at once: {', '.join(unclear)}.")
    email = account.email if changes.email is None else changes.email.strip()
    if len(email) > _MAX_EMAIL or not email.isprintable():
        raise InvalidInputError(f"A mail address has up to {_MAX_EMAIL} printable characters.")
    limit = account.max_bit_rate if changes.max_bit_rate is None else changes.max_bit_rate
    if not 0 <= limit <= _MAX_BIT_RATE:
        raise InvalidInputError(f"A bit rate is 0 to {_MAX_BIT_RATE} kbit/s.")
    granted = dict.fromkeys(changes.grant, True) | dict.fromkeys(changes.revoke, False)
    return msgspec.structs.replace(
        account,
        roles=msgspec.structs.replace(account.roles, **granted),
        email=email,
        max_bit_rate=limit,
    )


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name.strip())
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise InvalidInputError(f"A user's name has 1 to {MAX_NAME} printable characters.")
    return name


def _checked_password(password: str) -> str:
    if not 0 < len(password) <= MAX_PASSWORD:
        raise InvalidInputError(f"A password has 1 to {MAX_PASSWORD} characters.")
    return password
