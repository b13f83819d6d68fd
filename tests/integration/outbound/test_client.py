"""The client against a real server with all the faults that servers have."""

import gzip
import socket
import time
import tracemalloc

import pytest
from tests.integration.outbound.asking import LARGEST, failure, fetch

from hydrophone._version import __version__
from hydrophone.domain.units import Seconds
from hydrophone.errors import BadAnswerError, HydrophoneError, ProviderUnavailableError
from hydrophone.outbound import Outbound
from hydrophone.outbound.addresses import LOOPBACK
from hydrophone.testing.loopback import Loopback, Request, Route, reset, respond

pytestmark = pytest.mark.anyio

NAME = f"hydrophone/{__version__}"


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


async def test_says_whom_to_ask_about_it(remote: Loopback) -> None:
    remote.serve("/x", b"here")
    for contact, said in (("me@example.org", f"{NAME} ( me@example.org )"), ("", NAME)):
        parent = Outbound(contact=contact)
        client = parent.with_allowed([LOOPBACK])
        await fetch(client, f"http://127.0.0.1:{remote.port}/x")
        assert remote.requests[-1].headers["user-agent"] == said
        await client.close()
        await parent.close()


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
    tracemalloc.start()
    try:
        error = await failure(outbound, remote.serve("/bomb", bomb, headers=packed))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, BadAnswerError)
    assert most < 16 * 1024 * 1024
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
    assert time.monotonic() - started < 20


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


async def test_old_radio_servers_are_understood(outbound: Outbound, remote: Loopback) -> None:
    remote.routes["/"] = lambda request, connection: connection.sendall(
        b"ICY 200 OK\r\nicy-name: Old\r\n\r\nmusic"
    )
    async with outbound.open(f"{remote.url}/", largest=LARGEST) as incoming:
        assert incoming.headers["icy-name"] == "Old"
        assert [chunk async for chunk in incoming.chunks()] == [b"music"]
