"""The server against a source with every fault that services have: what is asked of it.

Each case has a source of its own in one server, so that no breaker opens for another's faults.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hydrophone.testing import faults
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.installed import environment, install
from hydrophone.testing.loopback import loopback
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_service import SyntheticService
from hydrophone.testing.synthetic_source import TARGET

LONG = 20
"""Seconds; a search that a fault holds up would take half a minute, as `[search] deadline` is."""
Break = Callable[[SyntheticService], object]


def with_fault(fault: Any) -> Break:
    return lambda service: service.loopback.fail(fault)


def with_a_million_hits(service: SyntheticService) -> None:
    service.extra_hits = 6000


FAULTS: Mapping[str, tuple[Break, str]] = {
    "down": (with_fault(faults.status("503 Service Unavailable")), "503"),
    "broken": (with_fault(faults.status("500 Internal Server Error")), "500"),
    "throttled": (with_fault(faults.throttled(retry_after=3600)), "asked"),
    "throttled_silently": (with_fault(faults.throttled()), "asked"),
    "web_page": (with_fault(faults.web_page()), "unexpected"),
    "broken_off": (with_fault(faults.broken_off(after=10)), ""),
    "wrong_length": (with_fault(faults.wrong_length()), ""),
    "redirected_inside": (
        with_fault(faults.redirected("http://192.168.1.1/")),
        "not on the public",
    ),
    "flooding": (with_a_million_hits, "items"),
    "login_refused": (with_fault(faults.status("403 Forbidden")), "403"),
}
"""By the name of its source: what goes wrong, and words of the error that admins see."""


@dataclass(frozen=True)
class Stage:
    """One server with a source for each case."""

    server: RunningServer
    client: SubsonicClient
    services: Mapping[str, SyntheticService]
    site: Path

    def folder(self, name: str) -> int:
        folders = self.client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
        return next(int(one["id"]) for one in folders if one["name"] == name)

    def search(self, text: str, **wanted: Any) -> tuple[list[str], float]:
        """Return titles of the songs that were found, and the seconds that it took."""
        began = time.monotonic()
        found = self.client.ask("search3", query=text, songCount=20, **wanted)["searchResult3"]
        return [one["title"] for one in found["song"]], time.monotonic() - began

    def errors(self) -> dict[str, str]:
        """Return what `hydrophone plugins` says went wrong last, by source."""
        command = [sys.executable, "-m", "hydrophone", "plugins", "--json"]
        listed = subprocess.run(
            [*command, "--data", str(self.server.data)],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
            env={**os.environ, **environment(self.site)},
        )
        return {
            one["instance"]: "".join(able["last_error"] for able in one["capabilities"])
            for one in json.loads(listed.stdout)
        }


@pytest.fixture(scope="module")
def stage(hydrophone_library: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    site, audio = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("audio")
    install(site, "synthetic", TARGET)
    with ExitStack() as stack:
        services = {
            name: SyntheticService(stack.enter_context(loopback()), audio, seconds=1.0)
            for name in (*FAULTS, "expired_token", "well")
        }
        server = stack.enter_context(
            running_plugin_server(
                tmp_path_factory.mktemp("data"),
                {
                    name: {"plugin": "synthetic", "base_url": one.url, "title": name}
                    for name, one in services.items()
                },
                music=[hydrophone_library.root],
                environment=environment(site),
            )
        )
        client = stack.enter_context(server.client())
        client.await_scan(tracks=5)
        yield Stage(server, client, services, site)


@dataclass(frozen=True)
class Searched:
    """How a search went whose source had a fault."""

    found: list[str]
    seconds: float
    error: str


@pytest.fixture(scope="module")
def searches(stage: Stage) -> Mapping[str, Searched]:
    """Break each source and search it; the server writes down how they stand now and then."""
    results = {}
    for name, (apply, _) in FAULTS.items():
        apply(stage.services[name])
        results[name] = stage.search("signal", musicFolderId=stage.folder(name))
    deadline = time.monotonic() + 60
    while not all((errors := stage.errors())[name] for name in FAULTS):
        assert time.monotonic() < deadline, errors
        time.sleep(0.5)
    return {name: Searched(*result, errors[name]) for name, result in results.items()}


@pytest.mark.parametrize("name", FAULTS)
def test_a_search_goes_on_without_it_and_says_why(
    searches: Mapping[str, Searched], name: str
) -> None:
    searched = searches[name]
    assert searched.found == []
    assert searched.seconds < LONG
    assert FAULTS[name][1] in searched.error


@pytest.mark.usefixtures("searches")
def test_what_the_library_has_is_found_among_them(stage: Stage) -> None:
    found, seconds = stage.search("song")
    assert found.count("Song 1") == 2
    assert seconds < LONG


def test_who_is_well_is_found(stage: Stage) -> None:
    found, _ = stage.search("signal", musicFolderId=stage.folder("well"))
    assert len(found) == 6


def test_an_expired_token_is_fetched_anew(stage: Stage) -> None:
    service, folder = stage.services["expired_token"], stage.folder("expired_token")
    assert len(stage.search("first signal", musicFolderId=folder)[0]) == 3
    service.expire_token()
    assert len(stage.search("second signal", musicFolderId=folder)[0]) == 3
    assert len(service.loopback.asked("/token")) == 2


@pytest.mark.usefixtures("searches")
def test_one_that_has_recovered_is_asked_again(stage: Stage) -> None:
    service = stage.services["down"]
    service.loopback.recover()
    assert len(stage.search("second", musicFolderId=stage.folder("down"))[0]) == 3


@pytest.mark.usefixtures("searches")
def test_a_refusal_to_be_asked_is_heeded(stage: Stage) -> None:
    service = stage.services["throttled"]
    service.loopback.recover()
    asked = len(service.loopback.requests)
    assert stage.search("second", musicFolderId=stage.folder("throttled"))[0] == []
    assert len(service.loopback.requests) == asked
