"""The server against a source whose audio goes wrong: what an app hears, and what is kept."""

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from hydrophone.domain.units import ByteCount
from hydrophone.plugin.capabilities.source import RefusalReason
from hydrophone.testing import faults
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.installed import environment, install
from hydrophone.testing.loopback import Fault, Request, Route, loopback
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.synthetic_service import SyntheticService, refusal
from hydrophone.testing.synthetic_source import TARGET

TRACK = "track-13"
"""Of an album that each source has alone: what two have is shown once."""


@dataclass
class Case:
    """A source of its own, whose first track goes wrong."""

    service: SyntheticService
    client: SubsonicClient
    title: str
    right: bytes = field(init=False)
    id: str = field(init=False)

    def __post_init__(self) -> None:
        self.right = self.service.files[TRACK]
        # Of so many sources one may miss the deadline of a search; the next one has its answer.
        deadline = time.monotonic() + 60
        while not (found := self._found()):
            assert time.monotonic() < deadline, f"{self.title} is not found"
        [self.id] = found

    def _found(self) -> list[str]:
        songs = self.client.ask("search3", query=self.title)["searchResult3"].get("song", [])
        return [one["id"] for one in songs if one["title"] == self.title]

    def play(self) -> bytes:
        """Return what an app hears, which ends where the server breaks off; errors are empty."""
        login = {**self.client.login, "id": self.id}
        heard = b""
        with (
            suppress(httpx.RemoteProtocolError, httpx.ReadError),
            self.client.http.stream("GET", "/rest/stream", params=login) as answer,
        ):
            if not answer.headers["content-type"].startswith("audio/"):
                return b""
            for chunk in answer.iter_raw():
                heard += chunk
        return heard


Break = Callable[[SyntheticService], object]


def in_audio(fault: Fault, *, times: float = 1) -> Break:
    return lambda service: service.loopback.fail(fault, path="/audio", times=times)


def preview(*, is_marked: bool) -> Break:
    def apply(service: SyntheticService) -> None:
        service.send_preview(TRACK)
        service.marks_previews = is_marked
        # Who gives a checksum vouches for the very file, however short it is.
        service.has_checksums = False

    return apply


def refused(reason: RefusalReason) -> Break:
    return lambda service: service.refusals.update({TRACK: refusal(reason)})


def changing(service: SyntheticService) -> None:
    """Break off in the middle, and go on with another file."""
    service.has_checksums = False

    def fault(request: Request, connection: socket.socket, route: Route) -> None:
        faults.broken_off(after=30_000)(request, connection, route)
        service.change_file(TRACK)

    service.loopback.fail(fault, path="/audio", times=1)


def larger_than_said(service: SyntheticService) -> None:
    service.has_checksums = False
    service.sizes[TRACK] = ByteCount(len(service.files[TRACK]) // 2)


MENDED: Mapping[str, Break] = {
    "link_expired": in_audio(faults.status("403 Forbidden")),
    "broken_off": in_audio(faults.broken_off(after=30_000)),
    "briefly_down": in_audio(faults.status("503 Service Unavailable")),
    "slow": in_audio(faults.dripping(size=16_384, pause=0.02)),
    "size_unknown": lambda service: service.sizes.update({TRACK: None}),
}
"""Faults that nobody hears."""
HOPELESS: Mapping[str, Break] = {
    "web_page": in_audio(faults.web_page(), times=99),
    "refused": refused(RefusalReason.REGION),
    "protected": refused(RefusalReason.PROTECTED),
    "marked_preview": preview(is_marked=True),
    "throttled": in_audio(faults.throttled(retry_after=3600), times=99),
    "gone": lambda service: service.remove(TRACK),
}
"""Faults after which there is nothing to be heard."""
NEVER_WHOLE: Mapping[str, Break] = {
    "unmarked_preview": preview(is_marked=False),
    "changing": changing,
    "wrong_length": in_audio(faults.wrong_length()),
    "always_broken_off": in_audio(faults.broken_off(after=10_000), times=99),
    "larger_than_said": larger_than_said,
}
"""Faults in the middle: what was heard is not the track, and is not kept as if it were."""
ALL = {**MENDED, **HOPELESS, **NEVER_WHOLE}


@pytest.fixture(scope="module")
def cases(hydrophone_library: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One server with a source for each case."""
    site, audio = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("audio")
    install(site, "synthetic", TARGET)
    with ExitStack() as stack:
        services = {
            name: SyntheticService(stack.enter_context(loopback()), audio, seconds=6.0)
            for name in ALL
        }
        for name, service in services.items():
            service.add_album(f"Only {name}", artist=name, count=1)
        tables = {
            name: {"plugin": "synthetic", "base_url": one.url, "title": name}
            for name, one in services.items()
        }
        server = stack.enter_context(
            running_plugin_server(
                tmp_path_factory.mktemp("data"),
                tables,
                music=[hydrophone_library.root],
                environment=environment(site),
            )
        )
        client = stack.enter_context(server.client())
        client.await_scan(tracks=5)
        yield {name: Case(one, client, f"Only {name} 1") for name, one in services.items()}


@pytest.mark.parametrize("name", MENDED)
def test_is_heard_whole_all_the_same(cases: Mapping[str, Case], name: str) -> None:
    case = cases[name]
    MENDED[name](case.service)
    assert case.play() == case.right
    asked = len(case.service.downloads(TRACK))
    assert asked <= 3
    assert case.play() == case.right
    assert len(case.service.downloads(TRACK)) == asked


@pytest.mark.parametrize("name", HOPELESS)
def test_is_refused_and_not_made_up(cases: Mapping[str, Case], name: str) -> None:
    case = cases[name]
    HOPELESS[name](case.service)
    assert case.play() == b""


@pytest.mark.parametrize("name", NEVER_WHOLE)
def test_what_is_wrong_is_never_kept(cases: Mapping[str, Case], name: str) -> None:
    case = cases[name]
    NEVER_WHOLE[name](case.service)
    assert case.play() != case.right
    case.service.loopback.recover()
    case.service.files[TRACK] = case.right
    # It is looked into behind the back of whoever heard it. Then a sample is known to be one, and
    # all else is asked for anew.
    deadline = time.monotonic() + 60
    while case.play() not in {b"", case.right}:
        assert time.monotonic() < deadline, "What is wrong was kept."
        time.sleep(0.1)
