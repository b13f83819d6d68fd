"""Whatever is asked: an answer in the form that was asked for, and never a server error.

The requests are made from the declarations: each parameter absent, empty, of a wrong type,
negative, huge, repeated, of another kind or another user, or hostile.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.processes import descendants
from hydrophone.testing.server import RunningServer, running_server
from hydrophone_subsonic.conformance.xml_json import differences
from hydrophone_subsonic.endpoint import Endpoint
from hydrophone_subsonic.endpoints import ENDPOINTS

XML_TYPES = ("text/xml", "application/xml")
FORMATS = ("xml", "json", "jsonp", "", "yaml")
HOSTILE = (
    "../../../../etc/passwd",
    "%00",
    "\x00",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "]]>",
    "\u202e",
    "\N{MUSICAL SYMBOL G CLEF}" * 50,
    "x" * 5000,
    "http://127.0.0.1:1/",
    "file:///etc/passwd",
    "-1",
    "tr-aaaaaaaaaaaaa",
    "1e309",
    "NaN",
    "0x10",
    "٣",
    "{}",
    "[]",
)
NUMBERS = ("0", "1", "-1", "500", "501", "2147483648", "9007199254740993", "-9" * 10, "1.5", "1e9")
TYPED = (
    "getPlaylists",
    "getBookmarks",
    "getShares",
    "getChatMessages",
    "getInternetRadioStations",
)
"""What shows texts that users have typed."""
BINARY = {200, 204, 206, 304, 307, 400, 404, 410, 416, 503}
"""What may be the status of an answer with bytes, or of one that fails by its status."""


@pytest.fixture(scope="module")
def own_server(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Run a server apart: these requests delete, rename and lock out."""
    with running_server(tmp_path_factory.mktemp("any"), music=[library]) as running:
        yield running


@pytest.fixture(scope="module")
def known(own_server: RunningServer, client: SubsonicClient) -> dict[str, list[str]]:
    """Return ids of every kind, which are the same on all servers of this library, and names."""
    song = client.songs()[0]
    with own_server.client() as own:
        own.await_scan(tracks=len(client.songs()))
        playlist = own.ask("createPlaylist", name="Mine", songId=song["id"])["playlist"]["id"]
        film = own.ask("getVideos")["videos"]["video"][0]["id"]
        caption = own.ask("getVideoInfo", id=film)["videoInfo"]["captions"][0]["id"]
        share = own.ask("createShare", id=song["id"])["shares"]["share"][0]["id"]
        master = own.get("hls.m3u8", id=film).text
    ids = [song["id"], song["albumId"], song["artistId"], song["parent"], song["coverArt"]]
    tokens = re.findall(r"token=([^&\s\"]+)", master)
    return {
        "ids": [*ids, playlist, film, caption, share, "1"],
        "names": ["admin", "Anna", "Rock", song["title"], *tokens],
    }


@pytest.fixture(scope="module")
def key(own_server: RunningServer, new_api_key: Callable[[RunningServer], str]) -> str:
    return new_api_key(own_server)


@pytest.fixture(scope="module")
def http(own_server: RunningServer, key: str) -> Iterator[httpx.Client]:
    """Connect, and be sure that the key logs in, before and after everything."""
    ping = "/rest/ping?" + urlencode({"apiKey": key, "v": "1.16.1", "c": "any"})
    with httpx.Client(base_url=own_server.url, timeout=120.0) as client:
        assert 'status="ok"' in client.get(ping).text
        yield client
        assert 'status="ok"' in client.get(ping).text


def texts(known: dict[str, list[str]]) -> st.SearchStrategy[str]:
    """Make what might be sent as one value of a parameter."""
    usual = st.sampled_from((*known["ids"], *known["names"], *NUMBERS, "true", "false", "newest"))
    return st.one_of(usual, usual, st.sampled_from(HOSTILE), st.text(max_size=20), st.just(""))


def queries(
    endpoint: Endpoint, known: dict[str, list[str]]
) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Make parameters for an endpoint: each absent, once or several times."""
    lists = [
        st.lists(st.tuples(st.just(one.name), texts(known)), max_size=3)
        for one in endpoint.parameters
    ]
    return st.tuples(*lists).map(lambda found: [pair for several in found for pair in several])


def check(answer: httpx.Response, endpoint: Endpoint, wanted: str) -> None:
    """Say that an answer is well formed and in the form that was asked for."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if (endpoint.sends_bytes or endpoint.fails_by_status) and kind not in (
        *XML_TYPES,
        "application/json",
        "application/javascript",
    ):
        assert answer.status_code in BINARY
        return
    assert answer.status_code == 200 or endpoint.fails_by_status
    if kind in XML_TYPES:
        assert wanted not in ("json", "jsonp")
        root = etree.fromstring(answer.content)
        status = root.get("status")
    else:
        assert wanted in ("json", "jsonp")
        text = answer.text
        if wanted == "jsonp":
            found = re.fullmatch(r"call\((.*)\);?", text, re.DOTALL)
            assert found
            text = found[1]
        status = json.loads(text)["subsonic-response"]["status"]
    assert status in ("ok", "failed")


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_request_gets_an_answer(
    data: st.DataObject,
    endpoint: Endpoint,
    http: httpx.Client,
    key: str,
    known: dict[str, list[str]],
) -> None:
    wanted = data.draw(st.sampled_from(FORMATS))
    query = data.draw(queries(endpoint, known))
    method = data.draw(st.sampled_from(("GET", "POST")))
    form = [("apiKey", key), ("v", "1.16.1"), ("c", "any"), ("f", wanted), *query]
    if wanted == "jsonp":
        form.append(("callback", "call"))
    path = f"/rest/{endpoint.name}"
    if method == "GET":
        answer = http.get(f"{path}?{urlencode(form)}")
    else:
        body = urlencode(form)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = http.post(path, content=body, headers=headers)
    check(answer, endpoint, wanted)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=10)))
def test_both_formats_say_what_users_have_typed(
    text: str, http: httpx.Client, key: str, known: dict[str, list[str]]
) -> None:
    login = {"apiKey": key, "v": "1.16.1", "c": "any"}
    song, playlist = known["ids"][0], known["ids"][5]
    for name, parameters in {
        "createPlaylist": {"name": text},
        "updatePlaylist": {"playlistId": playlist, "comment": text},
        "createBookmark": {"id": song, "position": "5", "comment": text},
        "createShare": {"id": song, "description": text},
        "addChatMessage": {"message": text},
        "createInternetRadioStation": {"name": text, "streamUrl": "http://a.example/" + text},
    }.items():
        http.post(f"/rest/{name}", data={**login, **parameters})
    for name in TYPED:
        xml = http.get(f"/rest/{name}", params=login).content
        answer = http.get(f"/rest/{name}", params={**login, "f": "json"}).json()
        envelope = answer["subsonic-response"]
        assert envelope["status"] == "ok"
        assert not list(differences(envelope, etree.fromstring(xml), name))


def test_nothing_went_wrong_behind_the_scenes(own_server: RunningServer) -> None:
    assert own_server.process.poll() is None
    assert "Traceback" not in own_server.log.read_text()
    assert len(descendants(own_server.process.pid)) < 20
