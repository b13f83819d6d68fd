"""Which addresses the client connects to, and which never."""

import socket

import pytest
from tests.integration.outbound.asking import failure, fetch

from hydrophone.errors import InvalidInputError, ProviderUnavailableError
from hydrophone.outbound import Outbound
from hydrophone.outbound.addresses import LOOPBACK
from hydrophone.testing.loopback import Loopback

pytestmark = pytest.mark.anyio


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


async def test_nobody_there(remote: Loopback) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = Outbound(allow=[f"127.0.0.1:{port}"])
    error = await failure(client, f"http://127.0.0.1:{port}/")
    assert isinstance(error, ProviderUnavailableError)
    assert isinstance(await failure(client, "http://no.such.invalid/"), ProviderUnavailableError)
    await client.close()
