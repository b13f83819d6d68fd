"""Where protocol layers hang: below a path each, in front of the web framework."""

import re
from collections.abc import Mapping

from litestar.types import ASGIApp, Receive, Scope, Send

_SLASHES = re.compile("//+")


class Mounts:
    """Passes what lies below the path of a protocol layer to the layer, and all else on.

    Litestar has mounts too, but its way to one costs as much as the rest of a short answer.
    """

    def __init__(self, app: ASGIApp, layers: Mapping[str, ASGIApp]) -> None:
        """`layers` may be filled later: it is read at each request. Its paths end in no slash."""
        self._app = app
        self._layers = layers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with its path as it came."""
        # The lifespan comes this way too, and has no path.
        app = self._find(scope.get("path", "").removeprefix(scope.get("root_path", "")))
        await app(scope, receive, send)

    def _find(self, path: str) -> ASGIApp:
        # Of an address that ends in a slash, apps make `//rest/ping`.
        path = _SLASHES.sub("/", f"{path}/")
        for prefix, layer in self._layers.items():
            if path.startswith(f"{prefix}/"):
                return layer
        return self._app
