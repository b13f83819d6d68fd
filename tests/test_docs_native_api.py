"""The reference page of the native API has every route and kind of events, and no other."""

import re
from pathlib import Path

import pytest

from hydrophone.config import Config, ServerConfig
from hydrophone.domain.event import EventKind
from hydrophone.server.api import create_api
from hydrophone.server.wiring import open_server
from hydrophone.testing.native_api import Api

PAGE = Path(__file__).parents[1] / "docs/reference/native-api.md"
_ROUTE = re.compile(r"^\| `([A-Z]+ /api/v1/\S+)` \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def test_every_kind_of_events_is_on_the_page() -> None:
    events = PAGE.read_text().partition("## Events")[2]
    cells = re.findall(r"^\| (`[^|]+) \|", events, re.MULTILINE)
    listed = [kind for cell in cells for kind in re.findall(r"`([a-z-]+)`", cell)]
    assert sorted(listed) == sorted(["hello", "missed", "heartbeat", *EventKind])


@pytest.mark.anyio
async def test_every_route_is_on_the_page(tmp_path: Path) -> None:
    config = Config(server=ServerConfig(data_dir=tmp_path))
    async with open_server(config) as server:
        api = Api(server, create_api(server, base_path=""), {})
        schema = (await api.ask("anonymous", "GET", "/docs/openapi.json")).json()
    described = [
        f"{method.upper()} {path}"
        for path, item in schema["paths"].items()
        for method in item
        if method in ("get", "post", "put", "patch", "delete")
    ]
    assert sorted(_ROUTE.findall(PAGE.read_text())) == sorted(described)
