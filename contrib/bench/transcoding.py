"""How long a player waits for the first byte of music that has to be converted."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from contrib.bench.report import Row
from contrib.bench.serving import HOST, Client, path_of, serving, temporary_folder, token_login
from contrib.bench.streaming import only_track

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.media.transcode import TranscodeSpec, format_named
from hydrophone.testing.audio_files import make_audio

_TARGET = 300.0
_FIRST_SEGMENT = 1000.0
_ROUNDS = 9
_SECONDS = 240.0


def measure(_: int) -> Iterator[Row]:
    """Convert a FLAC of 16 bits and four minutes, each time in a form that is not kept yet."""
    with temporary_folder() as folder:
        file = make_audio(folder / "music" / "song.flac", seconds=_SECONDS)
        with serving(folder / "data", folder / "music") as server:
            server.wait_for_scan()
            track = only_track(Client(server))
            login = token_login(server.password, "c19b2d")
            for name in ("mp3", "opus"):
                waits = []
                for bit_rate in range(96, 96 + _ROUNDS):
                    wanted: dict[str, object] = {
                        "id": track,
                        "format": name,
                        "maxBitRate": str(bit_rate),
                    }
                    waits.append(_first_byte(server.port, path_of("stream", login, wanted)))
                yield Row(
                    name=f"first byte of FLAC as {name}, not kept yet",
                    value=sorted(waits)[_ROUNDS // 2],
                    unit="ms",
                    target=_TARGET,
                    bound=_bare(file, name),
                    bound_name="ffmpeg alone",
                )
            yield from _hls(server.port, Client(server), track, login)
            yield Row(
                name="first byte of FLAC as mp3, kept",
                value=_kept(server.port, path_of("stream", login, {"id": track, "format": "mp3"})),
                unit="ms",
            )


def _hls(port: int, client: Client, track: str, login: dict[str, str]) -> Iterator[Row]:
    """Measure a player's wait for a segment at the beginning, and for one far behind it."""
    waits: dict[str, list[float]] = {"first": [], "a far": []}
    for bit_rate in range(96, 96 + _ROUNDS):
        wanted: dict[str, object] = {"id": track, "bitRate": str(bit_rate)}
        began = perf_counter()
        path = path_of("hls.m3u8", login, wanted)
        playlist = client.get_path(path, headers={"Accept": "*/*"}).decode()
        addresses = [line for line in playlist.splitlines() if line and not line.startswith("#")]
        fetched = (perf_counter() - began) * 1000
        waits["first"].append(fetched + whole(port, f"/rest/{addresses[0]}"))
        waits["a far"].append(whole(port, f"/rest/{addresses[-3]}"))
    for name, measured in waits.items():
        yield Row(
            name=f"all of {name} segment of HLS, not kept yet",
            value=sorted(measured)[_ROUNDS // 2],
            unit="ms",
            target=_FIRST_SEGMENT,
        )


def whole(port: int, path: str) -> float:
    """Return the milliseconds from the connection to the last byte."""
    began = perf_counter()
    with _asked(port, path) as connection:
        while connection.recv(1024 * 1024):
            pass
    return (perf_counter() - began) * 1000


def _kept(port: int, path: str) -> float:
    with _asked(port, path) as connection:
        while connection.recv(1024 * 1024):
            pass
    return min(_first_byte(port, path) for _ in range(_ROUNDS))


def _first_byte(port: int, path: str) -> float:
    """Return the milliseconds from the connection to the first byte of the body."""
    began = perf_counter()
    with _asked(port, path) as connection:
        received = b""
        while not received.partition(b"\r\n\r\n")[2]:
            received += connection.recv(4096)
        return (perf_counter() - began) * 1000


def _asked(port: int, path: str) -> socket.socket:
    connection = socket.create_connection((HOST, port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    return connection


def _bare(file: Path, name: str) -> float:
    """Return what ffmpeg alone needs to its first byte."""
    spec = TranscodeSpec(format=format_named(name))
    argv = [str(find_ffmpeg()), *spec.arguments(file)]
    waits = []
    for _ in range(_ROUNDS):
        began = perf_counter()
        with subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            if process.stdout is None or not process.stdout.read(1):
                raise RuntimeError("ffmpeg wrote nothing.")
            waits.append((perf_counter() - began) * 1000)
            process.kill()
    return sorted(waits)[_ROUNDS // 2]
