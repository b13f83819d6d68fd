"""Whatever comes over the wire, the answer is an envelope, and the server stays up and quick."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer
from hydrophone_subsonic.endpoints import ENDPOINTS

MEGABYTE = 1024 * 1024
FORM = "application/x-www-form-urlencoded"
OPENAPI = json.loads((Path(__file__).parents[1] / "data" / "spec" / "openapi.json").read_text())
PARAMETERS: dict[str, list[dict[str, Any]]] = {
    one.name: OPENAPI["paths"].get(f"/rest/{one.name}", {}).get("get", {}).get("parameters", [])
    for one in ENDPOINTS
    if not one.fails_by_status
}
"""By the names of the endpoints that there are, but for those that fail by HTTP's own status."""
ALL = [(endpoint, one) for endpoint, those in PARAMETERS.items() for one in those]
IDS = [(endpoint, one["name"]) for endpoint, one in ALL if one["name"].lower().endswith("id")]
NUMBERS = [
    (endpoint, one["name"])
    for endpoint, one in ALL
    if one["schema"].get("type") in ("integer", "number") or one["name"] == "musicFolderId"
]
NECESSARY = {
    "type": "newest",
    "genre": "Pop",
    "username": "admin",
    "query": "song",
    "rating": "1",
    "artist": "Anna",
}
"""What a required parameter may be while another one is bad."""

