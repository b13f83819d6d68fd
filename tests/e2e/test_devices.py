"""Devices with secrets of their own, made and revoked beside a running server."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.e2e.commands import run

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server


def command(data: Path, *words: str, code: int = 0) -> str:
    """Run `hydrophone users`; return what it wrote, errors if it was to fail."""
    ended = run("users", *words, "--data", data, code=code)
    return ended.stderr if code else ended.stdout


def secret(data: Path, kind: str, device: str) -> str:
    made = json.loads(command(data, kind, "anna", "--device", device, "--json"))
    assert (made["user_name"], made["device"]) == ("anna", device)
    return str(made["secret"])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    command(data, "add", "anna")
    command(data, "add", "boss", "--admin")
    return data


@pytest.fixture(scope="module")
def before(data: Path) -> str:
    """Return the app password of a device that was there before the server."""
    return secret(data, "app-password", "Desk")


@pytest.fixture(scope="module")
def server(data: Path, before: str) -> Iterator[RunningServer]:
    with running_server(data) as running:
        yield running


def code(server: RunningServer, **login: str) -> int:
    answer = httpx.get(f"{server.url}/rest/ping", params={"f": "json", **login})
    return int(answer.json()["subsonic-response"].get("error", {"code": 0})["code"])


def by_token(server: RunningServer, password: str) -> int:
    with SubsonicClient(server.url, "anna", password) as client:
        answer = client.get("ping").json()["subsonic-response"]
    return int(answer.get("error", {"code": 0})["code"])


def await_code(expected: int, ask: Callable[[], int]) -> None:
    """Wait until the server has noticed; it looks once a second."""
    deadline = time.monotonic() + 30
    while (found := ask()) != expected:
        assert time.monotonic() < deadline, f"still {found}, not {expected}"
        time.sleep(0.05)


def test_a_device_before_and_one_beside_the_server(
    server: RunningServer, data: Path, before: str
) -> None:
    assert by_token(server, before) == 0
    phone = secret(data, "app-password", "Pixel")
    key = secret(data, "api-key", "Pixel")
    await_code(0, lambda: by_token(server, phone))
    assert code(server, u="anna", p=phone) == 0
    assert code(server, apiKey=key) == 0
    assert "already" in command(data, "app-password", "anna", "--device", "pixel", code=1)

    command(data, "revoke", "anna", "--device", "Pixel")
    await_code(44, lambda: code(server, apiKey=key))
    assert by_token(server, phone) == 40
    assert by_token(server, before) == 0
    assert "called 'Pixel'" in command(data, "revoke", "anna", "--device", "Pixel", code=1)
    log = server.log.read_text()
    assert not any(hidden in log for hidden in (before, phone, key))


def test_devices_are_listed_with_the_day_of_their_last_login(tmp_path: Path) -> None:
    command(tmp_path, "add", "anna")
    used, idle = secret(tmp_path, "api-key", "used"), secret(tmp_path, "app-password", "[idle]")
    with running_server(tmp_path) as server:
        assert code(server, apiKey=used) == 0
        server.stop()
    listed = {
        one["name"]: one for one in json.loads(command(tmp_path, "devices", "anna", "--json"))
    }
    assert 0 <= time.time() - listed["used"]["last_used"] / 1000 < 2 * 86_400
    assert listed["[idle]"]["last_used"] is None
    text = command(tmp_path, "devices", "anna")
    assert "[idle]" in text
    assert "never" in text
    assert not any(hidden in text for hidden in (used, idle))


def test_a_lost_key_file_is_told_and_login_passwords_still_work(tmp_path: Path) -> None:
    password = json.loads(command(tmp_path, "add", "anna", "--json"))["password"]
    phone, key = secret(tmp_path, "app-password", "Pixel"), secret(tmp_path, "api-key", "script")
    (tmp_path / "secret.key").unlink()
    with running_server(tmp_path) as server:
        assert "anna: Pixel" in server.log.read_text()
        assert code(server, u="anna", p=password) == 0
        assert code(server, apiKey=key) == 0
        assert by_token(server, phone) == 41
        assert "lost with the key file" in command(tmp_path, "devices", "anna")
        again = secret(tmp_path, "app-password", "Pixel")
        await_code(0, lambda: by_token(server, again))


def test_ways_to_log_in_that_are_switched_off(tmp_path: Path) -> None:
    password = json.loads(command(tmp_path, "add", "anna", "--json"))["password"]
    key = secret(tmp_path, "api-key", "script")
    for mechanisms, codes in (('["token"]', (42, 0, 42)), ('["password"]', (0, 41, 42))):
        (tmp_path / "config.toml").write_text(f"[auth]\nmechanisms = {mechanisms}\n")
        with running_server(tmp_path) as server:
            plain = code(server, u="anna", p=password)
            assert (plain, by_token(server, password), code(server, apiKey=key)) == codes
            offered = httpx.get(f"{server.url}/rest/getOpenSubsonicExtensions").text
            assert "formPost" in offered
            assert "apiKeyAuthentication" not in offered


def test_clients_behind_a_trusted_proxy_are_told_apart(tmp_path: Path) -> None:
    made = json.loads(command(tmp_path, "add", "anna", "--json"))
    with running_server(tmp_path) as server:

        def refusal(password: str, address: str) -> str:
            answer = httpx.get(
                f"{server.url}/rest/ping",
                params={"f": "json", "u": "anna", "p": password},
                headers={"X-Forwarded-For": address},
            ).json()["subsonic-response"]
            return str(answer.get("error", {"message": ""})["message"])

        for number in range(10):
            assert refusal(f"guess {number}", "198.51.100.1").startswith("Wrong")
        assert refusal("guess", "198.51.100.1").startswith("Too many wrong passwords")
        assert refusal("guess", "2001:db8::1").startswith("Wrong")
        assert refusal(made["password"], "198.51.100.1") == ""


def test_roles_are_held_by_a_running_server(server: RunningServer, data: Path) -> None:
    made = json.loads(command(data, "add", "child", "--no-role", "download", "--json"))

    def error(endpoint: str) -> int:
        with SubsonicClient(server.url, "child", made["password"]) as client:
            answer = client.get(endpoint, id="tr-aaaaaaaaaaaaa").json()["subsonic-response"]
        return int(answer.get("error", {"code": 0})["code"])

    assert (error("download"), error("stream")) == (50, 70)
    shown = json.loads(
        command(
            data, "roles", "child", "--grant", "cover-art,Download", "--revoke", "stream", "--json"
        )
    )
    assert (shown["cover_art"], shown["download"], shown["stream"]) == (True, True, False)
    await_code(50, lambda: error("stream"))
    assert error("download") == 70
    assert "no role 'fly'" in command(data, "roles", "child", "--grant", "fly", code=2)
    assert "last admin" in command(data, "roles", "boss", "--revoke", "admin", code=1)
    command(data, "edit", "child", "--max-bit-rate", "192")
    with SubsonicClient(server.url, "child", made["password"]) as client:
        await_code(
            192, lambda: client.ask("getUser", username="child")["user"].get("maxBitRate", 0)
        )
