"""Who is asking: an API key as bearer, or name and password; never a cookie."""

import base64
import binascii
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp

from hydrophone.domain.user import User
from hydrophone.errors import AuthenticationError, HydrophoneError, NotPermittedError
from hydrophone.server.requests import note_request
from hydrophone.services.logins import Logins

SUBPROTOCOL = "hydrophone"
"""What a WebSocket speaks here, for clients that ask."""
_BEARER = "bearer"
_LONGEST = 4096
_HOW = "Log in by an API key (Authorization: Bearer KEY), or by name and password (Basic)."


class Authentication(AbstractAuthenticationMiddleware):
    """Lets nobody pass who has not said who he is."""

    def __init__(self, app: ASGIApp, logins: Logins, public: str) -> None:
        """`public` is a pattern of paths that everybody may have."""
        super().__init__(app, exclude=public)
        self._logins = logins

    async def authenticate_request(
        self, connection: ASGIConnection[BaseRouteHandler, object, object, State]
    ) -> AuthenticationResult:
        """Find the user. Raises AuthenticationError and what else `Logins` raises."""
        client = connection.client
        try:
            user = await identify(
                self._logins, authorization_of(connection), client.host if client else ""
            )
        except HydrophoneError as error:
            # A refused WebSocket has no answer that could say it.
            note_request(error=str(error))
            raise
        note_request(user=user.name, client="api")
        return AuthenticationResult(user=user, auth=None)


def authorization_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the header Authorization, or what stands in its place for a WebSocket of a browser.

    A page cannot set headers for one, and a key in the address would stand in the logs of proxies.
    So it may name the subprotocols `hydrophone` and `bearer.KEY`.
    """
    header = connection.headers.get("authorization", "")
    if not header:
        for word in connection.headers.get("sec-websocket-protocol", "").split(","):
            name, _, key = word.strip().partition(".")
            if name == _BEARER:
                return f"Bearer {key}"
    return header


async def identify(logins: Logins, authorization: str, address: str) -> User:
    """Return the user whom the header Authorization proves; `address` is where it came from.

    Raises AuthenticationError and what else `Logins` raises.
    """
    scheme, _, credentials = authorization.strip().partition(" ")
    if len(credentials) <= _LONGEST:
        if scheme.lower() == "bearer":
            return await logins.verify_api_key(credentials.strip())
        if scheme.lower() == "basic":
            name, password = _basic(credentials)
            return await logins.verify_password(name, password, address=address)
    raise AuthenticationError(_HOW)


def admins_only(
    connection: ASGIConnection[BaseRouteHandler, User, None, State], _: BaseRouteHandler
) -> None:
    """Guard a handler. Raises NotPermittedError."""
    if not connection.user.roles.admin:
        raise NotPermittedError("Only an admin may do this.")


def _basic(credentials: str) -> tuple[str, str]:
    """Read name and password (RFC 7617); they are UTF-8, whatever the client believes."""
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise AuthenticationError(_HOW) from error
    name, colon, password = text.partition(":")
    if not colon:
        raise AuthenticationError(_HOW)
    return name, password
