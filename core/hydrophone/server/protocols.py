"""The door through which protocol layers come in: entry points, what they get, what they are.

A protocol layer is a class named by the entry-point group `hydrophone.protocols`. It is made
once, with all services, and answers everything below its path. Core imports none by name.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Protocol

from litestar.types import Receive, Scope, Send

from hydrophone.server.background import Background
from hydrophone.services.bundle import Services

GROUP = "hydrophone.protocols"
STOPPING = "The server is being stopped; try again in a moment."
"""For those who have heard nothing yet when their request is cancelled, which a stop does."""


class NoteRequest(Protocol):
    """Tells the log about the request that is being answered."""

    def __call__(self, *, user: str = "", client: str = "", error: str = "") -> None:
        """Say who is asking, with which app, and what failed, in words; empty = not known."""
        ...


@dataclass(frozen=True, kw_only=True)
class ProtocolTools:
    """What the server does for every protocol layer."""

    version: str
    """Hydrophone's own."""
    address: Callable[[Scope], str]
    """`hydrophone.server.address.PublicAddress`: this server's address for a request."""
    help_path: str
    """Path below that address, of a page for people on app passwords and API keys."""
    send_file: Callable[..., Awaitable[None]]
    """`hydrophone.server.files.send_file`."""
    send_growing: Callable[..., Awaitable[None]]
    """`hydrophone.server.files.send_growing`."""
    send_stream: Callable[..., Awaitable[None]]
    """`hydrophone.server.files.send_stream`."""
    on_library_change: Callable[[Callable[[], None]], None]
    """Has a function called soon after each change of the library, by scans of any process."""
    on_podcast_change: Callable[[Callable[[], None]], None]
    """The same after each change of podcasts."""
    on_choice_change: Callable[[Callable[[], None]], None]
    """The same when the tracks of a playlist or of a queue are others."""
    background: Background
    """Keeps something running until the server stops; if it fails, it begins again."""
    send_picture: Callable[..., Awaitable[None]]
    """`hydrophone.server.pictures.send_picture`."""
    note: NoteRequest
    """Each request gets its line in the log from the server; this adds what only the layer
    knows."""


class ProtocolLayer(Protocol):
    """What an entry point of the group has to name a class of."""

    name: str
    path: str
    """Where it is mounted, for instance `/rest`."""

    def __init__(self, services: Services, tools: ProtocolTools) -> None:
        """Keep what is needed; do no work yet."""
        ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request below the path; the scope has the whole path, as it came."""
        ...


def discover() -> Iterator[type[ProtocolLayer]]:
    """Yield the installed protocol layers, by name."""
    for entry_point in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        yield entry_point.load()
