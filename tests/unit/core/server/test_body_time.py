"""How long a body may take, whatever reads it."""

import asyncio
from typing import Any

import msgspec
import pytest
from litestar import Litestar, Request, post
from litestar.middleware import DefineMiddleware
from litestar.params import JSONBody
from msgspec import Struct

from hydrophone.server.api.problems import answer_problem
from hydrophone.server.body_time import BodyTime

pytestmark = pytest.mark.anyio


class Wish(Struct):
    name: str


@post("/read")
async def read(request: Request[Any, Any, Any]) -> int:
    return len(await request.body())


@post("/streamed")
async def streamed(request: Request[Any, Any, Any]) -> int:
    return sum([len(chunk) async for chunk in request.stream()])


@post("/decoded")
async def decoded(data: JSONBody[Wish]) -> str:
    return data.name


@post("/late")
async def late(request: Request[Any, Any, Any]) -> int:
    """Take longer than the body may."""
    size = len(await request.body())
    await asyncio.sleep(2.3)
    return size


async def send(
    path: str, *pieces: bytes, is_whole: bool, longest: float = 2.0
) -> tuple[int, bool, bytes]:
    """Send a body by pieces, and nothing more; return status, close or not, and content."""
    app = Litestar(
        [read, streamed, decoded, late],
        middleware=[DefineMiddleware(BodyTime, longest=longest)],
        exception_handlers={Exception: answer_problem},
        openapi_config=None,
        # Litestar's own would have all loggers of this process talk.
        logging_config=None,
    )
    scope: Any = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(),
        "query_string": b"", "headers": [(b"content-type", b"application/json")],
        "client": None, "server": ("test", 80), "scheme": "http", "root_path": "",
        "http_version": "1.1", "asgi": {"version": "3.0", "spec_version": "2.3"},
    }  # fmt: skip
    coming = [
        {"type": "http.request", "body": piece, "more_body": not is_whole or number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        if coming:
            return coming.pop(0)
        return await asyncio.Future()

    async def note(message: Any) -> None:
        sent.append(message)

    async with asyncio.timeout(30):
        await app(scope, receive, note)
    closes = (b"connection", b"close") in sent[0]["headers"]
    return sent[0]["status"], closes, sent[1]["body"]


@pytest.mark.parametrize("path", ["/read", "/streamed", "/decoded"])
async def test_half_a_body_is_not_waited_for(path: str) -> None:
    status, closes, content = await send(path, b'{"na', is_whole=False, longest=0.2)
    assert (status, closes) == (408, True)
    assert msgspec.json.decode(content)["title"] == "Request Timeout"
    assert "did not come within 0.2 seconds" in msgspec.json.decode(content)["detail"]


@pytest.mark.parametrize("path", ["/read", "/streamed", "/late"])
async def test_what_came_in_time_is_worked_on_for_as_long_as_it_takes(path: str) -> None:
    assert await send(path, b'{"na', b'me":"x"}', is_whole=True) == (201, False, b"12")
