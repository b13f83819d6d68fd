"""Ids of what has become something else go on working, as in Subsonic."""

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from hydrophone.services.libraries import Libraries


class PresentIds(ASGIMiddleware):
    """Puts present ids into the path in place of those that clients have known before.

    An id is drawn from 64 bits: no name of an account, a device or a plugin is one by chance.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, libraries: Libraries) -> None:
        """`libraries` know what has become of what."""
        self._libraries = libraries

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on."""
        successors = self._libraries.successors
        # Litestar remembers what it has read from a path, so that is not to be changed.
        scope["path_params"] = {
            name: successors.get(value, value) for name, value in scope["path_params"].items()
        }
        await next_app(scope, receive, send)
