"""Queries, forms and logins that are wrongly encoded: the answer is an envelope."""

from urllib.parse import urlencode

import pytest
from tests.e2e.bad_input.exchange import FORM, assert_envelope, connection, exchange

from hydrophone.server.http_protocol import LONGEST_ADDRESS
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer

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
    "other control characters": "query=%09%7f",
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
    "control characters", "noncharacters",
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


@pytest.mark.parametrize("password", ["", "enc:", "enc:zz", "\x01", "x" * 100_000, "\u00f6%"])
@pytest.mark.parametrize("user", ["admin", "nobody", "", "a" * 5_000, "\u202e"])
def test_wrong_passwords(
    server: RunningServer, client: SubsonicClient, user: str, password: str
) -> None:
    answer = client.http.post("/rest/ping", data={"u": user, "p": password, "f": "json"})
    codes = (0,) if password == "\x01" else (10, 40)
    assert assert_envelope(answer)["error"]["code"] in codes


def test_a_long_request_line_is_answered_as_any_other(
    server: RunningServer, client: SubsonicClient
) -> None:
    head = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = exchange(server, b"GET /rest/ping?f=json&%b%b" % (b"a" * 100_000, head))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"code":10' in answer
    many = b"&".join([b"songId=x"] * 60_000)
    answer = exchange(server, b"GET /rest/createPlaylist?%b&f=json%b" % (many, head))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"more than 50000 parameters" in answer
    client.ask("ping")


def test_a_request_line_beyond_the_limit_is_refused(
    server: RunningServer, client: SubsonicClient
) -> None:
    with connection(server) as connected:
        connected.sendall(b"GET /rest/ping?" + b"a" * LONGEST_ADDRESS)
        assert connected.recv(65536).startswith(b"HTTP/1.1 400")
    client.ask("ping")
