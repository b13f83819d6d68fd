"""Finds songs by what they are, and the ffmpegs that play them."""

import time
from pathlib import Path
from typing import Any

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.processes import descendants
from hydrophone.testing.server import RunningServer

SUFFIXES = ("mp3", "flac", "ogg", "opus", "m4a")

TYPES = {
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "m4a": "audio/mp4",
}

ODD_NAMES = ('A "quoted" name', "Ночь; 100%", "봄날 'n' more")


def song_of(client: SubsonicClient, suffix: str) -> dict[str, Any]:
    return next(song for song in client.songs() if song["suffix"] == suffix)


def titled(client: SubsonicClient, title: str) -> str:
    return str(next(song["id"] for song in client.songs() if song["title"] == title))


def ffmpegs(server: RunningServer) -> set[int]:
    found = set()
    for pid in descendants(server.process.pid):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"ffmpeg" in command.partition(b"\0")[0]:
            found.add(pid)
    return found


def kept(server: RunningServer) -> set[Path]:
    """Return the transcodes that are kept."""
    folder = server.data / "cache" / "transcodes"
    return {path for path in folder.glob("*") if path.suffix != ".part"}


def await_ffmpegs(server: RunningServer, number: int) -> None:
    deadline = time.monotonic() + 60
    while len(ffmpegs(server)) != number:
        assert time.monotonic() < deadline, f"{len(ffmpegs(server))} ffmpegs are running"
        time.sleep(0.02)
