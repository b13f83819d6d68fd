"""Plugins that would end the server, or hold it: at the start, in a stream, at the stop."""

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.commands import run
from tests.e2e.waiting import until

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.installed import environment, install
from hydrophone.testing.server import RunningServer, running_server

CODE = """
import asyncio
import threading
import time
from contextlib import asynccontextmanager

from hydrophone.domain.remote import RemoteArtist, RemoteTrack
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin, hookimpl
from hydrophone.plugin.capabilities.source import SearchHits, SourceInfo, StreamHandle
from hydrophone.testing.synthetic_source import SyntheticSource


class Panic(BaseException):
    pass


class Stream:
    offset, size, content_type, validator = 0, 500_000, "audio/mpeg", ""

    def __init__(self, how):
        self.how = how

    async def chunks(self):
        yield b"x" * 30_000
        if self.how == "leaving":
            raise SystemExit(3)
        if self.how == "panicking":
            raise Panic("rust")
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                pass


class Odd(SyntheticSource):
    info = SourceInfo(title="Odd", is_browsable=True)

    def __init__(self):
        pass

    def made(self, how):
        return RemoteTrack(
            native_id=how,
            title=how,
            artists=(RemoteArtist(name="Nobody"),),
            duration=40.0,
            suffix="mp3",
            content_type="audio/mpeg",
        )

    async def search(self, request):
        if request.text == "exit":
            raise SystemExit(1)
        if request.text == "block":
            time.sleep(120)
        return SearchHits(tracks=(self.made(request.text),))

    async def resolve(self, request):
        return StreamHandle(
            representation="1",
            token=request.native_id,
            suffix="mp3",
            content_type="audio/mpeg",
            size=500_000,
        )

    @asynccontextmanager
    async def open_stream(self, request):
        yield Stream(request.handle.token)


class Ends(Plugin):
    manifest = Manifest(name="ends", version="1", summary="Ends.", api=PLUGIN_API)

    def __init__(self, config, context):
        super().__init__(config, context)
        if context.instance == "in_init":
            raise SystemExit(3)

    async def start(self):
        match self.context.instance:
            case "in_start":
                raise SystemExit(5)
            case "interrupting":
                raise KeyboardInterrupt
            case "hanging":
                await asyncio.Event().wait()
            case "stubborn":
                while True:
                    try:
                        await asyncio.sleep(120)
                    except asyncio.CancelledError:
                        pass
            case "in_thread":
                threading.Thread(target=time.sleep, args=(120,)).start()

    async def stop(self):
        if self.context.instance == "in_stop":
            raise SystemExit(9)
        await self.context.store.put("stopped", b"in order")

    async def check(self):
        if self.context.instance == "in_stop":
            return None
        raise SystemExit(0)

    @hookimpl
    def sources(self):
        if self.context.instance == "in_hook":
            raise Panic("rust")
        return (Odd(),) if self.context.instance == "odd" else ()
"""
INSTANCES = (
    "in_init",
    "in_start",
    "interrupting",
    "hanging",
    "stubborn",
    "in_stop",
    "in_hook",
    "odd",
)
AT_IMPORT = {"exiting": "raise SystemExit(7)", "pressing": "raise KeyboardInterrupt"}


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    site: Path = tmp_path_factory.mktemp("site")
    install(site, "ends", "hydrophone_ends:Ends")
    (site / "hydrophone_ends.py").write_text(CODE)
    for name, code in AT_IMPORT.items():
        install(site, name, f"hydrophone_{name}:Any")
        (site / f"hydrophone_{name}.py").write_text(code)
    return environment(site)


