"""The chat: what users of one server say to all others."""

from sqlalchemy import Connection

from hydrophone.domain.chat import ChatMessage
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, UnavailableError
from hydrophone.services.clock import Clock
from hydrophone.storage.database import Database
from hydrophone.storage.queries import chat

_MAX_LENGTH = 1000
_KEPT = 1000
_AT_ONCE = 20
_MINUTE = 60_000


class Chat:
    """Keeps the newest thousand messages, in the database: all server processes have one chat."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def messages(self, since: Timestamp) -> tuple[ChatMessage, ...]:
        """Return what was said after a moment, the newest first."""
        return await self._database.read(chat.later_than, since, _KEPT)

    async def add(self, viewer: User, text: str) -> None:
        """Say something to all; blanks around it go.

        Raises InvalidInputError for nothing and for more than a thousand characters,
        UnavailableError for more than twenty messages of one user within a minute.
        """
        text = text.strip()
        if not 0 < len(text) <= _MAX_LENGTH:
            raise InvalidInputError(f"A message has 1 to {_MAX_LENGTH} characters.")

        def write(connection: Connection) -> None:
            now = self._clock.now()
            if chat.count_since(connection, viewer.id, Timestamp(now - _MINUTE)) >= _AT_ONCE:
                raise UnavailableError(f"No more than {_AT_ONCE} messages a minute, please.")
            chat.add(connection, viewer.id, text, now)
            chat.cut(connection, _KEPT)

        await self._database.write(write)
