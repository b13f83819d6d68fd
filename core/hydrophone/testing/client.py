"""A small Subsonic client for tests; logs in by token, speaks JSON."""

import ssl
import time
from collections.abc import Mapping
from hashlib import md5
from types import TracebackType
from typing import Any, Self

import httpx

_SALT = "c19b2d"
_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Servers of tests speak plain HTTP, and to read all certificates there are takes 30 ms."""

Parameter = str | int | float | bool | list[str] | list[int]


class SubsonicClient:
    """One user with one app. Closes its connections on leaving a `with` block."""

    def __init__(self, url: str, user: str, password: str, *, name: str = "test") -> None:
        self.http = httpx.Client(base_url=url, timeout=120.0, verify=_NO_AUTHORITIES)
        self.name = name
        token = md5((password + _SALT).encode(), usedforsecurity=False).hexdigest()
        self.login = {"u": user, "t": token, "s": _SALT, "v": "1.16.1", "c": name}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def get(
        self, endpoint: str, *, headers: Mapping[str, str] | None = None, **parameters: Parameter
    ) -> httpx.Response:
        """Call an endpoint; a list as a value repeats the parameter."""
        return self.http.get(
            f"/rest/{endpoint}",
            params={**self.login, "f": "json", **parameters},
            headers=dict(headers or {}),
        )

    def ask(self, endpoint: str, **parameters: Parameter) -> dict[str, Any]:
        """Call an endpoint and return what is in the envelope.

        Raises AssertionError if the answer is a failure.
        """
        answer = self._answer(endpoint, **parameters)
        if answer["status"] != "ok":
            raise AssertionError(f"{endpoint} failed: {answer['error']}")
        return answer

    def error(self, endpoint: str, **parameters: Parameter) -> int:
        """Call an endpoint that is to fail; return the error's code."""
        answer = self._answer(endpoint, **parameters)
        if answer["status"] != "failed":
            raise AssertionError(f"{endpoint} did not fail.")
        return int(answer["error"]["code"])

    def _answer(self, endpoint: str, **parameters: Parameter) -> dict[str, Any]:
        response = self.get(endpoint, headers=None, **parameters)
        answer: dict[str, Any] = response.json()["subsonic-response"]
        return answer

    def await_scan(self, *, tracks: int, seconds: float = 60.0) -> None:
        """Wait until no scan runs and the library has so many tracks."""
        deadline = time.monotonic() + seconds
        while True:
            status = self.ask("getScanStatus")["scanStatus"]
            if not status["scanning"] and status["count"] == tracks:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"There are no {tracks} tracks after {seconds} s: {status}")
            time.sleep(0.05)

    def songs(self) -> list[dict[str, Any]]:
        """Return all songs of a small library."""
        found = self.ask("search3", query="", songCount=500)["searchResult3"]
        return list(found.get("song", []))
