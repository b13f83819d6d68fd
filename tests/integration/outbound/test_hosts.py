"""What one host is spared, and what it keeps nobody else from."""

import asyncio
import socket
import threading
import time
from contextlib import AsyncExitStack

import pytest
from tests.integration.outbound.asking import LARGEST, failure, fetch

from hydrophone.domain.units import Seconds
from hydrophone.errors import OwnPaceError, ProviderUnavailableError, RetryLaterError
from hydrophone.outbound import Outbound
from hydrophone.outbound.hosts import Hosts
from hydrophone.testing.loopback import Loopback, Request, respond

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("after", ["1", "Sat, 01 Jan 2000 00:00:00 GMT", "soon", "-5", ""])
async def test_a_host_that_has_had_enough_is_left_alone(
    outbound: Outbound, remote: Loopback, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("hydrophone.outbound.hosts.monotonic", lambda: now)
    url = remote.serve("/x", status="429 Too Many", headers={"Retry-After": after})
    error = await failure(outbound, url)
    assert isinstance(error, RetryLaterError)
    assert error.after >= 1
    assert isinstance(await failure(outbound, url), RetryLaterError)
    assert len(remote.requests) == 1
    if after == "1":
        now += 1.05
        assert (await fetch(outbound, remote.serve("/x", b"again"))).content == b"again"


async def test_one_host_is_not_asked_too_much_at_once(outbound: Outbound, remote: Loopback) -> None:
    running, most = 0, 0
    together = threading.Event()

    def slow(request: Request, connection: socket.socket) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running > 1:
            together.set()
        together.wait(30)
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
        gate.wait(60)
        connection.sendall(b"ng")

    remote.routes["/long"] = drip
    url = remote.serve("/search", b"found")
    try:
        async with asyncio.timeout(30), AsyncExitStack() as stack:
            for _ in range(8):
                await stack.enter_async_context(
                    outbound.open(f"{remote.url}/long", largest=LARGEST)
                )
            assert (await fetch(outbound, url, time_limit=Seconds(20))).content == b"found"
    finally:
        gate.set()


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


async def test_who_would_wait_too_long_for_a_seldom_host_is_told_that_it_was_not_asked() -> None:
    hosts = Hosts(most=2, most_streams=2)
    hosts.limit_rate("seldom.example", 0.01)
    async with hosts.turn("seldom.example", is_stream=False):
        pass
    with pytest.raises(OwnPaceError):
        async with hosts.turn("seldom.example", is_stream=False):
            pass
