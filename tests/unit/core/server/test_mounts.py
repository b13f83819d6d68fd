"""Which requests a protocol layer gets, and which go on to the web framework."""

import pytest
from litestar.types import ASGIApp, Receive, Scope, Send

from hydrophone.server.mounts import Mounts

pytestmark = pytest.mark.anyio


def answering(name: str, answered: list[str]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        answered.append(f"{name} {scope.get('path', '')}")

    return app


async def asked(scope: dict[str, str]) -> str:
    answered: list[str] = []
    layers = {"/music/rest": answering("layer", answered)}
    await Mounts(answering("framework", answered), layers)(scope, None, None)  # type: ignore[arg-type]  # only handed on
    (answer,) = answered
    return answer


@pytest.mark.parametrize(
    "path", ["/music/rest/ping", "/music/rest", "/music/rest/", "//music//rest//ping.view"]
)
async def test_what_lies_below_its_path_goes_to_the_layer(path: str) -> None:
    assert await asked({"type": "http", "path": path}) == f"layer {path}"
    below = {"type": "http", "path": f"/proxy{path}", "root_path": "/proxy"}
    assert await asked(below) == f"layer /proxy{path}"


@pytest.mark.parametrize("path", ["/", "/music", "/rest/ping", "/music/resting", "/health/live"])
async def test_all_else_goes_on(path: str) -> None:
    assert await asked({"type": "http", "path": path}) == f"framework {path}"


async def test_the_lifespan_goes_on() -> None:
    assert await asked({"type": "lifespan"}) == "framework "
