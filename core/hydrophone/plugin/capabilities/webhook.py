"""Answers requests that other services send to `/hooks/<plugin>/<name>`."""

from collections.abc import Mapping
from typing import Annotated, Protocol, runtime_checkable

from msgspec import Meta, Struct

_NO_HEADERS: Mapping[str, str] = {}


class WebhookRequest(Struct, frozen=True, kw_only=True):
    """What came. Nobody has checked who sent it: that is the handler's."""

    method: str
    """`GET` or `POST`."""
    query: Mapping[str, str]
    """The last value of each parameter."""
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes
    """At most 1 MiB."""


class WebhookResponse(Struct, frozen=True, kw_only=True):
    """What is answered."""

    status: Annotated[int, Meta(ge=200, le=599)] = 204
    headers: Mapping[str, str] = _NO_HEADERS
    content: Annotated[bytes, Meta(max_length=1024 * 1024)] = b""
    content_type: str = "text/plain; charset=utf-8"


@runtime_checkable
class WebhookHandler(Protocol):
    """One address."""

    @property
    def name(self) -> str:
        """The last part of the address: `[a-z0-9-]`, at most 40."""
        ...

    async def handle(self, request: WebhookRequest) -> WebhookResponse:
        """Answer; within 10 seconds."""
        ...
