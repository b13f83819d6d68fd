"""A server on loopback that stands for others' servers, and has all of their faults."""

import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

_HEAD_LIMIT = 64 * 1024
_CONTENT_LIMIT = 16 * 1024 * 1024
_PATIENCE = 300.0


@dataclass(frozen=True)
class Request:
    """A request as it came in."""

    target: str
    """Path and query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    method: str = "GET"
    content: bytes = b""
    """What was sent with it."""

    @property
    def path(self) -> str:
        """Return the target without its query."""
        return self.target.partition("?")[0]


Route = Callable[[Request, socket.socket], None]
"""Answers a request by writing to the socket, which is closed when it returns."""
Fault = Callable[[Request, socket.socket, Route], None]
"""Answers a request wrongly, in place of the route; see `hydrophone.testing.faults`."""


@dataclass
class _Failing:
    fault: Fault
    path: str
    times: float


class Loopback:
    """What is served, by path, and what was asked so far."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.place = f"127.0.0.1:{port}"
        """As it stands in `[outbound] allow`."""
        self.routes: dict[str, Route] = {}
        self.requests: list[Request] = []
        self.connections = 0
        self._failing: list[_Failing] = []

    def asked(self, path: str) -> list[Request]:
        """Return the requests for one path."""
        return [one for one in self.requests if one.path == path]

    def fail(self, fault: Fault, *, path: str = "/", times: float = float("inf")) -> None:
        """Answer paths that begin so with a fault from now on, so many times.

        A fault that was asked for later goes first.
        """
        self._failing.insert(0, _Failing(fault, path, times))

    def recover(self) -> None:
        """Have no fault any more."""
        self._failing.clear()

    def answer(self, request: Request, connection: socket.socket) -> None:
        """Answer a request, by a fault if there is one for it."""
        route = self.routes.get(request.path, _nothing)
        for failing in self._failing:
            if request.path.startswith(failing.path) and failing.times > 0:
                failing.times -= 1
                failing.fault(request, connection, route)
                return
        route(request, connection)

    def serve(
        self,
        path: str,
        body: bytes = b"",
        *,
        status: str = "200 OK",
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Answer a path with a body from now on; return the whole address of it."""
        self.routes[path] = lambda request, connection: respond(
            connection, body, status=status, headers=headers
        )
        return self.url + path

    def redirect(self, path: str, to: str, *, status: str = "302 Found") -> str:
        """Redirect a path from now on; return the whole address of it."""
        return self.serve(path, status=status, headers={"Location": to})

    def serve_file(
        self, path: str, body: bytes, *, etag: str = '"v1"', content_type: str = "audio/mpeg"
    ) -> str:
        """Serve bytes with ranges and a validator, as media servers do (RFC 9110, 14.2)."""

        def route(request: Request, connection: socket.socket) -> None:
            send_file(request, connection, body, etag=etag, content_type=content_type)

        self.routes[path] = route
        return self.url + path


def send_file(
    request: Request,
    connection: socket.socket,
    body: bytes,
    *,
    etag: str = '"v1"',
    content_type: str = "audio/mpeg",
) -> None:
    """Answer with a file, or the one range of it that is asked for; no range from its end.

    Without an `etag` nothing says whether it is still the same file.
    """
    common = {"Content-Type": content_type} | ({"ETag": etag} if etag else {})
    wanted = request.headers.get("range", "").removeprefix("bytes=")
    if not wanted or request.headers.get("if-range", etag) != etag:
        respond(connection, body, headers=common)
        return
    first, _, last = wanted.partition("-")
    start, end = int(first), min(int(last or len(body)), len(body) - 1)
    if start >= len(body):
        place = {"Content-Range": f"bytes */{len(body)}"}
        respond(connection, status="416 Range Not Satisfiable", headers={**common, **place})
        return
    respond(
        connection,
        body[start : end + 1],
        status="206 Partial Content",
        headers={**common, "Content-Range": f"bytes {start}-{end}/{len(body)}"},
    )


def respond(
    connection: socket.socket,
    body: bytes = b"",
    *,
    status: str = "200 OK",
    headers: Mapping[str, str] | None = None,
    length: int | None = None,
) -> None:
    """Write a whole answer; `length` is what it says of its length, if that is not true."""
    told = {"Content-Length": str(len(body) if length is None else length), "Connection": "close"}
    lines = [f"{name}: {value}" for name, value in (told | dict(headers or {})).items()]
    connection.sendall("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body)


def reset(connection: socket.socket) -> None:
    """Break a connection off as a crashed server does, by RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextmanager
def loopback() -> Iterator[Loopback]:
    """Run such a server on a free port, and end it on leaving."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            told.connections += 1
            self.request.settimeout(_PATIENCE)
            try:
                request = _read(self.request)
                if request is None:
                    return
                told.requests.append(request)
                told.answer(request, self.request)
            except OSError:
                # Whoever asked has left, as some tests do on purpose.
                return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        told = Loopback(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


def _nothing(request: Request, connection: socket.socket) -> None:
    respond(connection, b"nothing here", status="404 Not Found")


def _read(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(_HEAD_LIMIT)
        if not more or len(data) > _HEAD_LIMIT:
            return None
        data += more
    head, _, content = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    method, target, _ = first.split(" ")
    length = min(int(headers.get("content-length", "0")), _CONTENT_LIMIT)
    while len(content) < length:
        more = connection.recv(length - len(content))
        if not more:
            return None
        content += more
    return Request(target, headers, method, content)
