"""Conditions of requests for files and pictures, in the order of RFC 9110, section 13.2.2."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from hydrophone.domain.media import Picture
from hydrophone.server.files import send_file
from hydrophone.server.pictures import send_picture

Serve = Callable[[ASGIApp], str]
Fields = dict[str, str] | list[tuple[str, str]]

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
"""Of the file; a picture has none."""
BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT"
AFTER = "Sun, 06 Nov 1994 08:49:38 GMT"
OLD_FORMS = ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
NO_DATES = ["", "yesterday", "Sun, 99 Nov 1994 08:49:37 GMT", f"{DATE[:-3]}+{'9' * 30}", "9" * 5000]


@pytest.fixture(scope="module")
def client(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    song = tmp_path_factory.mktemp("music") / "song.flac"
    song.write_bytes(b"sound")
    # Half a second later: the header cannot say so, and who sends it back has this file.
    os.utime(song, ns=(0, 784111777_500_000_000))
    with httpx.Client(base_url=serve(_app(song))) as client:
        yield client


def _app(song: Path) -> ASGIApp:
    picture = Picture(data=b"sound", content_type="image/png", etag="v1")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == ScopeType.HTTP
        if scope["path"] == "/picture":
            await send_picture(scope, receive, send, picture=picture, caching=b"private")
        else:
            await send_file(
                scope,
                receive,
                send,
                path=song,
                content_type="audio/flac",
                etag="v1",
                headers=[(b"cache-control", b"private")],
            )

    return app


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("path", ["/file", "/picture"])
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"If-Match": '"v1"'}, 200),
        ({"If-Match": '"v0", "v1"'}, 200),
        ([("If-Match", '"v1"'), ("If-Match", '"v0"')], 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"x"'}, 412),
        ({"If-Match": 'W/"v1"'}, 412),
        ({"If-Match": 'W/"v1", "v0"'}, 412),
        ({"If-Match": ""}, 412),
        ({"If-None-Match": '"v1"'}, 304),
        ({"If-None-Match": 'W/"v1"'}, 304),
        ([("If-None-Match", '"v1"'), ("If-None-Match", '"v0"')], 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"x"'}, 200),
        ({"If-None-Match": "v1"}, 200),
        ({"If-Match": '"x"', "If-None-Match": '"v1"'}, 412),
        ({"If-Match": '"v1"', "If-None-Match": '"v1"'}, 304),
    ],
    ids=str,
)
def test_tags(client: httpx.Client, method: str, path: str, fields: Fields, status: int) -> None:
    assert _status(client, path, method, fields) == status


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"If-Modified-Since": DATE}, 304),
        ({"If-Modified-Since": AFTER}, 304),
        ({"If-Modified-Since": BEFORE}, 200),
        *[({"If-Modified-Since": form}, 304) for form in OLD_FORMS],
        ({"If-Unmodified-Since": DATE}, 200),
        ({"If-Unmodified-Since": AFTER}, 200),
        ({"If-Unmodified-Since": BEFORE}, 412),
        *[({"If-Unmodified-Since": form}, 200) for form in OLD_FORMS],
        # A tag says more than a date.
        ({"If-Match": '"v1"', "If-Unmodified-Since": BEFORE}, 200),
        ({"If-None-Match": '"x"', "If-Modified-Since": DATE}, 200),
        ({"If-None-Match": '"v1"', "If-Modified-Since": BEFORE}, 304),
        ({"If-Unmodified-Since": BEFORE, "If-None-Match": '"v1"'}, 412),
        ({"If-Unmodified-Since": DATE, "If-Modified-Since": DATE}, 304),
    ],
    ids=str,
)
def test_dates(client: httpx.Client, method: str, fields: Fields, status: int) -> None:
    assert _status(client, "/file", method, fields) == status
    if "If-None-Match" not in fields:
        assert _status(client, "/picture", method, fields) == 200


@pytest.mark.parametrize("field", ["If-Modified-Since", "If-Unmodified-Since"])
@pytest.mark.parametrize("date", NO_DATES, ids=range(len(NO_DATES)))
def test_what_is_no_date_counts_for_nothing(client: httpx.Client, field: str, date: str) -> None:
    assert _status(client, "/file", "GET", {field: date}) == 200


def test_conditions_come_before_the_range(client: httpx.Client) -> None:
    part = {"Range": "bytes=1-2"}
    assert client.get("/file", headers={**part, "If-Match": '"v1"'}).content == b"ou"
    assert _status(client, "/file", "GET", {**part, "If-Match": '"x"'}) == 412
    assert _status(client, "/file", "GET", {**part, "If-Modified-Since": DATE}) == 304
    missed = {"Range": "bytes=9-", "If-Unmodified-Since": BEFORE}
    assert _status(client, "/file", "GET", missed) == 412


def _status(client: httpx.Client, path: str, method: str, fields: Fields) -> int:
    """Ask, and look whether the answer is whole: the next one comes over the same connection."""
    answer = client.request(method, path, headers=fields)
    assert answer.headers["etag"] == '"v1"'
    assert "transfer-encoding" not in answer.headers
    if answer.status_code != 200:
        assert answer.content == b""
        assert "content-type" not in answer.headers
    assert client.get(path).content == b"sound"
    return answer.status_code
