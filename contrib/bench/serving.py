"""A real `hydrophone serve` process to be measured, and a client that asks it."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

from contrib.bench.library import SyntheticLibrary
from contrib.bench.processes import cost, cpu_seconds

HOST = "127.0.0.1"
USER = "bench"
ROOT = Path(__file__).parents[2]
"""Where `-m contrib.bench.<module>` works."""
_PROGRAM = (sys.executable, "-m", "hydrophone")
STARTS = 12
"""Servers that are asked at most, all but the first for what took too long so far."""
_START_SECONDS = 60.0
_SCAN_SECONDS = 600.0
_REST_SECONDS = 1.0
_REST_SHARE = 0.01
_SCANNED = "Scan: "
_FAILED = "The scan failed"
_FAILURE = re.compile(rb'status="failed"|"status":"failed"')


@dataclass(frozen=True, kw_only=True)
class RunningServer:
    """A server process that answers, with a user's credentials for it."""

    pid: int
    port: int
    password: str
    start_seconds: float
    """From the start of the process to its first answer."""
    log: Path

    def wait_for_scan(self) -> None:
        """Wait until the scan at the start is over and its news have settled."""
        _wait(self._has_scanned, _SCAN_SECONDS, "finish its scan")
        time.sleep(2.0)

    def _has_scanned(self) -> bool:
        log = self.log.read_text()
        if _FAILED in log:
            raise RuntimeError(log)
        return _SCANNED in log


class Client:
    """Asks over one connection that stays open, as apps do."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server
        self._connection = HTTPConnection(HOST, server.port)

    def get(self, endpoint: str, **parameters: object) -> bytes:
        """Ask with token login, always by the same salt; raises RuntimeError if it fails."""
        login = {"u": USER, **token_login(self._server.password, "c19b2d")}
        return self.get_path(path_of(endpoint, login, parameters))

    def get_path(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        """Ask for a path that `path_of` has made."""
        return self._request("GET", path, headers=headers or {})

    def ask(self, endpoint: str, query: str, *, api_key: str = "", body: object = None) -> bytes:
        """Ask with a query that is written already; a body is POSTed as JSON.

        An API key takes the place of the login.
        """
        login = {"u": USER, **token_login(self._server.password, "c19b2d")}
        common = urlencode(
            {"v": "1.16.1", "c": "bench", **({"apiKey": api_key} if api_key else login)}
        )
        path = f"/rest/{endpoint}?{common}&{query}"
        if body is None:
            return self._request("GET", path)
        headers = {"Content-Type": "application/json"}
        return self._request("POST", path, json.dumps(body), headers)

    def _request(
        self,
        method: str,
        path: str,
        body: str | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> bytes:
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 400 or _FAILURE.search(content[:400]):
            raise RuntimeError(f"{path} answered {content[:300]!r}")
        return content

    def cost(self, endpoint: str, **parameters: object) -> float:
        """Return the server's CPU seconds for one such request."""
        return cost(lambda: self.get(endpoint, **parameters), self.clock)

    def clock(self) -> float:
        """Return the CPU seconds that the server has used so far."""
        return cpu_seconds(self._server.pid)

    def wait_for_rest(self) -> None:
        """Wait until the server does no more work of its own than it does at rest."""
        before = -1.0

        def is_at_rest() -> bool:
            nonlocal before
            now = self.clock()
            is_at_rest = before >= 0 and now - before < _REST_SHARE * _REST_SECONDS
            before = now
            time.sleep(_REST_SECONDS)
            return is_at_rest

        _wait(is_at_rest, _START_SECONDS, "come to rest")


def token_login(password: str, salt: str) -> dict[str, str]:
    """Return the parameters `t` and `s`."""
    token = hashlib.md5(f"{password}{salt}".encode(), usedforsecurity=False).hexdigest()
    return {"t": token, "s": salt}


def path_of(endpoint: str, login: dict[str, str], parameters: dict[str, object]) -> str:
    """Return the path of a request."""
    common = {"u": USER, "v": "1.16.1", "c": "bench"}
    return f"/rest/{endpoint}?{urlencode({**common, **login, **parameters}, doseq=True)}"


@contextlib.contextmanager
def serving(
    data: Path, *music: Path, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[RunningServer]:
    """Run the server on a free port; it is asked to end at the exit.

    Each folder in `music` is a library. `environment` is set beside that of this process.
    """
    password = command(data, "users", "add", USER, "--admin")["password"]
    port = free_port()
    log = data / "serve.log"
    where = ["--host", HOST, "--port", str(port), "--data", str(data)]
    for folder in music:
        where += ["--music", str(folder)]
    with log.open("w") as file:
        began = time.perf_counter()
        process = subprocess.Popen(
            [*_PROGRAM, "serve", *where],
            stdout=file,
            stderr=file,
            env={**os.environ, **environment},
        )
    try:
        wait_for_answer(port, "/health/live", process)
        yield RunningServer(
            pid=process.pid,
            port=port,
            password=password,
            start_seconds=time.perf_counter() - began,
            log=log,
        )
    finally:
        process.terminate()
        process.wait()


def command(data: Path, *arguments: str) -> dict[str, str]:
    """Run a command beside the server, and return what it says as JSON."""
    asked = [*_PROGRAM, *arguments, "--json", "--data", str(data)]
    made = subprocess.run(asked, check=True, capture_output=True)
    answer: dict[str, str] = json.loads(made.stdout)
    return answer


@contextlib.contextmanager
def serving_library(library: SyntheticLibrary) -> Iterator[tuple[RunningServer, Client]]:
    """Run a server on a copy of the library's database, and wait until its scan is over."""
    with temporary_folder() as folder:
        data = library.copy_data(folder / "data")
        with serving(data, library.music) as server:
            server.wait_for_scan()
            yield server, Client(server)


@contextlib.contextmanager
def child_server(module: str, path: str, *arguments: str) -> Iterator[tuple[int, int, float]]:
    """Run a module that serves on the port it is told; give pid, port and seconds to start."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", module, str(port), *arguments], cwd=ROOT)
    try:
        wait_for_answer(port, path, process)
        yield process.pid, port, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


def wait_for_answer(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    """Ask until there is an answer. Raises RuntimeError if the process ends or takes too long."""

    def answers() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with code {process.returncode}.")
        connection = HTTPConnection(HOST, port)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
        except ConnectionError:
            return False
        finally:
            connection.close()
        return True

    _wait(answers, _START_SECONDS, "answer")


def _wait(condition: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"The server did not {what} within {seconds:g} seconds.")
        time.sleep(0.002)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder for one measurement."""
    folder = Path(tempfile.mkdtemp(prefix="hydrophone-bench-run-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])
