"""The first account, logins of every kind, and commands run beside the server."""

import json
import subprocess
import sys
import time
from hashlib import md5
from itertools import takewhile
from pathlib import Path

import httpx
from tests.e2e.commands import run

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server


def command(server: RunningServer, *words: str, stdin: str = "") -> str:
    return run(*words, "--data", server.data, stdin=stdin, code=0).stdout


def status(server: RunningServer, **login: str) -> int:
    """Return the error's code of a ping, 0 for success."""
    answer = httpx.get(f"{server.url}/rest/ping", params={"f": "json", "c": "t", **login})
    assert answer.status_code == 200
    return int(answer.json()["subsonic-response"].get("error", {}).get("code", 0))


def token(password: str, salt: str = "abc123") -> dict[str, str]:
    return {"t": md5((password + salt).encode()).hexdigest(), "s": salt}


def test_the_first_password_is_in_a_private_file_and_works_in_every_app(
    server: RunningServer,
) -> None:
    file = server.data / "first-password.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    assert (server.data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert server.user == "admin"
    assert status(server, u="admin", p=server.password) == 0
    assert status(server, u="ADMIN", p="enc:" + server.password.encode().hex()) == 0
    assert status(server, u="admin", **token(server.password)) == 0
    assert status(server, u="admin", p="wrong") == 40
    assert status(server, u="admin", **token("wrong")) == 40
    assert status(server, u="nobody", p=server.password) == 40
    assert status(server, apiKey="invented") == 44


def test_secrets_never_reach_the_log(server: RunningServer) -> None:
    status(server, u="admin", p="hunter2hunter2")
    status(server, u="admin", p="enc:" + b"hunter2hunter2".hex())
    status(server, apiKey="hunter2hunter2")
    status(server, u="admin", **token("hunter2hunter2"))
    log = server.log.read_text()
    assert "/rest/ping" in log
    for secret in ("hunter2", b"hunter2".hex(), server.password, token("hunter2hunter2")["t"]):
        assert secret not in log


def test_an_account_made_while_the_server_runs(server: RunningServer) -> None:
    made = json.loads(command(server, "users", "add", "Berta", "--json"))
    assert made["app_password"] == made["password"]
    assert status(server, u="berta", **token(made["password"])) == 0

    changed = json.loads(command(server, "users", "passwd", "berta", "--json"))
    deadline = time.monotonic() + 30
    while status(server, u="berta", **token(made["password"])) == 0:
        assert time.monotonic() < deadline, "the old password is still good"
        time.sleep(0.1)
    assert status(server, u="berta", p=changed["password"]) == 0

    names = [user["name"] for user in json.loads(command(server, "users", "list", "--json"))]
    assert names == ["admin", "Berta"]
    command(server, "users", "remove", "berta", "--yes")
    deadline = time.monotonic() + 30
    while status(server, u="berta", p=changed["password"]) == 0:
        assert time.monotonic() < deadline, "a removed user can still log in"
        time.sleep(0.1)


def test_a_chosen_password_logs_in_plainly_and_comes_with_an_app_password(
    server: RunningServer,
) -> None:
    made = json.loads(
        command(server, "users", "add", "carl", "--password-stdin", "--json", stdin="my own ☂\n")
    )
    assert made["password"] == ""
    assert status(server, u="carl", p="my own ☂") == 0
    assert status(server, u="carl", p="enc:" + "my own ☂".encode().hex()) == 0
    assert status(server, u="carl", **token("my own ☂")) == 41
    assert status(server, u="carl", **token(made["app_password"])) == 0
    command(server, "users", "remove", "carl", "--yes")


def test_the_second_start_shows_no_password_but_how_to_get_one(music: Path, tmp_path: Path) -> None:
    with running_server(tmp_path, music=[music]) as first:
        password = first.password
        first.stop()
    (tmp_path / "first-password.txt").rename(tmp_path / "kept.txt")
    with running_server(tmp_path, music=[music]) as second:
        assert not (tmp_path / "first-password.txt").exists()
        greeting = second.process.stdout
        assert greeting is not None
        shown = takewhile(lambda line: "Ctrl-C" not in line, iter(greeting.readline, ""))
        assert " hydrophone users passwd admin " in " ".join(shown)
        with SubsonicClient(second.url, "admin", password) as client:
            client.ask("ping")


def test_users_may_be_added_before_the_first_start(music: Path, tmp_path: Path) -> None:
    words = ("users", "add", "dora", "--admin", "--json")
    finished = subprocess.run(
        [sys.executable, "-m", "hydrophone", *words, "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    password = json.loads(finished.stdout)["password"]
    with running_server(tmp_path, music=[music]) as server:
        assert not (tmp_path / "first-password.txt").exists()
        with SubsonicClient(server.url, "dora", password) as client:
            client.await_scan(tracks=5)
            user = client.ask("getUser", username="dora")["user"]
            assert user["adminRole"] is True


def test_the_data_folder_is_private_also_with_the_demo(tmp_path: Path) -> None:
    data = tmp_path / "data"
    demo = data / "demo"
    options = ("--demo", "--host", "127.0.0.1", "--port", "0", "--data", str(data))
    process = subprocess.Popen(
        [sys.executable, "-m", "hydrophone", "serve", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while not demo.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert data.stat().st_mode & 0o777 == 0o700
    finally:
        process.terminate()
        process.wait(60)
