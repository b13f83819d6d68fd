"""The layer as a whole: paths, methods, formats, failures, headers."""

import asyncio
import gzip
import logging
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

import httpx
import pytest
from lxml import etree

from hydrophone.domain.library import AlbumListKind, AlbumPage, AlbumWithTracks, MarksByRow
from hydrophone.domain.music import Album, Genre, Track
from hydrophone.domain.user import Roles
from hydrophone.errors import (
    ConflictError,
    InvalidInputError,
    MediaError,
    NotFoundError,
    NotPermittedError,
    StorageError,
    UnavailableError,
    UnsupportedError,
)
from hydrophone_subsonic.layer import SubsonicLayer

pytestmark = pytest.mark.anyio

LOGIN = {"u": "alice", "p": "sesame", "c": "test"}
JSON = {**LOGIN, "f": "json"}
NAMESPACE = "{http://subsonic.org/restapi}"


def error_of(answer: httpx.Response) -> tuple[int, str]:
    """Read the failure out of a JSON answer, which has status 200 like any other."""
    assert answer.status_code == 200
    envelope = answer.json()["subsonic-response"]
    assert envelope["status"] == "failed"
    return envelope["error"]["code"], envelope["error"]["message"]


@pytest.mark.parametrize("path", ["/ping", "/ping.view", "/ping/", "/ping.view/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_every_path_and_method(client: httpx.AsyncClient, path: str, method: str) -> None:
    answer = await client.request(method, path, params=JSON)
    assert answer.json()["subsonic-response"]["status"] == "ok"


async def test_a_mount_that_strips_its_prefix(layer: SubsonicLayer) -> None:
    transport = httpx.ASGITransport(cast(Any, layer))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/ping.view/", params=JSON)
    assert answer.json()["subsonic-response"]["status"] == "ok"


async def test_xml_is_the_default(client: httpx.AsyncClient) -> None:
    for parameters in (LOGIN, {**LOGIN, "f": "xml"}, {**LOGIN, "f": ""}, {**LOGIN, "f": "yaml"}):
        answer = await client.get("/getLicense", params=parameters)
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        root = etree.fromstring(answer.content)
        assert root.tag == NAMESPACE + "subsonic-response"
        assert root[0].items() == [("valid", "true")]


async def test_jsonp(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ping", params={**LOGIN, "f": "jsonp", "callback": "on.answer"})
    assert answer.headers["content-type"].startswith("application/javascript")
    assert answer.text.startswith('on.answer({"subsonic-response":{"status":"ok"')


@pytest.mark.parametrize(("callback", "code"), [("", 10), ("alert(1);//", 0)])
async def test_jsonp_without_the_name_of_a_function(
    client: httpx.AsyncClient, callback: str, code: int
) -> None:
    answer = await client.get("/ping", params={**LOGIN, "f": "jsonp", "callback": callback})
    assert answer.headers["content-type"] == "application/json"
    assert error_of(answer)[0] == code


@pytest.mark.parametrize("name", ["nothing", "nothing.view", "", "ping.view.view", "Ping"])
async def test_unknown_methods(client: httpx.AsyncClient, name: str) -> None:
    code, message = error_of(await client.get("/" + name, params=JSON))
    assert code == 0
    assert message.startswith("There is no method ")


async def test_delete_is_as_good_as_get(client: httpx.AsyncClient) -> None:
    """aonsoku deletes playlists so, after a browser has asked whether it may."""
    answer = await client.delete("/ping", params=JSON)
    assert answer.json()["subsonic-response"]["status"] == "ok"
    preflight = await client.options(
        "/deletePlaylist",
        headers={"Origin": "http://example.com", "Access-Control-Request-Method": "DELETE"},
    )
    assert "DELETE" in preflight.headers["access-control-allow-methods"].split(", ")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_other_http_methods(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/ping", params=JSON)
    assert error_of(answer) == (0, f"ping is called by GET or POST, not by {method}.")


async def test_preflight_needs_no_login(client: httpx.AsyncClient) -> None:
    answer = await client.options(
        "/getAlbumList2",
        headers={"Origin": "http://example.com", "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    for header in ("Authorization", "Content-Type", "Range"):
        assert header in answer.headers["access-control-allow-headers"]


async def test_pages_of_any_origin_may_read(client: httpx.AsyncClient) -> None:
    for parameters in (JSON, {"f": "json"}):
        headers = (await client.get("/ping", params=parameters)).headers
        assert headers["access-control-allow-origin"] == "*"
        for header in ("X-Total-Count", "X-Content-Duration", "Content-Range", "Content-Length"):
            assert header in headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFoundError("There is no such song."), 70),
        (NotPermittedError("Not yours."), 50),
        (InvalidInputError("That is wrong."), 0),
        (ConflictError("It is there already."), 0),
        (UnsupportedError("There is no ffmpeg."), 0),
        (UnavailableError("Too busy."), 0),
        (MediaError("It cannot be decoded."), 0),
    ],
)
async def test_errors_have_codes(
    client: httpx.AsyncClient, fakes: Any, error: Exception, code: int
) -> None:
    fakes.tracks.answers["track"] = error
    answer = await client.get("/getSong", params={**JSON, "id": "tr-1"})
    assert error_of(answer) == (code, str(error))
    assert fakes.noted["error"] == str(error)


@pytest.mark.parametrize("error", [RuntimeError("secret"), StorageError("/secret is broken")])
async def test_our_own_trouble_stays_in_the_log(
    client: httpx.AsyncClient, fakes: Any, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    fakes.tracks.answers["track"] = error
    with caplog.at_level(logging.ERROR):
        answer = await client.get("/getSong", params={**JSON, "id": "tr-1"})
    code, message = error_of(answer)
    assert (code, "secret" in message) == (0, False)
    assert [record.exc_info[1] for record in caplog.records if record.exc_info] == [error]


@pytest.mark.parametrize("version", ["", "1.2.0", "1.16.1", "1.99.0", "one"])
async def test_versions_that_are_served(client: httpx.AsyncClient, version: str) -> None:
    """DSub says 1.2.0 for ever and must get full answers."""
    answer = await client.get("/ping", params={**JSON, "v": version})
    assert answer.json()["subsonic-response"]["status"] == "ok"


@pytest.mark.parametrize(("version", "code"), [("0.9", 20), ("2.0.0", 30)])
async def test_other_major_versions(client: httpx.AsyncClient, version: str, code: int) -> None:
    assert error_of(await client.get("/ping", params={**JSON, "v": version}))[0] == code


async def test_unreadable_format(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ping?f=%ff")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert b"Parameter f is not UTF-8." in answer.content


async def test_gzip_for_long_texts_only_and_only_when_asked(
    client: httpx.AsyncClient, fakes: Any
) -> None:
    fakes.genres.answers["all"] = tuple(
        Genre(name=f"Genre {number}", track_count=1, album_count=1) for number in range(100)
    )
    packed = await client.get("/getGenres", params=JSON, headers={"Accept-Encoding": "br, GZIP"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert len(packed.json()["subsonic-response"]["genres"]["genre"]) == 100
    assert int(packed.headers["content-length"]) < len(packed.content) / 4
    for encodings in ("identity", "br", "gzip;q=0", "gzip; q=0.00, br"):
        plain = await client.get("/getGenres", params=JSON, headers={"Accept-Encoding": encodings})
        assert "content-encoding" not in plain.headers
    short = await client.get("/ping", params=JSON, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in short.headers


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_long_answers_let_others_run(layer: SubsonicLayer, fakes: Any, encoding: str) -> None:
    fakes.genres.answers["all"] = tuple(
        Genre(name=f"Genre {number}", track_count=1, album_count=1) for number in range(20_000)
    )
    others = 0
    bodies: list[bytes] = []
    start: dict[str, Any] = {}

    async def other() -> None:
        nonlocal others
        while True:
            await asyncio.sleep(0)
            others += 1

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            bodies.append(message["body"])

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/rest/getGenres",
        "query_string": urlencode(JSON).encode(),
        "headers": [(b"accept-encoding", encoding.encode())],
    }
    running = asyncio.create_task(other())
    await layer(cast(Any, scope), receive, send)
    running.cancel()

    assert len(bodies) > 5
    assert others > 20_000 / 250
    assert b"content-length" not in dict(start["headers"])
    document = b"".join(bodies)
    text = gzip.decompress(document) if encoding == "gzip" else document
    assert text.count(b'"Genre ') == 20_000


async def test_total_of_album_lists(
    client: httpx.AsyncClient, fakes: Any, make_album: Callable[..., Album]
) -> None:
    """aonsoku reads it."""
    fakes.albums.answers["page"] = AlbumPage(rows=(7,), total=1234)
    fakes.albums.answers["plain_by_rows"] = {7: make_album()}
    fakes.albums.answers["marks"] = MarksByRow(version=1, marks={})
    for name in ("getAlbumList", "getAlbumList2"):
        answer = await client.get(f"/{name}", params={**JSON, "type": AlbumListKind.NEWEST})
        assert answer.headers["x-total-count"] == "1234"


async def test_what_the_log_gets_to_know(client: httpx.AsyncClient, fakes: Any) -> None:
    await client.get("/ping.view", params=JSON)
    assert fakes.noted == {"user": "Alice", "client": "test"}
    await client.get("/ping.view", params={**JSON, "p": "wrong"})
    assert fakes.noted["error"] == "Wrong user name or password."


async def test_roles(client: httpx.AsyncClient, fakes: Any) -> None:
    fakes.logins.roles = {"stream": False}
    code, message = error_of(await client.get("/stream", params={**JSON, "id": "tr-1"}))
    assert (code, message) == (50, "Your account lacks the role stream.")
    assert fakes.streaming.calls == []


@pytest.mark.parametrize(
    ("role", "call"),
    [
        ("stream", "stream?id=tr-1"),
        ("download", "download?id=tr-1"),
        ("playlist", "createPlaylist?name=x"),
        ("playlist", "updatePlaylist?playlistId=pl-1"),
        ("playlist", "deletePlaylist?id=pl-1"),
    ],
)
async def test_what_needs_which_role(
    client: httpx.AsyncClient, fakes: Any, role: str, call: str
) -> None:
    fakes.logins.roles = {field: field != role for field in Roles.__struct_fields__}
    name, _, query = call.partition("?")
    answer = await client.get(f"/{name}?{query}&u=alice&p=sesame&f=json")
    assert error_of(answer)[0] == 50


async def test_extensions_for_anybody(client: httpx.AsyncClient) -> None:
    """Clients ask before they log in, some with invented credentials."""
    for parameters in ({}, {"u": "dummy", "p": "dummy"}, {"apiKey": "x", "u": "y"}, {"v": "9"}):
        answer = await client.get("/getOpenSubsonicExtensions", params={**parameters, "f": "json"})
        assert answer.json()["subsonic-response"]["openSubsonicExtensions"] == [
            {"name": "apiKeyAuthentication", "versions": [1]},
            {"name": "formPost", "versions": [1]},
            {"name": "getPodcastEpisode", "versions": [1]},
            {"name": "indexBasedQueue", "versions": [1]},
            {"name": "playbackReport", "versions": [1]},
            {"name": "songLyrics", "versions": [1, 2]},
            {"name": "topSongsByArtistId", "versions": [1]},
            {"name": "transcodeOffset", "versions": [1]},
            {"name": "transcoding", "versions": [1]},
        ]


async def test_an_album_as_xml(
    client: httpx.AsyncClient,
    fakes: Any,
    make_album: Callable[..., Album],
    make_track: Callable[..., Track],
) -> None:
    fakes.albums.answers["album"] = AlbumWithTracks(
        album=make_album(name='"R&B" <1>'), tracks=(make_track(), make_track(title="Two"))
    )
    answer = await client.get("/getAlbum", params={**LOGIN, "id": "al-1"})
    (album,) = etree.fromstring(answer.content)
    assert (album.tag, album.get("name")) == (NAMESPACE + "album", '"R&B" <1>')
    assert [song.get("title") for song in album.findall(NAMESPACE + "song")] == ["Song", "Two"]
