"""The client against a real server with all the faults that servers have."""

import asyncio
import gzip
import logging
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from hydrophone._version import __version__
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import (
    BadAnswerError,
    HydrophoneError,
    InvalidInputError,
    ProviderUnavailableError,
    RetryLaterError,
)
from hydrophone.outbound import Document, Outbound
from hydrophone.outbound.addresses import LOOPBACK
from hydrophone.testing.loopback import Loopback, Request, Route, loopback, reset, respond

pytestmark = pytest.mark.anyio

NAME = f"hydrophone/{__version__}"
LARGEST = ByteCount(1024 * 1024)


@pytest.fixture
def remote() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture
async def outbound(remote: Loopback) -> AsyncIterator[Outbound]:
    client = Outbound(allow=[remote.place])
    yield client
    await client.close()


async def fetch(outbound: Outbound, url: str, **changes: Any) -> Document:
    options: dict[str, Any] = {"largest": LARGEST, "time_limit": Seconds(5.0), **changes}
    return await outbound.fetch(url, **options)


async def failure(outbound: Outbound, url: str, **changes: Any) -> HydrophoneError:
    with pytest.raises(HydrophoneError) as caught:
        await fetch(outbound, url, **changes)
    return caught.value


async def test_a_document_comes_with_its_validators(outbound: Outbound, remote: Loopback) -> None:
    url = remote.serve(
        "/feed",
        b"words",
        headers={"ETag": '"a"', "Last-Modified": "yesterday", "Content-Type": "text/XML; x=y"},
    )
    got = await fetch(outbound, url)
    assert (got.content, got.etag, got.last_modified) == (b"words", '"a"', "yesterday")
    assert (got.content_type, got.url, got.permanent_url) == ("text/xml", url, url)
    assert remote.requests[0].headers["user-agent"].startswith("hydrophone/")


async def test_what_has_not_changed_is_not_sent(outbound: Outbound, remote: Loopback) -> None:
    url = remote.serve("/feed", status="304 Not Modified")
    got = await fetch(outbound, url, headers={"If-None-Match": '"a"'})
    assert got.is_unchanged
    assert remote.requests[0].headers["if-none-match"] == '"a"'


async def test_cookies_are_not_kept(outbound: Outbound, remote: Loopback) -> None:
    url = remote.serve("/x", headers={"Set-Cookie": "a=b"})
    await fetch(outbound, url)
    await fetch(outbound, url)
    assert all("cookie" not in request.headers for request in remote.requests)


async def test_only_redirects_for_good_change_the_address(
    outbound: Outbound, remote: Loopback
) -> None:
    end = remote.serve("/end", b"x")
    second = remote.redirect("/second", "/end")
    first = remote.redirect("/first", "second", status="301 Moved Permanently")
    got = await fetch(outbound, first)
    assert (got.url, got.permanent_url) == (end, second)
    got = await fetch(outbound, remote.redirect("/zero", "/first"))
    assert got.permanent_url == f"{remote.url}/zero"


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd",
        "http://localhost:1/", "http://2130706433:1/", "ftp://example.org/", "http://[::1]/",
        "javascript:alert(1)", "http://0/", "//127.0.0.1:2/", "http://a.example:99999/",
    ],
)  # fmt: skip
async def test_a_redirect_to_where_nobody_may_go_is_refused(
    outbound: Outbound, remote: Loopback, target: str
) -> None:
    error = await failure(outbound, remote.redirect("/away", target))
    assert isinstance(error, BadAnswerError)
    assert "refused" in str(error)


async def test_redirects_in_a_circle_end(outbound: Outbound, remote: Loopback) -> None:
    error = await failure(outbound, remote.redirect("/loop", "/loop"))
    assert isinstance(error, BadAnswerError)
    assert len(remote.requests) == 9


async def test_private_places_are_never_connected_to(remote: Loopback) -> None:
    client = Outbound()
    for host in ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "127.1"):
        error = await failure(client, f"http://{host}:{remote.port}/")
        assert isinstance(error, InvalidInputError), host
    assert remote.connections == 0
    await client.close()


async def test_this_machine_is_open_at_all_its_addresses_where_it_is(remote: Loopback) -> None:
    remote.serve("/x", b"here")
    client = Outbound(allow=[LOOPBACK])
    for host in ("127.0.0.1", "localhost"):
        assert (await fetch(client, f"http://{host}:{remote.port}/x")).content == b"here"
    for host in ("127.0.0.2", "[::1]"):
        # Nobody is there, but it is allowed to ask.
        error = await failure(client, f"http://{host}:{remote.port}/x")
        assert isinstance(error, ProviderUnavailableError), host
    assert isinstance(await failure(client, "http://10.0.0.1/x"), InvalidInputError)
    await client.close()


