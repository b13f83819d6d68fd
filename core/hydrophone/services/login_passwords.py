"""Login passwords: made or chosen, hashed, and with what goes with them for tokens."""

from msgspec import Struct
from sqlalchemy import Connection

from hydrophone.domain.device import SecretKind
from hydrophone.domain.ids import UserId
from hydrophone.errors import InvalidInputError
from hydrophone.services import credentials
from hydrophone.services.clock import Clock
from hydrophone.services.credentials import SecretKey
from hydrophone.services.password_hashing import MAX_PASSWORD, PasswordHashing
from hydrophone.storage.queries import devices, users
from hydrophone.storage.queries.devices import (
    BESIDE_LABEL,
    GIVEN_LABEL,
    LABELS,
    LOGIN_LABEL,
    OWN_LABEL,
)


class NewPassword(Struct, frozen=True, kw_only=True):
    """A login password that is to be stored."""

    password_hash: str
    app_password: str = ""
    """What tokens are to be checked with; empty if there is nothing that may be kept."""
    label: str = ""
    """Of that."""

    @property
    def made(self) -> str:
        """Return the password itself if the server has made it, else nothing."""
        return self.app_password if self.label == LOGIN_LABEL else ""

    @property
    def made_app_password(self) -> str:
        """Return the app password if the server has made it; empty if it is what was chosen."""
        return self.app_password if self.label in (LOGIN_LABEL, BESIDE_LABEL) else ""


class LoginPasswords:
    """Makes what is stored of login passwords, by who has chosen them."""

    def __init__(
        self, *, key: SecretKey, clock: Clock, hashing: PasswordHashing, recoverable: bool
    ) -> None:
        """With `recoverable`, what people choose for themselves is kept encrypted too."""
        self._key = key
        self._clock = clock
        self._hashing = hashing
        self._recoverable = recoverable

    async def shown(self, password: str | None) -> NewPassword:
        """Take a password that is set on the server's own terminal; `None` makes a random one.

        Somebody is there to be shown an app password, which is therefore made beside one that
        was chosen. Raises InvalidInputError for an impossible password.
        """
        made = credentials.make_password()
        if password is None:
            # A random password serves apps as well, so that the one thing shown works everywhere.
            return await self._new(made, made, LOGIN_LABEL)
        if self._recoverable:
            return await self._new(password, password, OWN_LABEL)
        return await self._new(password, made, BESIDE_LABEL)

    async def own(self, password: str) -> NewPassword:
        """Take a password that a user has chosen for himself in an app, where nothing is shown.

        Raises InvalidInputError for an impossible password.
        """
        if self._recoverable:
            return await self._new(password, password, OWN_LABEL)
        return await self._new(password, "", "")

    async def given(self, password: str) -> NewPassword:
        """Take a password that an admin has chosen for somebody else in an app.

        Two people know it already, and whoever gets it types it into an app that most likely logs
        in by token: so a copy is kept until he chooses another one himself.

        Raises InvalidInputError for an impossible password.
        """
        return await self._new(password, password, GIVEN_LABEL)

    def store(self, connection: Connection, user_id: UserId, new: NewPassword) -> None:
        """Replace the login password, and what was kept of the one before.

        The app password that was shown beside an older one stays unless another is shown now.
        """
        users.set_password(connection, user_id, new.password_hash)
        for label in LABELS:
            if label != BESIDE_LABEL or new.label:
                devices.delete(connection, user_id, SecretKind.APP_PASSWORD, label)
        if new.label:
            secret = self._key.encrypt(new.app_password)
            devices.add_app_password(connection, user_id, new.label, secret, self._clock.now())

    def settle(self, connection: Connection) -> int:
        """Delete what users' own passwords left, if nothing is to be kept of them (any more).

        Returns how many that were.
        """
        # Before there was a label for them, they were told by not being of the server's make.
        for stored in devices.app_passwords(connection):
            secret = self._key.decrypt(stored.secret) if stored.label == LOGIN_LABEL else None
            if secret is not None and not credentials.is_made(secret):
                devices.relabel(connection, stored.user_id, LOGIN_LABEL, OWN_LABEL)
        return 0 if self._recoverable else devices.delete_everywhere(connection, OWN_LABEL)

    async def _new(self, password: str, app_password: str, label: str) -> NewPassword:
        if not 0 < len(password) <= MAX_PASSWORD:
            raise InvalidInputError(f"A password has 1 to {MAX_PASSWORD} characters.")
        return NewPassword(
            password_hash=await self._hashing.hash(password),
            app_password=app_password,
            label=label,
        )
