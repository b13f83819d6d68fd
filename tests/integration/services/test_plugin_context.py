"""What plugins are given: values, secrets, a process, the way to other servers."""

import asyncio
import importlib
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import text

from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.errors import (
    BadAnswerError,
    InvalidInputError,
    NotAuthorizedError,
    ProviderUnavailableError,
    RetryLaterError,
)
from hydrophone.outbound import Outbound
from hydrophone.services.credentials import SecretKey
from hydrophone.services.plugin_http import PluginHttp
from hydrophone.services.plugin_store import PluginSecrets, PluginStore
from hydrophone.services.plugin_worker import PluginWorker
from hydrophone.storage.database import Database, open_database
from hydrophone.testing.factories import make_database
from hydrophone.testing.loopback import Loopback, loopback

pytestmark = pytest.mark.anyio


class StandingClock:
    """A clock that tests move."""

    time = 1_800_000_000_000

    def now(self) -> Timestamp:
        return Timestamp(self.time)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    make_database(tmp_path / "hydrophone.db")
    async with open_database(tmp_path / "hydrophone.db") as opened:
        yield opened


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def store(database: Database, clock: StandingClock) -> PluginStore:
    return PluginStore("mine", database=database, clock=clock)


async def test_keeps_values_apart_for_each_instance(
    store: PluginStore, database: Database, clock: StandingClock
) -> None:
    await store.put("a", b"1")
    await store.put("a", b"2")
    assert await store.get("a") == b"2"
    assert await PluginStore("yours", database=database, clock=clock).get("a") is None
    await store.delete("a")
    await store.delete("a")
    assert await store.get("a") is None


async def test_lists_keys_by_prefix(store: PluginStore) -> None:
    for key in ("b%", "a_2", "a_1", "ab"):
        await store.put(key, b"")
    assert await store.keys("a_") == ("a_1", "a_2")
    assert await store.keys() == ("a_1", "a_2", "ab", "b%")


async def test_forgets_what_has_expired(store: PluginStore, clock: StandingClock) -> None:
    await store.put("soon", b"1", lifetime=Seconds(10))
    await store.put("never", b"1")
    clock.time += 10_001
    assert await store.get("soon") is None
    assert await store.keys() == ("never",)


@pytest.mark.parametrize(
    ("key", "value"), [("", b""), ("k" * 201, b""), ("k", b"v" * (256 * 1024 + 1))]
)
async def test_refuses_what_is_too_large(store: PluginStore, key: str, value: bytes) -> None:
    with pytest.raises(InvalidInputError):
        await store.put(key, value)


async def test_secrets_are_encrypted_and_lost_with_the_key(
    database: Database, clock: StandingClock, store: PluginStore
) -> None:
    def secrets(key: bytes) -> PluginSecrets:
        return PluginSecrets("mine", database=database, clock=clock, key=SecretKey(key))

    await secrets(b"k" * 32).put("token", "t0ken")
    assert await secrets(b"k" * 32).get("token") == "t0ken"
    assert await secrets(b"x" * 32).get("token") is None
    assert await store.get("token") is None
    assert await store.keys() == ()
    stored = await database.read(
        lambda connection: connection.execute(text("SELECT value FROM plugin_value")).scalar_one()
    )
    assert b"t0ken" not in stored


FUNCTIONS = """
import os
import time

from msgspec import Struct


class Sum(Struct, frozen=True):
    numbers: tuple[int, ...]
    seconds: float = 0.0


def add(request: Sum) -> int:
    time.sleep(request.seconds)
    print("what a library prints harms nobody")
    return sum(request.numbers)


def die(request: Sum) -> int:
    os._exit(3)


def fail(request: Sum) -> int:
    raise ValueError("no")
"""


