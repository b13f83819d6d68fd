"""What goes wrong at other servers, for `Loopback.fail`: each makes a fault of some kind.

loopback.fail(throttled(retry_after=30), path="/search", times=2)
"""

import socket
import threading
import time
from dataclasses import replace

from hydrophone.testing.loopback import Fault, Request, Route, reset, respond

_LONGEST = 120.0
_PAGE = b"<!doctype html><title>Sorry</title><p>We are down for maintenance."


def status(line: str = "503 Service Unavailable") -> Fault:
    """Refuse with this status: `500 Internal Server Error`, `403 Forbidden` of an old link, ..."""

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        respond(connection, b"no", status=line)

    return fault


def throttled(*, retry_after: int | None = None) -> Fault:
    """Want to be left alone (429), for so many seconds or without a word."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        respond(connection, status="429 Too Many Requests", headers=headers)

    return fault


def web_page() -> Fault:
    """Send a page for people with status 200, as proxies and services in trouble do."""

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        respond(connection, _PAGE, headers={"Content-Type": "text/html; charset=utf-8"})

    return fault


def redirected(to: str) -> Fault:
    """Send everybody to this address."""

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        respond(connection, status="302 Found", headers={"Location": to})

    return fault


def late(seconds: float) -> Fault:
    """Answer right, but only after so long."""

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        time.sleep(seconds)
        route(request, connection)

    return fault


def held(until: threading.Event, *, after: int = 0) -> Fault:
    """Answer right, but only once the test says so; after two minutes at the latest.

    With `after` so many bytes of the body come at once, and the rest then.
    """

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        head, body = captured(request, route)
        if after:
            connection.sendall(head + body[:after])
        until.wait(_LONGEST)
        connection.sendall(body[after:] if after else head + body)

    return fault


def dripping(*, size: int = 1024, pause: float = 0.05) -> Fault:
    """Answer right, in pieces of so many bytes with a pause of so many seconds behind each."""

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        head, body = captured(request, route)
        connection.sendall(head)
        for start in range(0, len(body), size):
            connection.sendall(body[start : start + size])
            time.sleep(pause)

    return fault


def broken_off(*, after: int = 0) -> Fault:
    """Break the connection off behind so many bytes of the body."""

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        head, body = captured(request, route)
        connection.sendall(head + body[:after])
        # What is not on its way yet would be lost with the reset.
        time.sleep(0.05)
        reset(connection)

    return fault


def wrong_length(*, by: int = 1000) -> Fault:
    """Say a length that is wrong by so many bytes, and end the answer where it ends."""

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        head, body = captured(request, route)
        right, wrong = (f"Content-Length: {length}" for length in (len(body), len(body) + by))
        connection.sendall(head.replace(right.encode(), wrong.encode()) + body)

    return fault


def range_ignored() -> Fault:
    """Send the whole file, whichever part was asked for."""

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        rest = {name: text for name, text in request.headers.items() if name != "range"}
        route(replace(request, headers=rest), connection)

    return fault


def wrong_range(*, by: int = 1) -> Fault:
    """Say that the part begins so many bytes later than it does."""

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        head, body = captured(request, route)
        before, mark, after = head.partition(b"Content-Range: bytes ")
        if mark:
            first, dash, rest = after.partition(b"-")
            head = before + mark + str(int(first) + by).encode() + dash + rest
        connection.sendall(head + body)

    return fault


def captured(request: Request, route: Route) -> tuple[bytes, bytes]:
    """Return head and body of what a route answers."""
    ours, its = socket.socketpair()

    def run() -> None:
        with its:
            route(request, its)

    writer = threading.Thread(target=run, daemon=True)
    writer.start()
    with ours:
        answer = b"".join(iter(lambda: ours.recv(65536), b""))
    writer.join()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", body
