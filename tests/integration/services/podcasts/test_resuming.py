"""A download that breaks off goes on, and never with another file."""

import socket
import time

import pytest
from tests.integration.services.podcasts.listener import Listener, StandingClock, feed, until

from hydrophone.config import Config
from hydrophone.domain.user import User
from hydrophone.server.wiring import open_server
from hydrophone.testing.loopback import Loopback, Request, reset

pytestmark = pytest.mark.anyio


async def test_a_download_that_breaks_off_goes_on(
    listener: Listener, remote: Loopback, audio: bytes, config: Config, admin: User
) -> None:
    whole = remote.serve_file("/whole", audio)
    assert whole

    def once(request: Request, connection: socket.socket) -> None:
        if len(remote.asked("/One.mp3")) > 1:
            remote.routes["/whole"](request, connection)
            return
        head = f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: {len(audio)}\r\n\r\n'
        connection.sendall(head.encode() + audio[:70_000])
        time.sleep(0.3)
        reset(connection)

    remote.routes["/One.mp3"] = once
    await listener.add(remote.serve("/feed", feed(remote, "One")))
    await listener.podcasts.download(admin, (await listener.episode("One")).id)
    done = await listener.until("One", "completed", "error")
    assert (config.podcasts.folder / done.path).read_bytes() == audio
    again = remote.asked("/One.mp3")[1].headers
    assert (again["range"], again["if-range"]) == ("bytes=70000-", '"v1"')


async def test_another_version_is_not_joined_to_the_first(
    listener: Listener, remote: Loopback, audio: bytes, config: Config, admin: User
) -> None:
    remote.serve_file("/whole", audio, etag='"v2"')

    def once(request: Request, connection: socket.socket) -> None:
        if len(remote.asked("/One.mp3")) > 1:
            remote.routes["/whole"](request, connection)
        else:
            head = b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: 90000\r\n\r\n'
            connection.sendall(head + b"\0" * 60_000)

    remote.routes["/One.mp3"] = once
    await listener.add(remote.serve("/feed", feed(remote, "One")))
    await listener.podcasts.download(admin, (await listener.episode("One")).id)
    done = await listener.until("One", "completed", "error")
    assert (config.podcasts.folder / done.path).read_bytes() == audio


async def test_a_restart_goes_on_with_downloads(
    config: Config, remote: Loopback, audio: bytes, clock: StandingClock
) -> None:
    remote.serve_file("/whole", audio)

    def hanging(request: Request, connection: socket.socket) -> None:
        if len(remote.asked("/One.mp3")) > 1:
            remote.routes["/whole"](request, connection)
            return
        head = f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: {len(audio)}\r\n\r\n'
        connection.sendall(head.encode() + audio[:50_000])
        connection.recv(1)

    remote.routes["/One.mp3"] = hanging
    async with open_server(config, clock=clock) as server:
        assert server.new_admin is not None
        admin = await server.services.logins.verify_password("admin", server.new_admin.password)
        listener = Listener(server, admin, clock)
        await listener.add(remote.serve("/feed", feed(remote, "One")))
        episode = await listener.episode("One")
        await listener.podcasts.download(admin, episode.id)
        part = config.podcasts.folder / ".parts" / f"{episode.id}.mp3"

        async def is_written() -> bool:
            return part.exists() and part.stat().st_size >= 50_000

        await until(is_written)
    async with open_server(config, clock=clock) as server:
        done = await Listener(server, admin, clock).until("One", "completed", "error")
    assert (config.podcasts.folder / done.path).read_bytes() == audio
    assert remote.asked("/One.mp3")[1].headers["range"] == "bytes=50000-"
