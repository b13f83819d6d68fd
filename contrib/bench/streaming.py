"""Sending a file that is in the page cache to one listener, and to many at once."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector

from contrib.bench.processes import cpu_seconds, resident_megabytes
from contrib.bench.report import Row
from contrib.bench.serving import (
    HOST,
    Client,
    child_server,
    path_of,
    serving,
    temporary_folder,
    token_login,
)

from hydrophone.testing.audio_files import make_audio

_SIZE = 64 * 1024 * 1024
_TARGET_PER_GB = 0.8
_MANY = 20
_ROUNDS = 5


def measure(_: int) -> Iterator[Row]:
    """Stream a lossless file as it is."""
    with temporary_folder() as folder:
        file = make_audio(folder / "music" / "long.flac")
        with file.open("ab") as audio:
            audio.write(bytes(_SIZE))
        bounds = _bare(file)
        with serving(folder / "data", folder / "music") as server:
            server.wait_for_scan()
            track = only_track(Client(server))
            album_id = _only_album(Client(server))
            path = path_of("stream", token_login(server.password, "c19b2d"), {"id": track})
            for clients in (1, _MANY):
                yield Row(
                    name=f"stream to {clients} at once",
                    value=_cost_per_gb(server.pid, server.port, path, clients),
                    unit="s CPU/GB",
                    target=_TARGET_PER_GB,
                    bound=bounds[clients],
                    bound_name="pread to a blocking socket",
                )
            album = path_of("download", token_login(server.password, "c19b2d"), {"id": album_id})
            yield Row(
                name="download an album as a zip",
                value=_cost_per_gb(server.pid, server.port, album, 1),
                unit="s CPU/GB",
                bound=bounds[1],
                bound_name="pread to a blocking socket",
            )
            yield Row(
                name="stream, memory per listener",
                value=_memory_per_client(server.pid, server.port, path),
                unit="MB",
            )


def _bare(file: Path) -> dict[int, float]:
    with child_server("contrib.bench.bare_sender", "/", str(file)) as (pid, port, _):
        return {clients: _cost_per_gb(pid, port, "/", clients) for clients in (1, _MANY)}


def only_track(client: Client) -> str:
    """Return the id of the track of a server that has one."""
    found = client.get("search3", query="", songCount=1).decode()
    return found.partition('<song id="')[2].partition('"')[0]


def _only_album(client: Client) -> str:
    found = client.get("search3", query="", albumCount=1).decode()
    return found.partition('<album id="')[2].partition('"')[0]


def _cost_per_gb(pid: int, port: int, path: str, clients: int) -> float:
    """Return CPU seconds of a process for 1,000,000,000 bytes; the least of some rounds."""
    rounds = []
    for _ in range(_ROUNDS):
        before = cpu_seconds(pid)
        received = _receive([_ask(port, path) for _ in range(clients)])
        rounds.append((cpu_seconds(pid) - before) / received * 1e9)
        if received < clients * _SIZE:
            raise RuntimeError(f"Only {received} bytes came.")
    return min(rounds)


def _memory_per_client(pid: int, port: int, path: str) -> float:
    """Return how much the process grows for each listener who is in the middle of a file."""
    before = resident_megabytes(pid)
    connections = [_ask(port, path) for _ in range(_MANY)]
    for connection in connections:
        connection.recv(64 * 1024)
    time.sleep(1.0)
    grown = resident_megabytes(pid) - before
    for connection in connections:
        connection.close()
    return grown / _MANY


def _ask(port: int, path: str) -> socket.socket:
    connection = socket.create_connection((HOST, port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    return connection


def _receive(connections: Sequence[socket.socket]) -> int:
    """Read from all until their ends, as fast as they send; returns the number of bytes."""
    received = 0
    buffer = bytearray(1024 * 1024)
    with DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, EVENT_READ, connection.recv_into)
        while selector.get_map():
            for key, _ in selector.select():
                receive: Callable[[bytearray], int] = key.data
                if count := receive(buffer):
                    received += count
                else:
                    selector.unregister(key.fileobj)
    for connection in connections:
        connection.close()
    return received
