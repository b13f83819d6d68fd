"""Errors as problem details (RFC 9457): the one table from our errors to HTTP's status codes."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from msgspec import Struct

from hydrophone.errors import (
    AuthenticationError,
    ConflictError,
    GoneError,
    HydrophoneError,
    InvalidInputError,
    LoginMechanismOffError,
    NotFoundError,
    NotPermittedError,
    ProviderError,
    RetryLaterError,
    StorageError,
    TooManyTriesError,
    UnavailableError,
    UnsupportedError,
)
from hydrophone.server.requests import note_request

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_STATUSES: tuple[tuple[type[HydrophoneError], HTTPStatus], ...] = (
    (GoneError, HTTPStatus.GONE),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (NotPermittedError, HTTPStatus.FORBIDDEN),
    (TooManyTriesError, HTTPStatus.TOO_MANY_REQUESTS),
    (LoginMechanismOffError, HTTPStatus.UNAUTHORIZED),
    (AuthenticationError, HTTPStatus.UNAUTHORIZED),
    (InvalidInputError, HTTPStatus.BAD_REQUEST),
    (ConflictError, HTTPStatus.CONFLICT),
    (UnsupportedError, HTTPStatus.NOT_IMPLEMENTED),
    (UnavailableError, HTTPStatus.SERVICE_UNAVAILABLE),
    (StorageError, HTTPStatus.SERVICE_UNAVAILABLE),
    (RetryLaterError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ProviderError, HTTPStatus.BAD_GATEWAY),
)
"""The first that fits; what is not here is a fault of ours."""
_OUR_TROUBLE = "Something went wrong here; the server's log says more."


class Problem(Struct, frozen=True, kw_only=True):
    """Why a request has failed (RFC 9457, section 3.1)."""

    title: str
    """The status in words."""
    status: int
    detail: str
    """One sentence for a person."""
    type: str = "about:blank"
    """There is nothing more to read about it."""


def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer with what went wrong; unknown errors get a neutral sentence, and the log the trace."""
    if isinstance(error, RequestEntityTooLarge):
        return _answer(error.status_code, _too_large(request), {})
    if isinstance(error, HTTPException):
        return _answer(error.status_code, _sentence(error), error.headers or {})
    if isinstance(error, HydrophoneError):
        for kind, status in _STATUSES:
            if isinstance(error, kind):
                return _answer(status, str(error), _headers(error))
    # The border of all handlers.
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, _OUR_TROUBLE, {})


def _headers(error: HydrophoneError) -> dict[str, str]:
    if isinstance(error, TooManyTriesError | RetryLaterError):
        return {"Retry-After": str(max(1, round(error.after)))}
    if isinstance(error, AuthenticationError):
        # Not Basic, which works: browsers would ask for the password, keep it, and send it with
        # whatever a page of somebody else asks of this server.
        return {"WWW-Authenticate": 'Bearer realm="Hydrophone"'}
    return {}


def _too_large(request: Request[Any, Any, Any]) -> str:
    most = (request.route_handler.resolve_request_max_body_size() or 0) // 1024
    return (
        f"The body is larger than {most // 1024} MiB."
        if most >= 1024
        else (f"The body is larger than {most} KiB.")
    )


def _sentence(error: HTTPException) -> str:
    """Say what is wrong with a request, with the places if Litestar knows them."""
    places = error.extra if isinstance(error.extra, list) else []
    faults = [f"{place.get('key', '')}: {place.get('message', '')}" for place in places]
    if faults:
        return "; ".join(faults)
    # It names the method and path otherwise, or the whole exception.
    return error.detail.partition(" for ")[0] if error.status_code == 400 else error.detail


def _answer(status: int, detail: str, headers: Mapping[str, str]) -> Response[bytes]:
    note_request(error=detail)
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return Response(
        msgspec.json.encode(problem),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=dict(headers),
    )
