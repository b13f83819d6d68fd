"""The protocol layer: one ASGI application for everything below `/rest`."""

import asyncio
import logging
from dataclasses import dataclass

from litestar.enums import ScopeType
from litestar.types import HTTPScope, Message, Receive, Scope, Send
from msgspec import UNSET, UnsetType

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import (
    HydrophoneError,
    InvalidInputError,
    NotPermittedError,
    UnavailableError,
)
from hydrophone.server.protocols import STOPPING, ProtocolTools
from hydrophone.services.bundle import Services
from hydrophone_subsonic.arguments import Arguments
from hydrophone_subsonic.authentication import authenticate
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.encoding.envelope import VERSION, Encoding
from hydrophone_subsonic.encoding.json import JsonEncoding
from hydrophone_subsonic.encoding.jsonp import JsonpEncoding, is_callback
from hydrophone_subsonic.encoding.xml import XmlEncoding
from hydrophone_subsonic.endpoint import Endpoint
from hydrophone_subsonic.endpoints import ENDPOINTS
from hydrophone_subsonic.errors import (
    HELPED,
    ClientTooOldError,
    Code,
    MissingParameterError,
    ServerTooOldError,
    code_of,
    status_of,
)
from hydrophone_subsonic.lists import Lists
from hydrophone_subsonic.request_body import read_form, read_json
from hydrophone_subsonic.responses.system import Error
from hydrophone_subsonic.routes import Routes
from hydrophone_subsonic.sending import CROSS_ORIGIN, send_document, send_preflight

logger = logging.getLogger(__name__)

NOBODY = User(id=UserId(0), name="", libraries=(), created=Timestamp(0))
"""The user at endpoints that need no login."""

_OUR_TROUBLE = "Something went wrong on the server; its log says more."


@dataclass(kw_only=True, slots=True)
class _Exchange:
    """A request and what has become of it so far."""

    scope: HTTPScope
    receive: Receive
    send: Send
    encoding: Encoding
    """XML until the request has said otherwise."""
    endpoint: Endpoint | None = None
    """`None` until the path has been looked at."""
    has_started: bool = False
    """Whether bytes are on their way already, so that no other answer can be given."""

    async def send_bytes(self, message: Message) -> None:
        """Send a part of a binary answer, to pages of any origin."""
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *CROSS_ORIGIN]
        await self.send_noted(message)

    async def send_noted(self, message: Message) -> None:
        """Send a part of an answer."""
        self.has_started = True
        await self.send(message)


