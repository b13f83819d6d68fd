"""Radio stations: the list, and the titles that real streams on loopback carry."""

import asyncio
import socket
import time

import pytest
from msgspec.structs import replace

from hydrophone.config import Config, OutboundConfig
from hydrophone.config.outbound import HostAndPort
from hydrophone.domain.radio import OnAir, Station
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError, NotPermittedError
from hydrophone.server.wiring import Server
from hydrophone.testing.loopback import Loopback, Request

pytestmark = pytest.mark.anyio


@pytest.fixture
def config(config: Config, remote: Loopback) -> Config:
    return replace(config, outbound=OutboundConfig(allow=(HostAndPort(remote.place),)))


def play(remote: Loopback, path: str, title: str, *, head: bytes = b"HTTP/1.0 200 OK") -> str:
    """Play for ever at a path, with a title after each 500 bytes."""
    text = f"StreamTitle='{title}';".encode()
    block = bytes([-(-len(text) // 16)]) + text + bytes(-len(text) % 16)

    def route(request: Request, connection: socket.socket) -> None:
        metaint = b"icy-metaint: 500\r\n" if "icy-metadata" in request.headers else b""
        connection.sendall(head + b"\r\nContent-Type: audio/mpeg\r\n" + metaint + b"\r\n")
        while True:
            connection.sendall(bytes(500) + (block if metaint else b""))
            time.sleep(0.01)

    remote.routes[path] = route
    return remote.url + path


async def station(server: Server, admin: User, url: str) -> Station:
    await server.services.radio.add(admin, "Sea FM", url, "")
    return next(one for one in await server.services.radio.stations() if one.stream_url == url)


async def heard(server: Server, user: User) -> str:
    """Return the title that is shown of the station somebody hears, once there is one."""
    for _ in range(1500):
        [playing] = await server.services.plays.now_playing(user)
        assert isinstance(playing.item, OnAir)
        if playing.item.title:
            return playing.item.title
        await asyncio.sleep(0.02)
    return ""


async def test_the_list_is_kept_by_admins(server: Server, admin: User, berta: User) -> None:
    radio = server.services.radio
    await radio.add(admin, "Zoo", "http://a.example/1", "http://a.example/")
    await radio.add(admin, "Árbol", "https://a.example/1", "")
    first, second = await radio.stations()
    assert (first.name, second.name, second.homepage_url) == ("Árbol", "Zoo", "http://a.example/")
    await radio.change(admin, second.id, "Zoo 2", "http://a.example/2", None)
    changed = await radio.station(second.id)
    assert (changed.name, changed.stream_url) == ("Zoo 2", "http://a.example/2")
    assert changed.homepage_url == "http://a.example/"
    await radio.change(admin, second.id, "Zoo 2", "http://a.example/2", "")
    assert (await radio.station(second.id)).homepage_url == ""
    for forbidden in (
        radio.add(berta, "x", "http://a.example/", ""),
        radio.change(berta, first.id, "x", "http://a.example/", None),
        radio.remove(berta, first.id),
    ):
        with pytest.raises(NotPermittedError):
            await forbidden
    await radio.remove(admin, first.id)
    for unknown in (
        radio.remove(admin, first.id),
        radio.change(admin, first.id, "x", "http://a.example/", None),
    ):
        with pytest.raises(NotFoundError):
            await unknown
    drawn = await server.services.artwork.picture(berta, second.id, 50)
    assert drawn.content_type.startswith("image/")


@pytest.mark.parametrize(
    ("name", "url", "page"),
    [
        ("", "http://a.example/", ""),
        ("x", "javascript:alert(1)", ""),
        ("x", "http://a.example/", "javascript:alert(1)"),
        ("x" * 501, "http://a.example/", ""),
        ("x", "http://" + "a" * 2000, ""),
    ],
)
async def test_what_is_no_station(
    server: Server, admin: User, name: str, url: str, page: str
) -> None:
    with pytest.raises(InvalidInputError):
        await server.services.radio.add(admin, name, url, page)


@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK", b"ICY 200 OK"])
async def test_the_title_is_read_from_the_station_itself(
    server: Server, admin: User, berta: User, remote: Loopback, head: bytes
) -> None:
    one = await station(server, admin, play(remote, "/live", "Anna - Waves", head=head))
    await server.services.plays.announce(admin, one.id, "Phone")
    assert await heard(server, berta) == "Anna - Waves"
    for _ in range(5):
        await heard(server, berta)
    assert len(remote.asked("/live")) == 1


async def test_playlists_lead_to_the_stream(server: Server, admin: User, remote: Loopback) -> None:
    live = play(remote, "/live", "Found")
    m3u = remote.serve("/x.m3u", f"#EXTM3U\n{live}\n".encode())
    pls = f"[playlist]\nFile1={m3u}\n".encode()
    url = remote.serve("/tune", pls, headers={"Content-Type": "audio/x-scpls"})
    one = await station(server, admin, url)
    await server.services.plays.announce(admin, one.id, "Phone")
    assert await heard(server, admin) == "Found"


async def test_a_station_without_titles_is_shown_without(
    server: Server, admin: User, remote: Loopback
) -> None:
    """Silent, private, endless in a circle of playlists: nobody waits for it."""
    remote.routes["/silent"] = lambda request, connection: time.sleep(60)
    circle = remote.serve("/a.m3u", f"{remote.url}/a.m3u".encode())
    for url in (f"{remote.url}/silent", "http://127.0.0.1:1/", circle, f"{remote.url}/missing"):
        one = await station(server, admin, url)
        started = time.monotonic()
        await server.services.plays.announce(admin, one.id, "Phone")
        [playing] = await server.services.plays.now_playing(admin)
        assert playing.item == OnAir(station=one, title="")
        # A station has ten seconds to say something.
        assert time.monotonic() - started < 8
    async with asyncio.timeout(30):
        while len(remote.asked("/a.m3u")) < 3:  # noqa: ASYNC110 - it is asked behind our back
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    assert len(remote.asked("/a.m3u")) == 3


async def test_a_station_that_is_gone_is_heard_by_nobody(server: Server, admin: User) -> None:
    one = await station(server, admin, "http://127.0.0.1:1/")
    await server.services.plays.announce(admin, one.id, "Phone")
    await server.services.radio.remove(admin, one.id)
    assert await server.services.plays.now_playing(admin) == ()
    with pytest.raises(NotFoundError):
        await server.services.plays.announce(admin, one.id, "Phone")