async def test_keys_stay_with_the_host_that_they_are_for(remote: Loopback) -> None:
    client = Outbound(allow=[LOOPBACK])
    remote.serve("/end", b"here")
    url = remote.redirect("/away", f"http://localhost:{remote.port}/end")
    headers = {"X-Api-Key": "s3cret", "Authorization": "Bearer s3cret", "Range": "bytes=1-"}
    await fetch(client, url, headers=headers)
    first, second = (one.headers for one in remote.requests)
    assert first["x-api-key"] == "s3cret"
    assert second["range"] == "bytes=1-"
    assert not {"x-api-key", "authorization"} & second.keys()
    await client.close()


async def test_says_whom_to_ask_about_it(remote: Loopback) -> None:
    remote.serve("/x", b"here")
    for contact, said in (("me@example.org", f"{NAME} ( me@example.org )"), ("", NAME)):
        parent = Outbound(contact=contact)
        client = parent.with_allowed([LOOPBACK])
        await fetch(client, f"http://127.0.0.1:{remote.port}/x")
        assert remote.requests[-1].headers["user-agent"] == said
        await client.close()
        await parent.close()


async def test_a_name_is_asked_for_once_and_that_address_is_called(remote: Loopback) -> None:
    """Else a name could be public when it is checked, and private when it is called."""
    answers = [["127.0.0.1"], ["10.9.8.7"]]

    async def changing(host: str, port: int) -> list[str]:
        return answers.pop(0)

    client = Outbound(allow=[f"radio.example:{remote.port}"], resolver=changing)
    remote.serve("/x", b"here")
    got = await fetch(client, f"http://radio.example:{remote.port}/x")
    assert got.content == b"here"
    assert remote.requests[0].headers["host"] == f"radio.example:{remote.port}"
    assert len(answers) == 1
    await client.close()


