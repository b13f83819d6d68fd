"""One server under test: asks it, one request at a time."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

import httpx

from hydrophone_subsonic.conformance.answer import Answer, Json, described
from hydrophone_subsonic.conformance.facts import NO_FACTS, Facts
from hydrophone_subsonic.conformance.login import Form, Login
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.undo import Undo
from hydrophone_subsonic.conformance.verdict import Fault, ServerGone, Skipped

CLIENT = "conformance"
VERSION = "1.16.1"

_UNSUPPORTED_STATUS = (404, 405, 410, 501)
_UNSUPPORTED_CODES = (0, 30)
_LARGEST_DOCUMENT = 256 * 1024 * 1024
_TELLING = (
    "Range", "If-Range", "If-None-Match", "If-Modified-Since", "Origin",
    "Access-Control-Request-Method", "Access-Control-Request-Headers",
)  # fmt: skip
"""Headers without which nobody can ask the same again, and that are no secrets."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Value = str | int | float | bool | list[str] | list[int]
NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass
class Trace:
    """What has been asked so far."""

    requests: int = 0
    last: Answer | None = None
    """What came latest: it shows a fault for which a rule names nothing else."""


class Probe:
    """Asks a server as one user.

    Every call blocks, and ends within `seconds` whatever the server does.
    """

    def __init__(
        self, http: httpx.Client, login: Login, *, may_write: bool = False, seconds: float = 20.0
    ) -> None:
        self.http = http
        self.login = login
        self.may_write = may_write
        self.facts: Facts = NO_FACTS
        self.undo = Undo()
        self.trace = Trace()
        self._seconds = seconds

    def as_user(self, login: Login) -> "Probe":
        """Return a probe that asks as somebody else, with the same facts and steps back."""
        other = Probe(self.http, login, may_write=self.may_write, seconds=self._seconds)
        other.facts, other.undo, other.trace = self.facts, self.undo, self.trace
        return other

    def call(
        self,
        endpoint: str,
        given: Mapping[str, Value] = NOTHING,
        /,
        *,
        f: str = "json",
        method: str = "GET",
        suffix: str = ".view",
        login: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Value] | None = None,
        limit: int = _LARGEST_DOCUMENT,
        **parameters: Value,
    ) -> Answer:
        """Call an endpoint, and return whatever comes, of which `limit` bytes are read.

        The endpoint's own parameters may be `given` together, or be named one by one.
        `login` stands in for the usual credentials and `v` and `c`; `body` goes as a form. Lists
        repeat a parameter. Raises `Fault` if the exchange breaks or takes too long.
        """
        query = self.usual() if login is None else dict(login)
        address = [*query.items(), *([("f", f)] if f else []), *_pairs({**given, **parameters})]
        path = f"/rest/{endpoint}{suffix if '.' not in endpoint else ''}"
        sent = {**(headers or {}), **(_FORM if body is not None else {})}
        content = urlencode(_pairs(body)).encode() if body is not None else None
        url = f"{path}?{urlencode(address)}" if address else path
        return self.send(method, url, headers=sent, content=content, limit=limit)

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
        limit: int = _LARGEST_DOCUMENT,
    ) -> Answer:
        """Send a request as it is; otherwise as `call`."""
        asked = self.login.struck_out(f"{method} {url}")
        if content:
            asked += "\n" + self.login.struck_out("?" + content.decode())[1:][:400]
        for name in _TELLING:
            asked += f"\n{name}: {headers[name]}" if name in headers else ""
        self.trace.requests += 1
        started = time.monotonic()
        body = b""
        try:
            with self.http.stream(method, url, headers=dict(headers), content=content) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > limit:
                        break
                    if time.monotonic() - started > self._seconds:
                        raise Fault(f"It took more than {self._seconds:g} s.", asked=asked)
        except httpx.ConnectError as error:
            raise ServerGone(f"Nobody answers: {error}") from error
        except httpx.UnsupportedProtocol:
            # No answer will be better than this one.
            raise
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise Fault(f"The exchange broke: {reason}", asked=asked, came="nothing") from error
        came = self.login.struck_out(described(response.status_code, response.headers, body))
        answer = self.trace.last = Answer(
            asked=asked,
            status=response.status_code,
            headers=response.headers,
            content=body[:limit],
            is_whole=len(body) <= limit,
            came=came,
        )
        return answer

    def usual(self, form: Form | None = None) -> dict[str, str]:
        """Return the credentials, `v` and `c`, to be varied."""
        return {**self.login.parameters(form), "v": VERSION, "c": CLIENT}

    def ask(
        self, endpoint: str, given: Mapping[str, Value] = NOTHING, /, **parameters: Value
    ) -> Json:
        """Call an endpoint that is to succeed; return the envelope.

        Raises `Fault` for a failure, and `Skipped` where the server does not have the endpoint
        and need not have it, or the user may not use it.
        """
        answer = self.call(endpoint, {**given, **parameters})
        self.need_success(endpoint, answer)
        return answer.envelope()

    def error(
        self,
        endpoint: str,
        codes: tuple[int, ...],
        given: Mapping[str, Value] = NOTHING,
        /,
        **parameters: Value,
    ) -> None:
        """Call an endpoint that is to fail with one of these codes; raise `Fault` if not."""
        answer = self.call(endpoint, {**given, **parameters}, limit=64 * 1024)
        self.need_support(endpoint, answer)
        code = answer.failure_code()
        if code not in codes:
            wanted = " or ".join(map(str, codes))
            came = f"code {code}"
            if code is None:
                is_success = answer.status in (200, 206)
                came = "success" if is_success else f"HTTP status {answer.status} without a code"
            raise answer.fault(f"Expected a failure with code {wanted}, got {came}.")

    def need_success(self, endpoint: str, answer: Answer) -> None:
        """Raise `Skipped` or `Fault` unless an answer, in whichever format, is a success."""
        self.need_support(endpoint, answer)
        self.need_permission(endpoint, answer)
        code = answer.failure_code()
        if code is not None:
            raise answer.fault(f"{endpoint} fails with code {code}.")
        if answer.status not in (200, 206):
            raise answer.fault(f"{endpoint} answers with HTTP status {answer.status}.")

    def need_permission(self, endpoint: str, answer: Answer) -> None:
        """Raise `Skipped` if the user may not use an endpoint."""
        if answer.failure_code() == 50:
            raise Skipped(f"The user may not use {endpoint}.")

    def need_support(self, endpoint: str, answer: Answer) -> None:
        """Raise `Skipped` if the server lacks an endpoint that it may lack."""
        if self.lacks(endpoint, answer):
            raise Skipped(f"The server does not have {endpoint}.")

    def lacks(self, endpoint: str, answer: Answer) -> bool:
        """Tell from its answer whether the server lacks an endpoint, and may lack it."""
        known = ENDPOINTS[endpoint]
        if not known.may_be_missing and (not known.is_new or self.facts.open_subsonic):
            return False
        if answer.status in _UNSUPPORTED_STATUS:
            return True
        return answer.status == 200 and answer.failure_code() in _UNSUPPORTED_CODES

    def need_extension(self, name: str, version: int = 1) -> None:
        """Raise `Skipped` unless the server advertises this version of an extension."""
        if version not in self.facts.extensions.get(name, ()):
            raise Skipped(f"The server does not advertise {name}, version {version}.")

    def need_version(self, *version: int) -> None:
        """Raise `Skipped` if the server says that it speaks an older version than this."""
        if self.facts.numbers < version:
            wanted = ".".join(map(str, version))
            raise Skipped(f"The server speaks {self.facts.version}; this came with {wanted}.")

    def need_open_subsonic(self) -> None:
        """Raise `Skipped` for classic servers."""
        if not self.facts.open_subsonic:
            raise Skipped("The server does not say that it speaks OpenSubsonic.")

    def need_password(self) -> None:
        """Raise `Skipped` if only an API key was given."""
        if not self.login.password:
            raise Skipped("Needs a password, and an API key was given.")


def _pairs(parameters: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Write parameters as they go over the wire, lists repeated."""
    return [
        (name, str(item).lower() if isinstance(item, bool) else str(item))
        for name, value in parameters.items()
        for item in (value if isinstance(value, list) else (value,))
    ]
