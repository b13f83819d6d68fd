"""The address under which people reach this server."""

from litestar.types import Scope

from hydrophone.config import ServerConfig


class PublicAddress:
    """Tells the address that goes into what is handed on to others: shares, and help pages."""

    def __init__(self, config: ServerConfig) -> None:
        """Tell `public_url` if it is set."""
        self._fixed = config.public_url
        self._base_path = config.base_path

    def __call__(self, scope: Scope) -> str:
        """Return it without a slash at its end, as the asking client sees it if none is set.

        The scheme is that of a trusted proxy, the host what the client has sent: proxies hand it
        on. Empty for a client that names no host (HTTP/1.0).
        """
        if self._fixed:
            return self._fixed
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        return f"{scope['scheme']}://{host}{self._base_path}" if host else ""