@pytest.fixture
def blocking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A plugin's module with functions that block."""
    (tmp_path / "blocking_things.py").write_text(FUNCTIONS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    yield importlib.import_module("blocking_things")
    del sys.modules["blocking_things"]


@pytest.fixture
def worker() -> Iterator[PluginWorker]:
    made = PluginWorker()
    yield made
    made.close()


async def test_runs_a_function_in_a_process_of_its_own(
    worker: PluginWorker, blocking: ModuleType
) -> None:
    assert await worker.call(blocking.add, blocking.Sum((1, 2))) == 3
    assert await worker.call(blocking.add, blocking.Sum((3, 4))) == 7


async def test_a_function_that_hangs_raises_or_dies_is_an_error_of_the_service(
    worker: PluginWorker, blocking: ModuleType
) -> None:
    for function, seconds in ((blocking.add, 60.0), (blocking.die, 0.0), (blocking.fail, 0.0)):
        with pytest.raises(ProviderUnavailableError, match=f"{function.__name__} failed"):
            await worker.call(function, blocking.Sum((1,), seconds), time_limit=Seconds(0.5))
    assert await worker.call(blocking.add, blocking.Sum((1, 2))) == 3


async def test_a_caller_who_leaves_ends_the_process(
    worker: PluginWorker, blocking: ModuleType
) -> None:
    assert await worker.call(blocking.add, blocking.Sum(())) == 0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await worker.call(blocking.add, blocking.Sum((), 120.0))
    assert await worker.call(blocking.add, blocking.Sum((1, 2)), time_limit=Seconds(30)) == 3


async def test_refuses_hosts_that_were_not_declared() -> None:
    outbound = Outbound()
    http = PluginHttp(outbound, ["archive.example"])
    with pytest.raises(InvalidInputError, match=r"elsewhere\.example is not among the hosts"):
        await http.get("https://elsewhere.example/")
    with pytest.raises(InvalidInputError, match=r"notarchive\.example is not"):
        await http.get("https://notarchive.example/")
    await outbound.close()


@pytest.fixture
async def http(remote: Loopback) -> AsyncIterator[PluginHttp]:
    outbound = Outbound(allow=["127.0.0.1:*"])
    yield PluginHttp(outbound, ["127.0.0.1"])
    await outbound.close()


async def test_asks_with_parameters_and_reads_json(http: PluginHttp, remote: Loopback) -> None:
    url = remote.serve("/search", b'{"n": [1, 2]}', headers={"X-Odd": "yes"})
    got = await http.get(url, parameters={"q": "a & b", "fl[]": ["x", "y"]})
    assert got.json(of=dict[str, list[int]]) == {"n": [1, 2]}
    assert got.headers["x-odd"] == "yes"
    assert remote.requests[0].target == "/search?q=a+%26+b&fl%5B%5D=x&fl%5B%5D=y"


async def test_a_page_in_place_of_json_is_a_bad_answer(http: PluginHttp, remote: Loopback) -> None:
    got = await http.get(remote.serve("/x", b"<html>We are down"))
    with pytest.raises(BadAnswerError, match=r"127\.0\.0\.1 sends something unexpected"):
        got.json(of=dict[str, int])


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
async def test_tells_a_refused_login_apart(http: PluginHttp, remote: Loopback, status: str) -> None:
    with pytest.raises(NotAuthorizedError):
        await http.get(remote.serve("/x", status=status))
    with pytest.raises(BadAnswerError) as caught:
        await http.get(remote.url + "/nowhere")
    assert caught.value.status == 404


async def test_posts_and_follows_to_another_host_without_the_login(
    http: PluginHttp, remote: Loopback
) -> None:
    with loopback() as other:
        url = remote.redirect("/token", other.serve("/new", b"{}"), status="303 See Other")
        login = {"Authorization": "Bearer x", "X-Key": "1", "Accept-Language": "de"}
        got = await http.post(url, content=b"a=b", content_type="text/plain", headers=login)
        assert got.content == b"{}"
        assert other.requests[0].headers.get("accept-language") == "de"
        assert other.requests[0].headers.keys().isdisjoint(("authorization", "x-key"))
    assert remote.requests[0].headers["authorization"] == "Bearer x"
    assert remote.requests[0].headers["content-type"] == "text/plain"
    assert remote.requests[0].headers["content-length"] == "3"


async def test_streams_from_the_middle(http: PluginHttp, remote: Loopback) -> None:
    url = remote.serve_file("/1.mp3", b"0123456789")
    async with http.stream(url, headers={"Range": "bytes=6-"}) as body:
        assert (body.status, body.headers["content-range"]) == (206, "bytes 6-9/10")
        assert b"".join([chunk async for chunk in body.chunks()]) == b"6789"


async def test_a_host_that_fails_is_left_alone(http: PluginHttp, remote: Loopback) -> None:
    url = remote.serve("/x", status="502 Bad Gateway")
    for _ in range(5):
        with pytest.raises(ProviderUnavailableError):
            await http.get(url)
    with pytest.raises(RetryLaterError, match="asked in 30 seconds"):
        await http.get(url)
    assert len(remote.requests) == 5


async def test_answers_about_single_things_are_no_failures_of_the_host(
    http: PluginHttp, remote: Loopback
) -> None:
    for _ in range(9):
        with pytest.raises(BadAnswerError):
            await http.get(remote.url + "/nowhere")
    assert (await http.get(remote.serve("/x", b"1"))).content == b"1"


async def test_all_keep_to_the_rate_of_a_host(
    remote: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def nap(seconds: float) -> None:
        if seconds > 0:
            slept.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", nap)
    monkeypatch.setattr("hydrophone.outbound.hosts.monotonic", lambda: 1000.0)
    outbound = Outbound(allow=["127.0.0.1:*"])
    other = outbound.with_allowed(["127.0.0.1:*"])
    outbound.limit_rate("127.0.0.1", 20.0)
    url = remote.serve("/x", b"1")
    both = [PluginHttp(one, ["127.0.0.1"]) for one in (outbound, other)]
    await asyncio.gather(*(one.get(url) for one in both for _ in range(10)))
    assert slept == []
    await asyncio.gather(*(one.get(url) for one in both for _ in range(2)))
    assert slept == pytest.approx([0.05, 0.1, 0.15, 0.2])
    await outbound.close()
    await other.close()
