"""Runs the real server in a process of its own, as `hydrophone serve` does."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from types import MappingProxyType
from typing import IO

from hydrophone.storage.data_folder import DATABASE
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.made_once import made_once

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+\S*")
_START_SECONDS = 120.0
_STOP_SECONDS = 30.0
_folders: list[Path] = []


@dataclass(frozen=True)
class RunningServer:
    """A server that answers."""

    process: subprocess.Popen[str]
    url: str
    """Its address, as the server itself printed it."""
    data: Path
    log: Path
    """What the server wrote to standard error."""

    @property
    def user(self) -> str:
        """Return the name of the first admin."""
        return self._first_login()[0]

    @property
    def password(self) -> str:
        """Return the password that the server made for the first admin."""
        return self._first_login()[1]

    def client(self, *, name: str = "test") -> SubsonicClient:
        """Return a client that is logged in as the first admin."""
        return SubsonicClient(self.url, self.user, self.password, name=name)

    def stop(self, signal_number: int = signal.SIGTERM) -> float:
        """End the server by a signal; return the seconds that it took."""
        started = time.monotonic()
        self.process.send_signal(signal_number)
        self.process.wait(_STOP_SECONDS)
        return time.monotonic() - started

    def _first_login(self) -> list[str]:
        return (self.data / "first-password.txt").read_text().split()


@contextmanager
def running_server(
    data: Path,
    *,
    music: Sequence[Path] = (),
    arguments: Sequence[str] = (),
    prefix: Sequence[str] = (),
    environment: Mapping[str, str] = MappingProxyType({}),
    python: str = sys.executable,
) -> Iterator[RunningServer]:
    """Start a server on a free port of 127.0.0.1, and end it on leaving if it still runs.

    `data` may hold a config.toml and what an earlier server left. `prefix` is a command that runs
    the server by `exec`; `environment` is added to our own; `python` is the interpreter of the
    environment that it is installed in. Raises RuntimeError with the log if it does not answer
    within two minutes.
    """
    data.mkdir(parents=True, exist_ok=True)
    _put_database(data)
    log = data / "server.log"
    command = [*prefix, python, "-m", "hydrophone", "serve", "--data", str(data)]
    command += ["--host", "127.0.0.1", "--port", "0", *arguments]
    for folder in music:
        command += ["--music", str(folder)]
    with log.open("a") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, "COLUMNS": "200", "PYTHONUNBUFFERED": "1", **environment},
        )
    try:
        if process.stdout is None:
            raise RuntimeError("The server has no standard output.")
        yield RunningServer(process, _read_address(process.stdout, log), data, log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()


def keep_database_in(folder: Path) -> None:
    """Let servers on new data folders begin with a copy of one empty database from now on.

    It is made in `folder`, where other processes find it, when the first server wants it. Without
    this each server migrates a database of its own, which takes half as long as its whole start.
    `folder` is made as needed and is the caller's to remove.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _folders.append(folder)


def _put_database(data: Path) -> None:
    """Copy the empty database into a data folder that has nothing but a configuration."""
    if not _folders or {path.name for path in data.iterdir()} - {"config.toml"}:
        return
    from hydrophone.testing.factories import make_database

    shutil.copyfile(made_once(_folders[-1] / DATABASE, make_database), data / DATABASE)


def _read_address(lines: IO[str], log: Path) -> str:
    """Wait for the address in what the server prints."""
    addresses: Queue[str] = Queue()

    def read() -> None:
        for line in lines:
            if match := _ADDRESS.search(line):
                addresses.put(match[0])
                return
        addresses.put("")

    Thread(target=read, daemon=True).start()
    try:
        address = addresses.get(timeout=_START_SECONDS)
    except Empty:
        address = ""
    if not address:
        raise RuntimeError(f"The server did not start:\n{log.read_text()[-4000:]}")
    return address
