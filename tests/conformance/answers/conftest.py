"""Makes the calls of the table `calls`, with the ids and the things that each of them wants."""

from collections.abc import Callable, Iterator
from itertools import count
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

import httpx
import pytest
from tests.conformance.answers.calls import CASES, FAILING_BY_STATUS, JSON_BODIES

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.loopback import Loopback
from hydrophone_subsonic.endpoints import ENDPOINTS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def cases() -> set[str]:
    """Return the names of all endpoints that the table calls."""
    return {name for name, _, _ in CASES}


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}?{case[1]}")
def case(request: pytest.FixtureRequest) -> tuple[str, str, int | None]:
    """Give each call of the table in turn: endpoint, query, code of the error or None."""
    found: tuple[str, str, int | None] = request.param
    return found


def of_other_servers(query: str, client: SubsonicClient, remote: Loopback) -> dict[str, str]:
    """Make the podcast and the station that a call wants for itself."""
    known = {}
    if "{follow}" in query:
        url = f"{remote.url}/broken?{uuid4().hex}"
        client.ask("createPodcastChannel", url=url)
        channels = client.ask("getPodcasts", includeEpisodes=False)["podcasts"]["channel"]
        known["follow"] = next(one["id"] for one in channels if one["url"] == url)
    if "{tuned}" in query:
        name = uuid4().hex
        client.ask("createInternetRadioStation", name=name, streamUrl="http://b.example/")
        listed = client.ask("getInternetRadioStations")["internetRadioStations"]
        stations = listed["internetRadioStation"]
        known["tuned"] = next(one["id"] for one in stations if one["name"] == name)
    return known


@pytest.fixture
def ask(
    case: tuple[str, str, int | None],
    client: SubsonicClient,
    ids: dict[str, str],
    remote: Loopback,
) -> Iterator[Callable[..., httpx.Response]]:
    """Give a function that makes the call in a format, by a method, at a path."""
    name, query, _ = case
    numbers = count()

    def make_call(format_: str = "xml", *, post: bool = False, suffix: str = "") -> httpx.Response:
        known = ids | {"remote": remote.url}
        if "{new}" in query:
            made = client.ask("createPlaylist", name=f"New {next(numbers)}", songId=ids["plain"])
            known["new"] = made["playlist"]["id"]
        known["unborn"] = f"{name}-{uuid4().hex}"
        if "{share}" in query:
            known["share"] = client.ask("createShare", id=ids["album"])["shares"]["share"][0]["id"]
        if "{user}" in query:
            known["user"] = f"{name}-{uuid4().hex}"
            client.ask("createUser", username=known["user"], password="x", email="")
        known |= of_other_servers(query, client, remote)
        parameters = [*client.login.items(), ("f", format_)]
        parameters += parse_qsl(query.format(**known), keep_blank_values=True)
        if format_ == "jsonp":
            parameters.append(("callback", "app.receive"))
        path, text = f"/rest/{name}{suffix}", urlencode(parameters)
        if name in JSON_BODIES:
            return client.http.post(f"{path}?{text}", json=JSON_BODIES[name])
        if post:
            return client.http.post(path, content=text, headers=FORM)
        return client.http.get(f"{path}?{text}")

    yield make_call
    if name == "startScan":
        client.await_scan(tracks=7)


@pytest.fixture
def registered() -> dict[str, bool]:
    """Return all endpoints, with whether they answer with bytes."""
    return {endpoint.name: endpoint.sends_bytes for endpoint in ENDPOINTS}


@pytest.fixture
def status(case: tuple[str, str, int | None]) -> int:
    """Return the status of HTTP that the call should get."""
    name, _, code = case
    by_code = {None: 200, 0: 400, 10: 400, 70: 404}
    return by_code[code] if name in FAILING_BY_STATUS else 200
