"""The harness does what it says: whole answers, and each fault as it is called."""

from collections.abc import Iterator

import httpx
import pytest

from hydrophone.testing import faults
from hydrophone.testing.loopback import Loopback

BODY = bytes(range(256)) * 40


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=120.0) as client:
        yield client


@pytest.fixture
def url(hydrophone_loopback: Loopback) -> str:
    return hydrophone_loopback.serve_file("/1.mp3", BODY)


@pytest.mark.parametrize(
    ("wanted", "status", "got", "place"),
    [
        ("bytes=10-", 206, BODY[10:], f"bytes 10-{len(BODY) - 1}/{len(BODY)}"),
        ("bytes=0-9", 206, BODY[:10], f"bytes 0-9/{len(BODY)}"),
        (f"bytes={len(BODY)}-", 416, b"", f"bytes */{len(BODY)}"),
        ("", 200, BODY, None),
    ],
)
def test_serves_ranges(
    http: httpx.Client, url: str, wanted: str, status: int, got: bytes, place: str | None
) -> None:
    answer = http.get(url, headers={"Range": wanted} if wanted else {})
    assert (answer.status_code, answer.content) == (status, got)
    assert answer.headers.get("content-range") == place


def test_records_what_is_asked(http: httpx.Client, hydrophone_loopback: Loopback) -> None:
    assert http.post(hydrophone_loopback.url + "/x?a=b", content=b"c" * 100_000).status_code == 404
    [request] = hydrophone_loopback.asked("/x")
    assert (request.method, request.target, len(request.content)) == ("POST", "/x?a=b", 100_000)


def test_a_fault_is_for_a_path_and_some_times(
    http: httpx.Client, hydrophone_loopback: Loopback, url: str
) -> None:
    hydrophone_loopback.fail(faults.status(), path="/1", times=2)
    hydrophone_loopback.fail(faults.throttled(retry_after=7), path="/1", times=1)
    assert http.get(hydrophone_loopback.serve("/2", b"fine")).content == b"fine"
    throttled = http.get(url)
    assert (throttled.status_code, throttled.headers["retry-after"]) == (429, "7")
    assert [http.get(url).status_code for _ in range(3)] == [503, 503, 200]
    hydrophone_loopback.fail(faults.throttled())
    assert "retry-after" not in http.get(url).headers
    hydrophone_loopback.recover()
    assert http.get(url).content == BODY


def test_answers_that_are_no_errors_to_see(
    http: httpx.Client, hydrophone_loopback: Loopback, url: str
) -> None:
    hydrophone_loopback.fail(faults.web_page(), times=1)
    page = http.get(url)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    hydrophone_loopback.fail(faults.redirected("http://127.0.0.1:9/"), times=1)
    assert http.get(url).headers["location"] == "http://127.0.0.1:9/"
    middle = {"Range": "bytes=10-"}
    hydrophone_loopback.fail(faults.range_ignored(), times=1)
    assert (ignored := http.get(url, headers=middle)).status_code == 200
    assert ignored.content == BODY
    hydrophone_loopback.fail(faults.wrong_range(by=5), times=1)
    wrong = http.get(url, headers=middle)
    assert wrong.headers["content-range"].startswith("bytes 15-")
    assert wrong.content == BODY[10:]


def test_bodies_that_break_off(http: httpx.Client, hydrophone_loopback: Loopback, url: str) -> None:
    hydrophone_loopback.fail(faults.broken_off(after=5000), times=1)
    got: list[bytes] = []
    with http.stream("GET", url) as answer, pytest.raises(httpx.ReadError):
        got.extend(answer.iter_raw())
    assert b"".join(got) == BODY[:5000]
    hydrophone_loopback.fail(faults.wrong_length(), times=1)
    with pytest.raises(httpx.RemoteProtocolError, match="peer closed"):
        http.get(url)
    hydrophone_loopback.fail(faults.wrong_length(by=-1000), times=1)
    assert len(http.get(url).content) == len(BODY) - 1000


def test_slow_ones_are_right(http: httpx.Client, hydrophone_loopback: Loopback, url: str) -> None:
    hydrophone_loopback.fail(faults.dripping(size=4000, pause=0.02), times=1)
    assert http.get(url).content == BODY
    hydrophone_loopback.fail(faults.late(0.2), times=1)
    answer = http.get(url)
    assert answer.content == BODY
    assert answer.elapsed.total_seconds() >= 0.2