async def test_the_next_address_is_tried_if_one_is_dead(remote: Loopback) -> None:
    async def two(host: str, port: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    client = Outbound(allow=[f"two.example:{remote.port}"], resolver=two)
    remote.serve("/x", b"here")
    assert (await fetch(client, f"http://two.example:{remote.port}/x")).content == b"here"
    await client.close()


async def test_a_login_in_the_url_stays_with_its_host_and_out_of_errors(
    outbound: Outbound, remote: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "hydrophone")
    remote.serve("/feed", b"x", status="403 Forbidden")
    error = await failure(outbound, f"http://anna:s3cret@{remote.place}/feed?key=s3cret")
    assert remote.requests[0].headers["authorization"].startswith("Basic ")
    assert "s3cret" not in f"{error} {caplog.text}"
    assert "403" in str(error)


async def test_what_is_too_large_is_not_read(outbound: Outbound, remote: Loopback) -> None:
    error = await failure(outbound, remote.serve("/big", b"x" * (LARGEST + 1)))
    assert isinstance(error, BadAnswerError)

    def endless(request: Request, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        sent = 0
        while sent < 100 * 1024 * 1024:
            sent += connection.send(b"x" * 65536)
        remote.serve("/finished")

    remote.routes["/endless"] = endless
    error = await failure(outbound, f"{remote.url}/endless")
    assert "more than 1048576 bytes" in str(error)
    assert "/finished" not in remote.routes


async def test_a_bomb_is_unpacked_up_to_the_limit_only(
    outbound: Outbound, remote: Loopback
) -> None:
    packed = {"Content-Encoding": "gzip"}
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    started = time.monotonic()
    error = await failure(outbound, remote.serve("/bomb", bomb, headers=packed))
    assert isinstance(error, BadAnswerError)
    assert time.monotonic() - started < 2
    words = bytes(range(256)) * 1000
    got = await fetch(outbound, remote.serve("/x", gzip.compress(words), headers=packed))
    assert got.content == words
    url = remote.serve("/cut", gzip.compress(words)[:-20], headers=packed)
    assert isinstance(await failure(outbound, url), ProviderUnavailableError)
    url = remote.serve("/bad", b"no gzip", headers=packed)
    assert isinstance(await failure(outbound, url), BadAnswerError)
    url = remote.serve("/odd", b"x", headers={"Content-Encoding": "br"})
    assert isinstance(await failure(outbound, url), BadAnswerError)


def short(request: Request, connection: socket.socket) -> None:
    respond(connection, b"x" * 100, length=200)


def broken(request: Request, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\nxxx")
    reset(connection)


def silent(request: Request, connection: socket.socket) -> None:
    connection.recv(1)


def dripping(request: Request, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


def babbling(request: Request, connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")


def dead(request: Request, connection: socket.socket) -> None:
    reset(connection)


@pytest.mark.parametrize("fault", [short, broken, silent, dripping, babbling, dead])
async def test_servers_in_trouble(outbound: Outbound, remote: Loopback, fault: Route) -> None:
    remote.routes["/x"] = fault
    started = time.monotonic()
    error = await failure(outbound, f"{remote.url}/x", time_limit=Seconds(0.5))
    assert isinstance(error, ProviderUnavailableError)
    assert time.monotonic() - started < 3


async def test_nobody_there(remote: Loopback) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = Outbound(allow=[f"127.0.0.1:{port}"])
    error = await failure(client, f"http://127.0.0.1:{port}/")
    assert isinstance(error, ProviderUnavailableError)
    assert isinstance(await failure(client, "http://no.such.invalid/"), ProviderUnavailableError)
    await client.close()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("404 Not Found", BadAnswerError),
        ("410 Gone", BadAnswerError),
        ("204 No Content", BadAnswerError),
        ("500 Oh", ProviderUnavailableError),
        ("503 Busy", ProviderUnavailableError),
    ],
)
async def test_refusals(
    outbound: Outbound, remote: Loopback, status: str, kind: type[HydrophoneError]
) -> None:
    error = await failure(outbound, remote.serve("/x", status=status))
    assert type(error) is kind
    assert status in str(error)
    assert isinstance(error, ProviderUnavailableError) or vars(error)["status"] == int(status[:3])


@pytest.mark.parametrize("after", ["1", "Sat, 01 Jan 2000 00:00:00 GMT", "soon", "-5", ""])
async def test_a_host_that_has_had_enough_is_left_alone(
    outbound: Outbound, remote: Loopback, after: str
) -> None:
    url = remote.serve("/x", status="429 Too Many", headers={"Retry-After": after})
    error = await failure(outbound, url)
    assert isinstance(error, RetryLaterError)
    assert error.after >= 1
    assert isinstance(await failure(outbound, url), RetryLaterError)
    assert len(remote.requests) == 1
    if after == "1":
        await asyncio.sleep(1.05)
        assert (await fetch(outbound, remote.serve("/x", b"again"))).content == b"again"


async def test_one_host_is_not_asked_too_much_at_once(outbound: Outbound, remote: Loopback) -> None:
    running, most = 0, 0

    def slow(request: Request, connection: socket.socket) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.1)
        running -= 1
        respond(connection)

    remote.routes["/x"] = slow
    async with asyncio.TaskGroup() as group:
        for _ in range(15):
            group.create_task(fetch(outbound, f"{remote.url}/x"))
    assert 1 < most <= 6


async def test_a_search_does_not_wait_behind_downloads(
    outbound: Outbound, remote: Loopback
) -> None:
    gate = threading.Event()

    def drip(request: Request, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlo")
        gate.wait(10)
        connection.sendall(b"ng")

    remote.routes["/long"] = drip
    url = remote.serve("/search", b"found")
    try:
        async with asyncio.timeout(5.0), AsyncExitStack() as stack:
            for _ in range(8):
                await stack.enter_async_context(
                    outbound.open(f"{remote.url}/long", largest=LARGEST)
                )
            assert (await fetch(outbound, url, time_limit=Seconds(2.0))).content == b"found"
    finally:
        gate.set()


async def test_old_radio_servers_are_understood(outbound: Outbound, remote: Loopback) -> None:
    remote.routes["/"] = lambda request, connection: connection.sendall(
        b"ICY 200 OK\r\nicy-name: Old\r\n\r\nmusic"
    )
    async with outbound.open(f"{remote.url}/", largest=LARGEST) as incoming:
        assert incoming.headers["icy-name"] == "Old"
        assert [chunk async for chunk in incoming.chunks()] == [b"music"]


async def test_one_bad_file_keeps_nobody_from_the_others(
    outbound: Outbound, remote: Loopback
) -> None:
    bad = remote.serve("/bad", b"x", status="500 Internal Server Error")
    good = remote.serve("/good", b"here")
    for _ in range(10):
        with pytest.raises(ProviderUnavailableError, match="500"):
            async with outbound.open(bad, largest=LARGEST):
                pass
    async with outbound.open(good, largest=LARGEST) as incoming:
        assert incoming.status == 200
