"""Tracks of a source that are heard while they come: how soon, and what many listeners cost."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

import httpx
from contrib.bench.processes import resident_megabytes
from contrib.bench.report import Row
from contrib.bench.serving import temporary_folder

from hydrophone.services.remote_music import album_id, track_id
from hydrophone.testing import faults, installed
from hydrophone.testing.loopback import loopback
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_place import SyntheticPlace
from hydrophone.testing.synthetic_service import SyntheticService
from hydrophone.testing.synthetic_source import TARGET

_SECONDS = 120.0
_LISTENERS = 100
_LATENESS_TARGET_MS = 50
_PAUSE = 0.5
_MEMORY_TARGET_MB = 30
_DEADLINE = 0.5
_DEADLINE_TARGET_MS = 50
_SEARCHES = 40
_LONG = 60.0
"""Seconds in which a hanging source does not answer."""
_ALBUMS = ("album-1", "album-2", "album-3", "album-4")


def measure(_: int) -> Iterator[Row]:
    """Play tracks of a source on loopback, each for the first time."""
    with temporary_folder() as folder, loopback() as upstream:
        installed.install(folder / "site", "synthetic", TARGET)
        (folder / "audio").mkdir()
        service = SyntheticService(upstream, folder / "audio", seconds=_SECONDS)
        place = SyntheticPlace(folder, service)
        with place.start("data") as server:
            with server.client() as client:
                client.ask("search3", query="signal")
                client.ask("search3", query="pier")
                for album in _ALBUMS:
                    client.ask("getAlbum", id=album_id("synthetic", album))
            first, *others = service.track_ids
            yield _lateness(server, service, others)
            yield _many(server, service, first)
        with place.start("hanging", settings=f"[search]\ndeadline = {_DEADLINE}\n") as server:
            yield _hanging(server, service)


def _lateness(server: RunningServer, service: SyntheticService, tracks: list[str]) -> Row:
    handed_on, direct = [], []
    for native_id in tracks:
        direct.append(_first_byte(f"{service.url}/audio/{native_id}.mp3?link=1"))
        handed_on.append(_first_byte(_address(server, native_id)))
        # Until the one before was looked into and kept.
        time.sleep(_PAUSE)
    return Row(
        name="first byte of a remote track behind the source's",
        value=(median(handed_on) - median(direct)) * 1000,
        unit="ms",
        target=_LATENESS_TARGET_MS,
        bound=median(direct) * 1000,
        bound_name="the source itself",
    )


def _many(server: RunningServer, service: SyntheticService, native_id: str) -> Row:
    fault = faults.dripping(size=64 * 1024, pause=0.1)
    service.loopback.fail(fault, path=f"/audio/{native_id}.mp3", times=1)
    before = most = resident_megabytes(server.process.pid)
    address = _address(server, native_id)
    with ThreadPoolExecutor(_LISTENERS) as pool:
        heard = [pool.submit(_hear, address) for _ in range(_LISTENERS)]
        while not all(one.done() for one in heard):
            most = max(most, resident_megabytes(server.process.pid))
            time.sleep(0.02)
        sizes = {one.result() for one in heard}
    if sizes != {len(service.files[native_id])} or len(service.downloads(native_id)) != 1:
        raise RuntimeError("Not everybody has heard it, or it was downloaded twice.")
    return Row(
        name=f"memory of {_LISTENERS} listeners to one download",
        value=most - before,
        unit="MB",
        target=_MEMORY_TARGET_MB,
        bound=before,
        bound_name="the server before",
    )


def _hanging(server: RunningServer, service: SyntheticService) -> Row:
    with server.client() as client:
        # Connections and statements are made.
        client.ask("search3", query="signal")
        service.loopback.fail(faults.late(_LONG), path="/search")
        late = []
        for number in range(_SEARCHES):
            began = time.perf_counter()
            client.ask("search3", query=f"signal {number}")
            late.append(time.perf_counter() - began - _DEADLINE)
    return Row(
        name="search3 while a source hangs, behind the deadline, p95",
        value=quantiles(late, n=20)[-1] * 1000,
        unit="ms",
        target=_DEADLINE_TARGET_MS,
        bound=_DEADLINE * 1000,
        bound_name="the deadline",
    )


def _address(server: RunningServer, native_id: str) -> str:
    login = {"u": server.user, "p": server.password, "v": "1.16.1", "c": "bench"}
    song = track_id("synthetic", native_id)
    return str(httpx.URL(f"{server.url}/rest/stream", params={**login, "id": song}))


def _hear(address: str) -> int:
    with _asked(address) as connection:
        head, body = b"", 0
        while chunk := connection.recv(65536):
            if b"\r\n\r\n" not in head:
                head += chunk
                chunk = head.partition(b"\r\n\r\n")[2]
            body += len(chunk)
    return body


def _first_byte(address: str) -> float:
    began = time.perf_counter()
    with _asked(address) as connection:
        head = b""
        while not head.partition(b"\r\n\r\n")[2]:
            head += connection.recv(65536)
        seconds = time.perf_counter() - began
        while connection.recv(65536):
            pass
    return seconds


def _asked(address: str) -> socket.socket:
    url = httpx.URL(address)
    connection = socket.create_connection((url.host, url.port or 80))
    target = url.raw_path.decode()
    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    return connection
