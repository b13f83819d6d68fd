"""Live events of the real server: followed, lost, picked up again, and kept from others."""

import contextlib
import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets import Subprotocol
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from hydrophone.testing.server import RunningServer, running_server


class Person:
    """Somebody who asks the native API by a key."""

    def __init__(self, server: RunningServer, key: str) -> None:
        self.server = server
        self.login = {"Authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str, body: object = None) -> Any:
        answer = httpx.request(
            method, f"{self.server.url}/api/v1{path}", json=body, headers=self.login
        )
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None

    def key(self, device: str) -> str:
        name = self.ask("GET", "/account")["name"]
        made = self.ask("POST", f"/accounts/{name}/devices", {"name": device, "kind": "api_key"})
        return str(made["secret"])

    @contextmanager
    def follow(self, query: str = "") -> Iterator["Follower"]:
        url = f"{self.server.url.replace('http', 'ws', 1)}/api/v1/events{query}"
        with connect(url, additional_headers=self.login, compression=None) as connection:
            yield Follower(connection)


class Follower:
    """What comes over one connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def next(self) -> dict[str, Any]:
        message = json.loads(self.connection.recv(timeout=120))
        assert isinstance(message, dict)
        return message

    def until(self, kind: str) -> list[dict[str, Any]]:
        """Return what comes up to the first event of a kind, which is the last."""
        found = [self.next()]
        while found[-1]["type"] != kind:
            found.append(self.next())
        return found


def with_key(server: RunningServer, name: str, password: str) -> Person:
    answer = httpx.post(
        f"{server.url}/api/v1/accounts/{name}/devices",
        auth=(name, password),
        json={"name": f"test {time.monotonic_ns()}", "kind": "api_key"},
    )
    return Person(server, answer.json()["secret"])


def add_user(admin: Person, name: str, **more: object) -> Person:
    made = admin.ask("POST", "/accounts", {"name": name, **more})
    return with_key(admin.server, name, made["password"])


@pytest.fixture(scope="module")
def running(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("data"), music=[music]) as server:
        with server.client() as client:
            client.await_scan(tracks=5)
        yield server


@pytest.fixture
def admin(running: RunningServer) -> Person:
    return with_key(running, running.user, running.password)


def test_what_happens_is_told(admin: Person, running: RunningServer) -> None:
    with admin.follow() as follower, running.client(name="Symphony") as client:
        hello = follower.next()
        assert hello.keys() == {"type", "id"}
        song = client.songs()[0]["id"]
        client.ask("scrobble", id=song, submission=False)
        playing = follower.until("now-playing")[-1]
        assert playing["data"] == {
            "user_name": "admin",
            "player": "Symphony",
            "item_id": song,
            "state": "playing",
            "begins": True,
        }
        assert playing["id"] > hello["id"]
        assert abs(playing["at"] / 1000 - time.time()) < 60
        # Nothing begins while a scan is running, and its end may be told only after it.
        client.await_scan(tracks=5)
        admin.ask("POST", "/scan", {"full": True})
        while follower.until("scan")[-1]["data"] != {"scanning": True}:
            pass
        assert follower.until("scan")[-1]["data"] == {"scanning": False}
        add_user(admin, "somebody")
        follower.until("accounts")


def test_what_was_missed_comes_in_order_also_after_a_kill(music: Path, tmp_path: Path) -> None:
    with running_server(tmp_path, music=[music]) as server, server.client() as client:
        client.await_scan(tracks=5)
        admin = with_key(server, server.user, server.password)
        with admin.follow() as follower:
            cursor = follower.next()["id"]
        songs = [song["id"] for song in client.songs()]
        for song in songs[:3]:
            client.ask("scrobble", id=song, submission=False)
        server.stop(signal.SIGKILL)
    with running_server(tmp_path, music=[music]) as server, server.client() as client:
        admin.server = server
        client.ask("scrobble", id=songs[3], submission=False)
        with admin.follow(f"?after={cursor}") as follower:
            assert follower.next() == {"type": "hello", "id": cursor}
            found = [follower.until("now-playing")[-1] for _ in range(4)]
        assert [one["data"]["item_id"] for one in found] == songs[:4]
        assert [one["id"] for one in found] == sorted({one["id"] for one in found})
        with admin.follow(f"?after={found[-1]['id'] + 100_000}") as follower:
            assert follower.next()["type"] == "missed"


def test_users_are_told_what_they_may_know(admin: Person, running: RunningServer) -> None:
    guest = add_user(admin, "guest", libraries=[])
    with admin.follow() as all_of_it, guest.follow() as follower, running.client() as client:
        client.ask("scrobble", id=client.songs()[1]["id"], submission=False)
        all_of_it.until("now-playing")
        admin.ask("POST", "/scan", {"full": True})
        kinds = {one["type"] for one in follower.until("scan")}
    assert kinds <= {"hello", "scan", "accounts", "library"}


def test_nobody_follows_without_a_login(running: RunningServer) -> None:
    for login in ("", "Bearer nonsense"):
        person = Person(running, "")
        person.login = {"Authorization": login}
        with pytest.raises(InvalidStatus), person.follow():
            pass
    # It is logged a moment after the answer.
    deadline = time.monotonic() + 30
    while "This API key is not valid." not in (log := running.log.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert "WEBSOCKET /api/v1/events 403" in log
    assert "nonsense" not in log


def test_a_revoked_key_ends_the_connection(admin: Person) -> None:
    user = add_user(admin, "leaver")
    person = Person(admin.server, user.key("Pixel"))
    with person.follow() as follower:
        assert follower.next()["type"] == "hello"
        user.ask("DELETE", "/accounts/leaver/devices/api_key/Pixel")
        with pytest.raises(ConnectionClosed) as closed:
            follower.until("never")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


def test_a_page_sends_its_key_as_a_subprotocol(admin: Person) -> None:
    """As `new WebSocket(url, ["hydrophone", "bearer.KEY"])` does."""
    key = admin.key("page")
    url = f"{admin.server.url.replace('http', 'ws', 1)}/api/v1/events"
    spoken = [Subprotocol("hydrophone"), Subprotocol(f"bearer.{key}")]
    with connect(url, subprotocols=spoken) as connection:
        assert connection.subprotocol == "hydrophone"
        assert Follower(connection).next()["type"] == "hello"
    with pytest.raises(InvalidStatus):
        connect(url, subprotocols=[spoken[0], Subprotocol("bearer.nonsense")])


def test_connections_of_one_user_are_counted(admin: Person) -> None:
    user = add_user(admin, "many")
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            follower = stack.enter_context(user.follow())
            assert follower.next()["type"] == "hello"
        with user.follow() as one_more, pytest.raises(ConnectionClosed) as closed:
            one_more.next()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
    with user.follow() as follower:
        assert follower.next()["type"] == "hello"


def test_where_nobody_can_go_on_is_said(admin: Person) -> None:
    for after in ("-1", "abc", "", "9" * 30, "9" * 5000):
        with admin.follow(f"?after={after}") as follower, pytest.raises(ConnectionClosed) as closed:
            follower.next()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (
            4400,
            "`after` must be the id of an event.",
        )
    with admin.follow(f"?after={'9' * 18}") as follower:
        assert follower.next()["type"] == "missed"


def test_a_client_that_says_too_much_is_cut_off(admin: Person) -> None:
    with admin.follow() as follower:
        follower.next()
        follower.connection.send("hello?")
        follower.connection.send("x" * 2000)
        with pytest.raises(ConnectionClosed):
            follower.until("never")


def test_followers_do_not_hold_up_the_end_of_the_server(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        admin = with_key(server, server.user, server.password)
        with admin.follow() as follower:
            follower.next()
            assert server.stop() < 5.0
