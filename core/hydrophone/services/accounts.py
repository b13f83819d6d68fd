"""Accounts: who there is, and what proves who they are."""

import logging
import unicodedata

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hydrophone.domain.user import MAX_NAME, AccountChanges, NewCredentials, Roles, User
from hydrophone.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from hydrophone.services.clock import Clock
from hydrophone.services.login_passwords import LoginPasswords, NewPassword
from hydrophone.services.logins import Logins
from hydrophone.services.membership import Membership
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters, users
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
        clock: Clock,
        passwords: LoginPasswords,
        membership: Membership,
        logins: Logins,
    ) -> None:
        """`logins` forgets what it knows when an account has been changed here."""
        self._database = database
        self._clock = clock
        self._passwords = passwords
        self._membership = membership
        self._logins = logins

    async def user(self, viewer: User, name: str) -> User:
        """Return a user; others than oneself only for admins.

        Raises NotPermittedError, and NotFoundError for an admin's unknown name.
        """
        if not _is_same(viewer, name) and not viewer.roles.admin:
            raise NotPermittedError("Only an admin may look at other users.")
        return await self.named(name)

    async def named(self, name: str) -> User:
        """Return a user, whoever asks: for commands. Raises NotFoundError."""
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
        new = await self._passwords.shown(password)
        name = await self._add(name, new, ADMIN_ROLES if admin else Roles(), changes)
        return _credentials(name, new)

    async def create(self, name: str, password: str, changes: AccountChanges) -> None:
        """Make an account for somebody with a password that an admin has chosen for him.

        Raises as `add` does.
        """
        await self._add(name, await self._passwords.given(password), Roles(), changes)

    async def change(
        self, name: str, changes: AccountChanges, *, password: NewPassword | None = None
    ) -> User:
        """Change what a user may do, and the rest that is said of him; return him as he is then.

        Raises NotFoundError, also for libraries that are not configured, InvalidInputError for an
        impossible change, and ConflictError if the last admin would be none any more. Then
        nothing has changed.
        """

        def write(connection: Connection) -> User:
            account = _known(connection, name)
            changed = self._changed(account, changes)
            if not changed.roles.admin:
                _keep_an_admin(connection, account)
            users.update(connection, changed)
            if password is not None:
                self._passwords.store(connection, account.id, password)
            counters.bump(connection, counters.ACCOUNTS, self._clock.now())
            return self._membership.user(changed)

        user = await self._database.write(write)
        self._logins.forget()
        return user

    async def update(
        self, viewer: User, name: str, changes: AccountChanges, password: str | None
    ) -> None:
        """Change an account from an app, with its password if one is given.

        Raises as `change` does, and InvalidInputError for an impossible password.
        """
        new = None if password is None else await self._chosen(viewer, name, password)
        await self.change(name, changes, password=new)

    async def set_password(self, name: str, password: str | None = None) -> NewCredentials:
        """Give a user a new login password; without one a random one is made.

        The app password that came with the old one is replaced too; those of single devices
        stay valid.

        Raises NotFoundError, and InvalidInputError for an impossible password.
        """
        new = await self._passwords.shown(password)
        user = await self.change(name, _NO_CHANGES, password=new)
        return _credentials(user.name, new)

    async def change_password(self, viewer: User, name: str, password: str) -> None:
        """Change a password from an app: one's own, or as an admin anybody's.

        Raises NotPermittedError for others than these, and for one's own without the role
        `settings`; NotFoundError, and InvalidInputError for an impossible password.
        """
        if not viewer.roles.admin and not (_is_same(viewer, name) and viewer.roles.settings):
            raise NotPermittedError("You may not change this password.")
        new = await self._chosen(viewer, name, password)
        await self.change(name, _NO_CHANGES, password=new)

    async def remove(self, name: str, *, by: User | None = None) -> None:
        """Delete an account with its playlists, stars and history.

        Raises NotFoundError, and ConflictError for the last admin and for `by`, who cannot delete
        himself.
        """

        def write(connection: Connection) -> None:
            account = _known(connection, name)
            if by is not None and by.id == account.id:
                raise ConflictError("Nobody can delete the account that he is logged in with.")
            _keep_an_admin(connection, account)
            users.remove(connection, account.id)
            counters.bump(connection, counters.ACCOUNTS, self._clock.now())

        await self._database.write(write)
        self._logins.forget()

    async def settle_recoverable_passwords(self) -> None:
        """Delete what is kept of users' own passwords, if it is not to be kept (any more).

        Called at the start, before anybody logs in.
        """
        deleted = await self._database.write(self._passwords.settle)
        self._logins.forget()
        if deleted:
            logger.info(
                "Deleted the recoverable copies of %d login passwords: tokens need an app "
                "password from now on.",
                deleted,
            )

    async def _add(self, name: str, new: NewPassword, roles: Roles, changes: AccountChanges) -> str:
        """Add an account; return its name as it is stored."""
        name = _checked_name(name)

        def write(connection: Connection) -> None:
            user_id = users.add(connection, name, new.password_hash, roles, self._clock.now())
            self._passwords.store(connection, user_id, new)
            users.update(connection, self._changed(_known(connection, name), changes))
            counters.bump(connection, counters.ACCOUNTS, self._clock.now())

        try:
            await self._database.write(write)
        except IntegrityError as error:
            raise ConflictError(f"There is a user {name!r} already.") from error
        self._logins.forget()
        return name

    async def _chosen(self, viewer: User, name: str, password: str) -> NewPassword:
        if _is_same(viewer, name):
            return await self._passwords.own(password)
        return await self._passwords.given(password)

    def _changed(self, account: Account, changes: AccountChanges) -> Account:
        unclear = sorted(changes.grant & changes.revoke)
        if unclear:
            raise InvalidInputError(f"Granted and revoked at once: {', '.join(unclear)}.")
        email = account.email if changes.email is None else changes.email.strip()
        if len(email) > _MAX_EMAIL or not email.isprintable():
            raise InvalidInputError(f"A mail address has up to {_MAX_EMAIL} printable characters.")
        limit = account.max_bit_rate if changes.max_bit_rate is None else changes.max_bit_rate
        if not 0 <= limit <= _MAX_BIT_RATE:
            raise InvalidInputError(f"A bit rate is 0 to {_MAX_BIT_RATE} kbit/s.")
        libraries = account.libraries
        if changes.libraries is not None:
            libraries = self._membership.choice(changes.libraries)
        granted = dict.fromkeys(changes.grant, True) | dict.fromkeys(changes.revoke, False)
        return msgspec.structs.replace(
            account,
            roles=msgspec.structs.replace(account.roles, **granted),
            email=email,
            max_bit_rate=limit,
            libraries=libraries,
        )


def _credentials(name: str, new: NewPassword) -> NewCredentials:
    """Return what is to be shown to the person at the terminal: nothing that he has typed."""
    return NewCredentials(user_name=name, password=new.made, app_password=new.made_app_password)


def _is_same(viewer: User, name: str) -> bool:
    return users.name_key(name) == users.name_key(viewer.name)


def _known(connection: Connection, name: str) -> Account:
    account = users.by_name(connection, name)
    if account is None:
        raise NotFoundError(f"There is no user {name!r}.")
    return account


def _keep_an_admin(connection: Connection, leaving: Account) -> None:
    """Refuse that the last admin goes, or is none any more."""
    others = (other for other in users.everybody(connection) if other.id != leaving.id)
    if leaving.roles.admin and not any(other.roles.admin for other in others):
        raise ConflictError(f"{leaving.name!r} is the last admin: make another one first.")


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name.strip())
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise InvalidInputError(f"A user's name has 1 to {MAX_NAME} printable characters.")
    return name