@pytest.fixture(scope="module")
def server(
    hydrophone_library: Any,
    variables: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("data")
    (data / "config.toml").write_text(
        "".join(f'[plugins.{name}]\nplugin = "ends"\n' for name in INSTANCES)
        + "".join(f"[plugins.{name}]\n" for name in AT_IMPORT)
    )
    with running_server(data, music=[hydrophone_library.root], environment=variables) as running:
        # One of them hangs for ten seconds, and nobody waits for it.
        assert "It took longer than 10 seconds" not in running.log.read_text()
        with running.client() as client:
            client.await_scan(tracks=5)
        yield running


def await_hits(client: SubsonicClient, words: str) -> list[dict[str, Any]]:
    """Search until the source is there: the server does not wait for it for long."""
    found: list[dict[str, Any]] = []

    def search() -> bool:
        found[:] = client.ask("search3", query=words)["searchResult3"].get("song", [])
        return bool(found)

    until(search, "a source")
    return found


def test_the_library_is_there_whatever_they_raise(server: RunningServer) -> None:
    with server.client() as client:
        for words in ("song", "exit", "song"):
            found = client.ask("search3", query=words, songCount=20)["searchResult3"].get("song")
            assert len(found or ()) >= (5 if words == "song" else 0)
    assert server.process.poll() is None


def test_the_status_says_what_each_has_raised(
    server: RunningServer, variables: dict[str, str]
) -> None:
    wanted = {
        "in_init": "It cannot be made: It raised SystemExit: 3",
        "in_start": "It cannot start: It raised SystemExit: 5",
        "interrupting": "It cannot start: It raised KeyboardInterrupt",
        "in_hook": "It cannot start: Its hook `sources` fails: It raised Panic: rust",
        "in_stop": "",
        "odd": "",
        "exiting": "Its code cannot be imported: It raised SystemExit: 7",
        "pressing": "Its code cannot be imported: It raised KeyboardInterrupt",
    }
    listed = json.loads(
        run("plugins", "--data", server.data, "--json", code=0, environment=variables).stdout
    )
    found = {one["instance"]: one["error"] for one in listed}
    assert {name: found[name] for name in wanted} == wanted


def test_help_says_it_once_for_each(variables: dict[str, str]) -> None:
    for words, code in ((["--help"], 0), (["srve"], 2)):
        said = run(*words, code=code, environment=variables).stderr
        assert said.count("It raised SystemExit: 7") == 1
        assert said.count("It raised KeyboardInterrupt") == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("odd", "It raised SystemExit: 0"),
        ("in_stop", "Its check returned None, where a text is due."),
        ("stubborn", "stubborn does not run: It cannot start: It took longer than 10 seconds."),
    ],
)
def test_a_check_that_ends_or_says_nothing_has_not_passed(
    server: RunningServer, variables: dict[str, str], name: str, said: str
) -> None:
    checked = run("plugins", "check", name, "--data", server.data, code=1, environment=variables)
    assert f"Error: {said}" in checked.stderr
    assert "Traceback" not in checked.stderr


@pytest.mark.parametrize("how", ["leaving", "panicking"])
def test_a_stream_that_would_end_the_server_ends_itself(server: RunningServer, how: str) -> None:
    with server.client() as client:
        found = await_hits(client, how)
        [song] = [one["id"] for one in found if one["title"] == how]
        with pytest.raises(httpx.HTTPError):
            client.http.get("/rest/stream", params={**client.login, "id": song}).raise_for_status()
        assert client.ask("ping")["status"] == "ok"
    assert server.process.poll() is None


def test_a_stream_that_will_not_be_cancelled_does_not_hold_the_end(
    variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(
        '[plugins.odd]\nplugin = "ends"\n[plugins.in_stop]\nplugin = "ends"\n'
    )
    with running_server(tmp_path, environment=variables) as server, server.client() as client:
        found = await_hits(client, "stubborn")
        came = threading.Event()

        def listen() -> None:
            url, login = "/rest/stream", {**client.login, "id": found[0]["id"]}
            try:
                with client.http.stream("GET", url, params=login) as answer:
                    for _ in answer.iter_raw(1024):
                        came.set()
            except httpx.HTTPError:
                pass

        listener = threading.Thread(target=listen)
        listener.start()
        assert came.wait(60)
        # A second for answers, half a one for the stream, and one for what will not end at all.
        # The rest is for busy machines.
        assert server.stop() < 20
        assert server.process.returncode == 0
        listener.join(60)


def answers(client: SubsonicClient) -> bool:
    try:
        return client.http.get("/health/live", timeout=2).is_success
    except httpx.TimeoutException:
        return False


def test_a_call_that_blocks_everything_does_not_hold_the_end(
    variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[plugins.odd]\nplugin = "ends"\n')
    with running_server(tmp_path, environment=variables) as server, server.client() as client:
        await_hits(client, "quick")

        def search() -> None:
            with server.client() as other, contextlib.suppress(httpx.HTTPError):
                other.ask("search3", query="block")

        searching = threading.Thread(target=search)
        searching.start()
        while answers(client):
            pass
        assert server.stop() < 20
        assert server.process.returncode == 0
        searching.join(60)


def test_a_thread_of_a_plugin_does_not_hold_the_end(
    variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[plugins.in_thread]\nplugin = "ends"\n')
    with running_server(tmp_path, environment=variables) as server:
        assert server.stop() < 20
        assert server.process.returncode == 0
    # The store is open to the last.
    with contextlib.closing(sqlite3.connect(tmp_path / "hydrophone.db")) as database:
        [kept] = database.execute("SELECT instance, key, value FROM plugin_value").fetchall()
    assert kept == ("in_thread", "stopped", b"in order")
