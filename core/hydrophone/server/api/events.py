"""Everything live, over a WebSocket that can be picked up where it was lost.

The server sends texts of JSON, one `EventMessage` each. The first one says `hello`: its `id` is
where the client is, and whatever happens from there on follows in order. Who comes back with
`?after=ID` gets all that he has missed; if that is not kept any more (a day, some thousands of
events), he is told so by `missed`, and is to ask anew for what he shows. `heartbeat` comes when
nothing else does, with an `id` that is as good to go on from as any.
"""

import asyncio
import logging
import time
from collections import Counter
from contextlib import aclosing
from typing import Annotated

import msgspec
from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketException
from litestar.params import QueryParameter
from msgspec import UNSET, Struct, UnsetType

from hydrophone.domain.event import EventId, EventKind, LiveEvent
from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import GoneError, HydrophoneError, InvalidInputError
from hydrophone.server.api.authentication import SUBPROTOCOL, authorization_of, identify
from hydrophone.server.wiring import Server

logger = logging.getLogger(__name__)

_HEARTBEAT = Seconds(30.0)
_LONGEST_SEND = Seconds(60.0)
"""Who takes nothing for so long is let go; he may come back and read on."""
_LONGEST_REASON = 100
_MOST_OF_A_USER = 20
_TRY_LATER = 1013
_NOT_PERMITTED = 1008
"""Close codes (RFC 6455, section 7.4.1, and IANA's registry)."""
_BAD_REQUEST = 4400
"""Of those that each application has for itself (RFC 6455, section 7.4.2)."""
_MOST_DIGITS = 18
"""So that the database can count on behind it."""

Followers = Counter[UserId]
"""How many connections each user has."""


class EventMessage(Struct, frozen=True, kw_only=True):
    """What the server sends."""

    type: str
    """A kind of events, or `hello`, `missed` or `heartbeat`."""
    id: EventId
    """To go on behind, by `?after=`."""
    at: Timestamp | UnsetType = UNSET
    """When it happened."""
    data: msgspec.Raw | UnsetType = UNSET
    """As the kind says."""


@websocket("/events")
async def follow(
    socket: WebSocket[User, None, State],
    server: NamedDependency[Server],
    followers: NamedDependency[Followers],
    after: Annotated[str | None, QueryParameter()] = None,
) -> None:
    """Send what happens and the user may know of, until he leaves or is logged in no longer."""
    user_id = socket.user.id
    asked = socket.headers.get("sec-websocket-protocol", "").split(",")
    spoken = SUBPROTOCOL if SUBPROTOCOL in map(str.strip, asked) else None
    await socket.accept(subprotocols=spoken)
    try:
        first = None if after is None else _event_id(after)
    except InvalidInputError as error:
        # Refused before it is accepted, it would look like a wrong login: browsers tell no more.
        await socket.close(_BAD_REQUEST, str(error))
        return
    if followers[user_id] >= _MOST_OF_A_USER:
        await socket.close(_TRY_LATER, "You have too many connections.")
        return
    followers[user_id] += 1
    try:
        async with asyncio.TaskGroup() as group:
            stream = _Stream(socket, server)
            sending = group.create_task(stream.run(first))
            # What a client says is of no interest, but that he leaves.
            while (await socket.receive())["type"] != "websocket.disconnect":
                continue
            sending.cancel()
    finally:
        followers[user_id] -= 1


class _Stream:
    """What is sent to one client."""

    def __init__(self, socket: WebSocket[User, None, State], server: Server) -> None:
        self._socket = socket
        self._server = server
        self._events = server.services.events
        self._user = socket.user
        self._cursor = EventId(0)
        self._sent = 0.0

    async def run(self, after: EventId | None) -> None:
        """Send events, from behind one if it is named, until there is nobody to send them to."""
        try:
            await self._begin(after)
            while True:
                try:
                    await self._go_on()
                except GoneError:
                    await self._begin(self._cursor)
        except HydrophoneError as error:
            await self._socket.close(_NOT_PERMITTED, str(error)[:_LONGEST_REASON])
        except (OSError, TimeoutError, WebSocketException) as error:
            logger.debug("A follower of events has left: %r", error)

    async def _begin(self, after: EventId | None) -> None:
        last = await self._events.last()
        if after is None or await self._events.has_all_after(after):
            self._cursor = last if after is None else after
            await self._send(EventMessage(type="hello", id=self._cursor))
        else:
            self._cursor = last
            await self._send(EventMessage(type="missed", id=last))

    async def _go_on(self) -> None:
        """Send what comes. Raises AuthenticationError once the login is not good any more."""
        async with aclosing(self._events.follow(self._cursor, patience=_HEARTBEAT)) as batches:
            async for batch in batches:
                if any(event.kind is EventKind.ACCOUNTS for event in batch):
                    self._user = await self._identify()
                for event in batch:
                    self._cursor = event.id
                    if event.is_for(self._user):
                        await self._send(_message(event))
                if time.monotonic() - self._sent >= _HEARTBEAT:
                    await self._send(EventMessage(type="heartbeat", id=self._cursor))

    async def _identify(self) -> User:
        client = self._socket.client
        return await identify(
            self._server.services.logins,
            authorization_of(self._socket),
            client.host if client else "",
        )

    async def _send(self, message: EventMessage) -> None:
        async with asyncio.timeout(_LONGEST_SEND):
            await self._socket.send_text(msgspec.json.encode(message).decode())
        self._sent = time.monotonic()


def _event_id(text: str) -> EventId:
    """Read the id of an event. Raises InvalidInputError if it cannot be one."""
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        return EventId(int(text))
    raise InvalidInputError("`after` must be the id of an event.")


def _message(event: LiveEvent) -> EventMessage:
    return EventMessage(type=event.kind, id=event.id, at=event.at, data=msgspec.Raw(event.data))
