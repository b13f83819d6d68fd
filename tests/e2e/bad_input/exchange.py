"""Sends what no client library would, and reads what comes back."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from lxml import etree

from hydrophone.testing.server import RunningServer

FORM = "application/x-www-form-urlencoded"


def assert_envelope(answer: httpx.Response) -> dict[str, Any]:
    """Fail unless this is a well-formed document, or bytes that were asked for."""
    assert answer.status_code in (200, 206), answer.text[:300]
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "application/json":
        envelope: dict[str, Any] = answer.json()["subsonic-response"]
        assert envelope["status"] in ("ok", "failed")
        return envelope
    if kind == "text/xml":
        root = etree.fromstring(answer.content)
        assert root.tag == "{http://subsonic.org/restapi}subsonic-response"
        return {"status": root.get("status")}
    assert kind.startswith(("audio/", "image/", "application/javascript")), kind
    return {"status": "ok"}


def exchange(server: RunningServer, request: bytes) -> bytes:
    """Send bytes and return all that comes back."""
    with connection(server) as connected:
        connected.sendall(request)
        parts = []
        while part := connected.recv(65536):
            parts.append(part)
        return b"".join(parts)


@contextmanager
def connection(server: RunningServer) -> Iterator[socket.socket]:
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=120) as connected:
        yield connected