class SubsonicLayer:
    """Everything below `/rest`: the Subsonic API 1.16.1 with OpenSubsonic.

    A request always gets status 200 and an envelope, except where bytes are served, where HTTP
    has its own answers to ranges and conditions, and at the few endpoints that fail by status as
    the specification or players want it. DSub repeats what ends in 5xx five times, and
    most apps lose the error's sentence with any status but 200.
    """

    name = "subsonic"
    path = "/rest"

    def __init__(self, services: Services, tools: ProtocolTools) -> None:
        self._services = services
        self._tools = tools
        self._routes = Routes(ENDPOINTS)
        self._xml = XmlEncoding(tools.version)
        self._json = JsonEncoding(tools.version)
        self._xml_lists = Lists(services, tools, self._xml)
        self._json_lists = Lists(services, tools, self._json)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens; never raises but when it is cancelled.

        That is how a server stops: whoever has heard nothing yet is told so first.
        """
        if scope["type"] == ScopeType.WEBSOCKET:
            await send({"type": "websocket.close", "code": 1000, "reason": None})
            return
        if scope["method"] == "OPTIONS":
            await send_preflight(send)
            return
        exchange = _Exchange(scope=scope, receive=receive, send=send, encoding=self._xml)
        try:
            await self._answer(exchange)
        except asyncio.CancelledError:
            await self._fail(exchange, UnavailableError(STOPPING))
            raise
        except Exception as error:  # noqa: BLE001 - the dispatcher is the border of all endpoints
            await self._fail(exchange, error)

    async def _answer(self, exchange: _Exchange) -> None:
        scope = exchange.scope
        successors = self._services.libraries.successors
        arguments = Arguments(scope["query_string"], successors=successors)
        exchange.encoding = self._encoding(arguments)
        arguments.check()
        if scope["method"] == "POST":
            form = await read_form(scope, exchange.receive)
            if form is None:
                return
            arguments = Arguments(scope["query_string"], form, successors=successors)
            exchange.encoding = self._encoding(arguments)
            arguments.check()
        _check_callback(arguments, exchange.encoding)
        endpoint = exchange.endpoint = self._routes.find(scope["path"])
        _check_method(scope["method"], endpoint)
        user, client = NOBODY, arguments.first("c")
        self._tools.note(client=client)
        if endpoint.needs_login:
            _check_version(arguments.first("v"))
            user = await authenticate(self._services.logins, arguments, _address(scope))
            self._tools.note(user=user.name)
            _check_role(user, endpoint)
        body = await read_json(scope, exchange.receive) if endpoint.takes_json else b""
        if body is None:
            return
        lists = self._xml_lists if exchange.encoding is self._xml else self._json_lists
        lists.expect(user.libraries)
        call = Call(
            services=self._services,
            tools=self._tools,
            user=user,
            client=client,
            arguments=arguments,
            element=endpoint.element,
            written=lists,
            body=body,
            scope=scope,
        )
        answer = await endpoint.run(call)
        if callable(answer):
            await answer(scope, exchange.receive, exchange.send_bytes)
            return
        encoding = exchange.encoding
        parts = encoding.parts("ok", call.element, answer)
        await send_document(scope, exchange.send_noted, parts, encoding.content_type, call.headers)

    async def _fail(self, exchange: _Exchange, error: Exception) -> None:
        code = code_of(error) if isinstance(error, HydrophoneError) else None
        self._tools.note(error=str(error) or type(error).__name__)
        if code is None:
            logger.error("%s failed", exchange.scope["path"], exc_info=error)
        if exchange.has_started:
            return
        failure = Error(
            code=code or Code.GENERIC,
            message=_OUR_TROUBLE if code is None else str(error),
            help_url=self._help_url(exchange.scope) if code in HELPED else UNSET,
        )
        encoding = exchange.encoding
        parts = encoding.parts("failed", "error", failure)
        by_status = exchange.endpoint is not None and exchange.endpoint.fails_by_status
        status = status_of(error) if by_status else 200
        await send_document(
            exchange.scope, exchange.send, parts, encoding.content_type, status=status
        )

    def _help_url(self, scope: HTTPScope) -> str | UnsetType:
        """Make an address of the page on app passwords and API keys."""
        address = self._tools.address(scope)
        return address + self._tools.help_path if address else UNSET

    def _encoding(self, arguments: Arguments) -> Encoding:
        """Choose by `f`; what it does not know is XML, and JSONP without a function JSON."""
        match arguments.first("f").lower():
            case "json":
                return self._json
            case "jsonp":
                callback = arguments.first("callback")
                return JsonpEncoding(self._json, callback) if is_callback(callback) else self._json
        return self._xml


def _address(scope: HTTPScope) -> str:
    """Return the client's address, which trusted proxies have told; empty on a Unix socket."""
    client = scope.get("client")
    return client[0] if client else ""


def _check_callback(arguments: Arguments, encoding: Encoding) -> None:
    if arguments.first("f").lower() != "jsonp" or isinstance(encoding, JsonpEncoding):
        return
    if not arguments.first("callback"):
        raise MissingParameterError("Required parameter callback is missing.")
    raise InvalidInputError("Parameter callback must be the name of a function.")


def _check_method(method: str, endpoint: Endpoint) -> None:
    # aonsoku deletes playlists by DELETE, which other servers take for GET.
    known = ("GET", "POST", "DELETE")
    if method not in known and not (method == "HEAD" and endpoint.sends_bytes):
        raise InvalidInputError(f"{endpoint.name} is called by GET or POST, not by {method}.")


def _check_version(version: str) -> None:
    """Refuse other major versions only: DSub says 1.2.0 for ever and means all of it."""
    major = version.partition(".")[0]
    if major.isdecimal() and major != "1":
        error = ClientTooOldError if major == "0" else ServerTooOldError
        raise error(f"This server speaks version {VERSION} of the protocol.")


def _check_role(user: User, endpoint: Endpoint) -> None:
    if endpoint.role and not getattr(user.roles, endpoint.role):
        raise NotPermittedError(f"Your account lacks the role {endpoint.role}.")
