"""What an endpoint knows of the request that it answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from litestar.types import Receive, Scope, Send

from hydrophone.domain.user import User
from hydrophone.server.protocols import ProtocolTools
from hydrophone.services.bundle import Services
from hydrophone_subsonic.arguments import Arguments
from hydrophone_subsonic.lists import Lists

Sender = Callable[[Scope, Receive, Send], Awaitable[None]]
"""What endpoints return that answer with bytes: it sends them, as an ASGI application does."""


@dataclass(kw_only=True, slots=True)
class Call:
    """One request for one endpoint, by a user who has proved who he is."""

    services: Services
    tools: ProtocolTools
    user: User
    """Nobody in particular at endpoints that need no login."""
    client: str
    """The app's own name (`c`), or its address; empty if it did not say."""
    arguments: Arguments
    scope: Scope
    written: Lists
    """Writes long lists in the format of the answer."""
    body: bytes = b""
    """JSON that was POSTed to an endpoint that takes it; empty if there was none."""
    element: str = ""
    """Of the answer; that of the endpoint unless it says otherwise."""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    """What the endpoint adds to the headers of its answer."""