HOSTILE_IDS = [
    "nothing",
    "tr-aaaaaaaaaaaaa",
    "al-zzzzzzzzzzzzz",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "/etc/passwd",
    "tr-../../../x",
    "tr-AAAAAAAAAAAAA",
    "tr-aaaaaaaaaaaaa\n",
    "' OR 1=1 --",
    '"; DROP TABLE track; --',
    "-1",
    "0",
    "null",
    "[object Object]",
    "\uff05\uff10\uff10",
    "\U0001d565\U0001d563-",
    "x" * 10_000,
]
HOSTILE_NUMBERS = [
    "-1", "-999999999999", str(10**30), str(-(10**30)), "9" * 400, "9223372036854775808", "1.5",
    "1e9", "NaN", "inf", "-inf", "0x10", "1_000", " 1", "+1", "٣", "one", "true", "١٢", "--1", "-",
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_traceback(server: RunningServer) -> Iterator[None]:
    """Fail after any test upon which the server's log has a traceback that was not there."""
    before = server.log.stat().st_size
    yield
    with server.log.open(encoding="utf-8", errors="replace") as log:
        log.seek(before)
        written = log.read()
    assert "Traceback" not in written, written[-4000:]
    assert " ERROR " not in written, written[-4000:]


def necessary(endpoint: str, bad: str, song: str) -> dict[str, str]:
    """Return values for what an endpoint requires beside the bad parameter."""
    return {
        one["name"]: NECESSARY.get(one["name"], song)
        for one in PARAMETERS[endpoint]
        if one.get("required") and one["name"] != bad
    }


def call(client: SubsonicClient, endpoint: str, parameters: dict[str, str]) -> httpx.Response:
    return client.http.get(f"/rest/{endpoint}", params={**client.login, "f": "json", **parameters})


def assert_envelope(answer: httpx.Response) -> dict[str, Any]:
    """Fail unless this is a well-formed document, or bytes that were asked for."""
    assert answer.status_code in (200, 206), answer.text[:300]
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "application/json":
        envelope: dict[str, Any] = answer.json()["subsonic-response"]
        assert envelope["status"] in ("ok", "failed")
        return envelope
    if kind == "text/xml":
        root = etree.fromstring(answer.content)
        assert root.tag == "{http://subsonic.org/restapi}subsonic-response"
        return {"status": root.get("status")}
    assert kind.startswith(("audio/", "image/", "application/javascript")), kind
    return {"status": "ok"}


@pytest.fixture
def song(client: SubsonicClient) -> str:
    return str(client.songs()[0]["id"])


@pytest.mark.parametrize(("endpoint", "name"), IDS, ids=lambda value: value)
def test_hostile_ids(client: SubsonicClient, song: str, endpoint: str, name: str) -> None:
    """They are not found, or where an empty answer is due there is one; nothing is opened."""
    others = necessary(endpoint, name, song)
    for value in HOSTILE_IDS:
        answer = call(client, endpoint, {**others, name: value})
        envelope = assert_envelope(answer)
        assert "root:" not in answer.text
        if envelope["status"] == "failed":
            assert envelope["error"]["code"] in (0, 10, 70)


@pytest.mark.parametrize(("endpoint", "name"), NUMBERS, ids=lambda value: value)
def test_hostile_numbers(client: SubsonicClient, song: str, endpoint: str, name: str) -> None:
    others = necessary(endpoint, name, song)
    for value in HOSTILE_NUMBERS:
        assert_envelope(call(client, endpoint, {**others, name: value}))


@pytest.mark.parametrize(
    "query",
    [
        "offset=" + "9" * 15,
        "size=0",
        "size=999999999",
        "musicFolderId=9007199254740991",
        "fromYear=-5000&toYear=9007199254740991&type=byYear",
    ],
)
def test_extreme_numbers_are_ordinary_ones(client: SubsonicClient, query: str) -> None:
    answer = client.http.get(
        f"/rest/getAlbumList2?{urlencode({'type': 'newest', **client.login})}&f=json&{query}"
    )
    assert assert_envelope(answer)["status"] == "ok"


RAW_QUERIES = {
    "NUL": "query=a%00b",
    "only NUL": "query=%00",
    "invalid UTF-8": "query=%ff%fe",
    "overlong UTF-8": "query=%c0%af",
    "a surrogate": "query=%ed%a0%80",
    "lone percent sign": "query=100%",
    "bad escape": "query=%zz&x=%",
    "no name": "=x&&&=&",
    "no value": "query",
    "many equals signs": "query=a=b=c",
    "brackets": "query[]=a&query[x]=b",
    "plus and semicolon": "query=a+b;c",
    "control characters": "query=%01%02%1b%7f",
    "newlines": "query=a%0d%0aSet-Cookie:%20x",
    "unescaped bytes": "query=\xe9",
    "unescaped UTF-8": "query=\xc3\xa9",
    "right-to-left": "query=%e2%80%ae%d7%90",
    "noncharacters": "query=%ef%bf%bf%ef%b7%90",
    "a long word": "query=" + "a" * 20_000,
    "many words": "query=" + "+".join(["a"] * 5_000),
    "operators": "query=AND+OR+NOT+NEAR(a,b)+*+^x+-y+:+{a}+%22+%27+%5c",
    "repeated": "query=a&query=b&songCount=1&songCount=x",
    "format twice": "query=a&f=xml&f=json",
    "bad format": "query=a&f=%00",
    "bad client": "query=a&c=%ff",
    "bad version": "query=a&v=%ff",
}


SAY_WHAT = {
    "NUL", "only NUL", "invalid UTF-8", "overlong UTF-8", "a surrogate", "lone percent sign",
    "bad escape", "unescaped bytes", "bad format", "bad client", "bad version",
}  # fmt: skip
"""Those that no meaning can be made of: their sender is told so."""


@pytest.mark.parametrize("format_", ["xml", "json"])
@pytest.mark.parametrize("what", RAW_QUERIES)
@pytest.mark.parametrize("post", [False, True], ids=["GET", "POST"])
def test_wrongly_encoded(
    server: RunningServer, client: SubsonicClient, what: str, format_: str, *, post: bool
) -> None:
    """Sent as raw bytes, since no client library would let them pass."""
    login = urlencode(client.login)
    text = f"{RAW_QUERIES[what]}&{login}&f={format_}".encode("latin-1")
    head = (
        b"POST /rest/search3 HTTP/1.1\r\nContent-Type: %b\r\nContent-Length: %d\r\n"
        % (FORM.encode(), len(text))
        if post
        else b"GET /rest/search3?%b HTTP/1.1\r\n" % text
    )
    body = text if post else b""
    answer = exchange(server, head + b"Host: x\r\nConnection: close\r\n\r\n" + body)
    status = int(answer.split(b" ", 2)[1])
    if status == 400 and not post:
        # The HTTP parser's own word on what is no request line.
        assert not text.isascii()
        return
    assert status == 200
    assert b"subsonic-response" in answer
    assert (b"failed" in answer) == (what in SAY_WHAT), answer


def exchange(server: RunningServer, request: bytes) -> bytes:
    """Send bytes and return all that comes back."""
    with connection(server) as connected:
        connected.sendall(request)
        parts = []
        while part := connected.recv(65536):
            parts.append(part)
        return b"".join(parts)


@contextmanager
def connection(server: RunningServer) -> Iterator[socket.socket]:
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connected:
        yield connected


@pytest.mark.parametrize("password", ["", "enc:", "enc:zz", "\x01", "x" * 100_000, "\u00f6%"])
@pytest.mark.parametrize("user", ["admin", "nobody", "", "a" * 5_000, "\u202e"])
def test_wrong_passwords(
    server: RunningServer, client: SubsonicClient, user: str, password: str
) -> None:
    answer = client.http.post("/rest/ping", data={"u": user, "p": password, "f": "json"})
    assert assert_envelope(answer)["error"]["code"] in (10, 40)


def memory(server: RunningServer) -> int:
    """Return how many bytes the server holds in memory, at most so far."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert match
    return int(match[1]) * 1024


@pytest.mark.parametrize("with_length", [True, False], ids=["length", "chunked"])
@pytest.mark.parametrize("content_type", [FORM, "application/json"])
def test_a_huge_body_is_refused_early(
    server: RunningServer, client: SubsonicClient, content_type: str, *, with_length: bool
) -> None:
    """It is not held in memory, and whoever sends it is told, if he listens."""
    size = 100 * MEGABYTE
    before = memory(server)
    path = f"/rest/createPlaylist?{urlencode({**client.login, 'f': 'json'})}"
    framing = f"Content-Length: {size}" if with_length else "Transfer-Encoding: chunked"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\n{framing}\r\n\r\n"
    block = b"songId=" + b"a" * (MEGABYTE - 7)
    chunk = block if with_length else b"%x\r\n%b\r\n" % (len(block), block)
    started = time.monotonic()
    with connection(server) as connected:
        connected.sendall(head.encode())
        sent = 0
        connected.settimeout(0.05)
        answer = b""
        try:
            while sent < size:
                try:
                    connected.sendall(chunk)
                except TimeoutError:
                    break
                sent += len(block)
        except OSError:
            pass
        connected.settimeout(10)
        try:
            while b"}}" not in answer and (part := connected.recv(65536)):
                answer += part
        except OSError:
            pass
    assert time.monotonic() - started < 15
    assert memory(server) - before < 40 * MEGABYTE
    assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
    assert b'"status":"failed"' in answer
    assert client.ask("ping")


def test_bodies_that_stop_coming_hold_up_nobody(
    server: RunningServer, client: SubsonicClient
) -> None:
    head = f"POST /rest/ping HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
    with ExitStack() as stack:
        for _ in range(20):
            slow = stack.enter_context(connection(server))
            slow.sendall((head + "Content-Length: 1000\r\n\r\nu=ad").encode())
        started = time.monotonic()
        for _ in range(20):
            client.ask("ping")
        assert time.monotonic() - started < 2.0
    client.ask("ping")


def test_a_body_that_comes_byte_by_byte_is_read(
    server: RunningServer, client: SubsonicClient
) -> None:
    form = urlencode({**client.login, "f": "json"}).encode()
    head = f"POST /rest/ping HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nConnection: close\r\n"
    with connection(server) as connected:
        connected.sendall(f"{head}Content-Length: {len(form)}\r\n\r\n".encode())
        for byte in form:
            connected.sendall(bytes([byte]))
            time.sleep(0.001)
        answer = b""
        while part := connected.recv(65536):
            answer += part
    assert b'"status":"ok"' in answer


@pytest.mark.parametrize("endpoint", ["ping", "stream", "search3", "getCoverArt"])
def test_clients_that_leave_early(
    server: RunningServer, client: SubsonicClient, song: str, endpoint: str
) -> None:
    """Before the request is whole, before the answer comes, and in the middle of it."""
    target = f"/rest/{endpoint}?{urlencode({**client.login, 'id': song, 'query': ''})}"
    whole = f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(10):
        for sent, read in ((whole[:20], 0), (whole[:-2], 0), (whole, 0), (whole, 10)):
            with connection(server) as connected:
                connected.sendall(sent)
                if read:
                    connected.recv(read)
        with connection(server) as connected:
            head = f"POST /rest/{endpoint} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
            connected.sendall((head + "Content-Length: 5000\r\n\r\nu=admin").encode())
    client.ask("ping")


@pytest.mark.parametrize("post", [False, True], ids=["GET", "POST"])
def test_a_thousand_songs_in_one_call(client: SubsonicClient, song: str, *, post: bool) -> None:
    """A request line ends near 65,500 bytes, so in a GET there is room for some 2,700 ids."""
    number = 1000 if post else 2500
    login = {**client.login, "f": "json", "name": "Long"}
    songs = [("songId", song)] * number
    parameters = [*login.items(), *songs]
    answer = (
        client.http.post(
            "/rest/createPlaylist",
            content=urlencode(parameters).encode(),
            headers={"Content-Type": FORM},
        )
        if post
        else client.http.get(f"/rest/createPlaylist?{urlencode(parameters)}")
    )
    playlist = assert_envelope(answer)["playlist"]
    assert playlist["songCount"] == len(playlist["entry"]) == number
    client.ask("deletePlaylist", id=playlist["id"])


def test_a_request_line_beyond_the_limit_is_refused(
    server: RunningServer, client: SubsonicClient
) -> None:
    answer = exchange(server, b"GET /rest/ping?%b HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 100_000))
    assert answer.startswith(b"HTTP/1.1 400")
    client.ask("ping")


nasty = st.one_of(
    st.sampled_from([*HOSTILE_IDS[:-1], *HOSTILE_NUMBERS, "", "true", "False", "json", "newest"]),
    st.text(max_size=40),
)
calls = st.sampled_from(sorted(PARAMETERS)).flatmap(
    lambda endpoint: st.tuples(
        st.just(endpoint),
        st.lists(
            st.tuples(
                st.sampled_from([one["name"] for one in PARAMETERS[endpoint]] or ["x"]), nasty
            ),
            max_size=6,
        ),
        st.sampled_from(["xml", "json", "jsonp"]),
        st.booleans(),
    )
)


@pytest.fixture(scope="module")
def fuzzer(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client(name="fuzzer") as client:
        yield client


def test_anything_at_all_gets_an_envelope(server: RunningServer, fuzzer: SubsonicClient) -> None:
    """Meanwhile `ping` stays quick."""
    waits: list[float] = []
    done = threading.Event()

    def keep_pinging() -> None:
        with server.client(name="pinger") as client:
            while not done.wait(0.05):
                started = time.monotonic()
                client.ask("ping")
                waits.append(time.monotonic() - started)

    @settings(
        max_examples=600,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(calls)
    def throw(call: tuple[str, list[tuple[str, str]], str, bool]) -> None:
        endpoint, parameters, format_, post = call
        pairs = [*fuzzer.login.items(), ("f", format_), ("callback", "f"), *parameters]
        text = "&".join(
            f"{quote(name)}={quote(value, safe='', errors='surrogatepass')}"
            for name, value in pairs
        )
        path = f"/rest/{endpoint}"
        answer = (
            fuzzer.http.post(path, content=text.encode(), headers={"Content-Type": FORM})
            if post
            else fuzzer.http.get(f"{path}?{text}")
        )
        assert_envelope(answer)

    pinging = threading.Thread(target=keep_pinging)
    pinging.start()
    try:
        throw()
    finally:
        done.set()
        pinging.join()
    waits.sort()
    assert waits[len(waits) // 2] < 0.1, waits
    assert waits[-1] < 2.0, waits
