"""What every answer is like: envelope, formats, headers, status 200."""

import gzip
import json
import re

import httpx
import pytest
from lxml import etree

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer

BINARY = ["stream", "download", "getCoverArt"]


def test_a_failure_has_the_whole_envelope(server: RunningServer) -> None:
    """aonsoku pings as dummy and reads version and type out of the failure."""
    answer = httpx.get(
        f"{server.url}/rest/ping.view",
        params={"u": "dummy", "p": "dummy", "v": "1.16.0", "c": "aonsoku", "f": "json"},
    )
    assert answer.status_code == 200
    envelope = answer.json()["subsonic-response"]
    assert envelope["status"] == "failed"
    assert envelope["version"] == "1.16.1"
    assert envelope["openSubsonic"] is True
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", envelope["serverVersion"])
    assert envelope["error"]["code"] == 40


def test_our_type_is_nobody_elses(client: SubsonicClient) -> None:
    """DSub and aonsoku change their ways for these."""
    others = {"subsonic", "madsonic", "ampache", "navidrome", "lms", "gonic"}
    assert client.ask("ping")["type"] == "hydrophone"
    assert client.ask("ping")["type"] not in others


@pytest.mark.parametrize("endpoint", BINARY)
@pytest.mark.parametrize(
    ("parameters", "content_type"),
    [
        ({}, "text/xml; charset=utf-8"),
        ({"f": "xml"}, "text/xml; charset=utf-8"),
        ({"f": "json"}, "application/json"),
    ],
)
def test_failures_where_bytes_are_expected(
    client: SubsonicClient, endpoint: str, parameters: dict[str, str], content_type: str
) -> None:
    """DSub saves a body of any other type than text/xml as music or as a picture."""
    for query in ({"id": "nothing"}, {}, {"id": "nothing", "p": "x", "t": "", "s": ""}):
        answer = client.http.get(
            f"/rest/{endpoint}", params={**client.login, **query, **parameters}
        )
        assert answer.status_code == 200
        assert answer.headers["content-type"] == content_type
        assert "failed" in answer.text


@pytest.mark.parametrize("callback", ["f", "a.b.c", "$_x9", "jQuery123_456"])
def test_jsonp_with_a_name_of_a_function(client: SubsonicClient, callback: str) -> None:
    answer = client.get("ping", f="jsonp", callback=callback)
    assert answer.text.startswith(f'{callback}({{"subsonic-response"')
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("callback", ["alert(1)", "<script>", "a b", "1x", "é", "x;y", "x" * 500])
def test_jsonp_runs_no_code_of_others(client: SubsonicClient, callback: str) -> None:
    answer = client.get("ping", f="jsonp", callback=callback)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["subsonic-response"]["status"] == "failed"


def test_jsonp_without_a_function(client: SubsonicClient) -> None:
    assert client.get("ping", f="jsonp").json()["subsonic-response"]["error"]["code"] == 10


def raw(client: SubsonicClient, endpoint: str, encodings: str, **parameters: str) -> httpx.Response:
    """Ask so that the body comes as it was sent."""
    with client.http.stream(
        "GET",
        f"/rest/{endpoint}",
        params={**client.login, "f": "json", **parameters},
        headers={"Accept-Encoding": encodings},
    ) as answer:
        return httpx.Response(
            answer.status_code,
            headers=[(name, value) for name, value in answer.headers.items()
                     if name != "content-encoding"],
            content=b"".join(answer.iter_raw()),
            extensions={"encoding": answer.headers.get("content-encoding", "")},
        )  # fmt: skip


@pytest.mark.parametrize("encodings", ["gzip", "deflate, gzip;q=0.8", "br, GZIP"])
def test_gzip_when_asked_for(client: SubsonicClient, encodings: str) -> None:
    plain = raw(client, "search3", "identity", query="", songCount="500")
    packed = raw(client, "search3", encodings, query="", songCount="500")
    assert packed.extensions["encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed.headers["content-length"]) == len(packed.content) < len(plain.content)


@pytest.mark.parametrize("encodings", ["", "identity", "br", "gzip;q=0"])
def test_no_gzip_otherwise(client: SubsonicClient, encodings: str) -> None:
    answer = raw(client, "search3", encodings, query="", songCount="500")
    assert answer.extensions["encoding"] == ""
    json.loads(answer.content)


@pytest.mark.parametrize("endpoint", BINARY)
def test_no_gzip_on_bytes(client: SubsonicClient, ids: dict[str, str], endpoint: str) -> None:
    answer = raw(client, endpoint, "gzip", id=ids["song"])
    assert answer.extensions["encoding"] == ""
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize("endpoint", ["ping", "stream", "getCoverArt", "nothing"])
def test_preflight_needs_no_login(server: RunningServer, endpoint: str) -> None:
    """Feishin, aonsoku and airsonic-refix run in pages of another origin."""
    answer = httpx.options(
        f"{server.url}/rest/{endpoint}",
        headers={
            "Origin": "https://player.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,range",
        },
    )
    assert answer.is_success
    assert answer.headers["access-control-allow-origin"] == "*"
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert {"content-type", "authorization", "range"} <= set(allowed.split(", "))
    assert "POST" in answer.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("endpoint", "has_id"),
    [
        ("ping", False),
        ("nothing", False),
        ("stream", True),
        ("getCoverArt", True),
        ("stream", False),
    ],
)
def test_answers_are_open_to_pages_of_other_origins(
    client: SubsonicClient, ids: dict[str, str], endpoint: str, *, has_id: bool
) -> None:
    answer = client.get(
        endpoint,
        headers={"Origin": "https://player.example", "Range": "bytes=0-9"},
        **({"id": ids["song"]} if has_id else {}),
    )
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
    assert {"x-total-count", "x-content-duration", "content-range", "content-length"} <= {*exposed}


def test_the_whole_count_of_albums(client: SubsonicClient, ids: dict[str, str]) -> None:
    """aonsoku pages by this header."""
    for endpoint in ("getAlbumList", "getAlbumList2"):
        answer = client.get(endpoint, type="alphabeticalByName", size=1)
        assert answer.headers["x-total-count"] == "3"
    starred = client.get("getAlbumList2", type="starred", size=1, offset=5)
    assert int(starred.headers["x-total-count"]) >= 1
    assert ids


def test_unset_traces_are_left_out(client: SubsonicClient, ids: dict[str, str]) -> None:
    """DSub takes the mere presence of `starred` for a star; a rating of 0 is invalid."""
    untouched = client.ask("getSong", id=ids["other"])["song"]
    touched = client.ask("getSong", id=ids["song"])["song"]
    for name in ("starred", "userRating", "averageRating"):
        assert name not in untouched
    assert (touched["userRating"], touched["averageRating"]) == (4, 4.0)
    assert touched["starred"]
    assert touched["playCount"] == 1
    assert touched["played"] == "2023-11-14T22:13:20.000Z"


def test_characters_survive_both_formats(client: SubsonicClient, ids: dict[str, str]) -> None:
    song = client.ask("getSong", id=ids["song"])["song"]
    assert song["title"] == 'She said "no" & <left>, didn\'t she?'
    assert song["comment"] == "Heard\tunder water"
    xml = client.http.get("/rest/getSong", params={**client.login, "id": ids["song"]})
    element = etree.fromstring(xml.content)[0]
    assert (element.get("title"), element.get("comment")) == (song["title"], song["comment"])
    lyrics = client.http.get(
        "/rest/getLyrics", params={**client.login, "artist": "Anna", "title": "Plain"}
    )
    assert etree.fromstring(lyrics.content)[0].text == "Only\nwords"
