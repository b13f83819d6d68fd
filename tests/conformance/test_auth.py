"""Logins: which combinations let somebody in, and the code that each of the others gets."""

import sqlite3
from contextlib import closing
from hashlib import md5, sha256

import httpx
import pytest

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer

KEY = "a-long-and-random-api-key"


@pytest.fixture(scope="module")
def secrets(server: RunningServer, hashed_password: str) -> dict[str, str]:
    """Return what the placeholders of the tables stand for."""
    password = server.password
    with closing(sqlite3.connect(server.data / "hydrophone.db")) as database, database:
        database.execute(
            "INSERT INTO api_key (user_id, label, hash, created)"
            " SELECT id, 'test', ?, 0 FROM user WHERE name = 'admin'",
            [sha256(KEY.encode()).digest()],
        )
    return {
        "password": password,
        "hex": "enc:" + password.encode().hex(),
        "HEX": "enc:" + password.encode().hex().upper(),
        "token": md5(f"{password}salt".encode()).hexdigest(),
        "TOKEN": md5(f"{password}salt".encode()).hexdigest().upper(),
        "token_of_one": md5(f"{password}x".encode()).hexdigest(),
        "hashed": hashed_password,
        "hashed_token": md5(f"{hashed_password}salt".encode()).hexdigest(),
        "key": KEY,
    }


def code(
    server: RunningServer, secrets: dict[str, str], login: dict[str, str], endpoint: str = "ping"
) -> int:
    """Return the error's code for a login, 0 for a success."""
    parameters = {name: value.format(**secrets) for name, value in login.items()}
    answer = httpx.get(f"{server.url}/rest/{endpoint}", params={"f": "json", **parameters})
    assert answer.status_code == 200
    envelope = answer.json()["subsonic-response"]
    return int(envelope.get("error", {"code": 0})["code"])


ADMITTED = {
    "DSub's first ping": {"u": "admin", "p": "{hex}", "v": "1.2.0", "c": "DSub"},
    "Ultrasonic's first ping": {"u": "admin", "p": "{HEX}", "v": "1.7.0", "c": "Ultrasonic"},
    "clear password": {"u": "admin", "p": "{password}", "v": "1.16.1", "c": "x"},
    "no version and no client": {"u": "admin", "p": "{password}"},
    "token": {"u": "admin", "t": "{token}", "s": "salt", "v": "1.13.0", "c": "x"},
    "token in upper case": {"u": "admin", "t": "{TOKEN}", "s": "salt"},
    "salt of one character": {"u": "admin", "t": "{token_of_one}", "s": "x"},
    "name in another case": {"u": "AdMiN", "t": "{token}", "s": "salt"},
    "airsonic-refix sends all at once": {"u": "admin", "s": "salt", "t": "{token}", "p": "wrong"},
    "airsonic-refix after a reload": {"u": "admin", "s": "salt", "t": "{token}", "p": ""},
    "API key": {"apiKey": "{key}", "v": "1.16.1", "c": "x"},
    "API key with empty others": {"apiKey": "{key}", "u": "", "p": "", "t": "", "s": ""},
    "password of a user without app passwords": {"u": "hashed", "p": "{hashed}"},
}
REFUSED = {
    "nothing": ({}, 10),
    "no credentials": ({"u": "admin"}, 10),
    "no user": ({"p": "{password}"}, 10),
    "token without salt": ({"u": "admin", "t": "{token}"}, 10),
    "salt without token": ({"u": "admin", "s": "salt"}, 10),
    "empty password": ({"u": "admin", "p": ""}, 10),
    "wrong password": ({"u": "admin", "p": "wrong"}, 40),
    "wrong password in hexadecimal": ({"u": "admin", "p": "enc:77726f6e67"}, 40),
    "no hexadecimal at all": ({"u": "admin", "p": "enc:zz"}, 40),
    "wrong token": ({"u": "admin", "t": "0" * 32, "s": "salt"}, 40),
    "token for another salt": ({"u": "admin", "t": "{token}", "s": "other"}, 40),
    "aonsoku asks who is there": ({"u": "dummy", "p": "dummy"}, 40),
    "unknown user with a token": ({"u": "dummy", "t": "{token}", "s": "salt"}, 40),
    "no token login for this user": ({"u": "hashed", "t": "{hashed_token}", "s": "salt"}, 41),
    "unknown API key": ({"apiKey": "other"}, 44),
    "API key and user": ({"apiKey": "{key}", "u": "admin"}, 43),
    "API key and password": ({"apiKey": "{key}", "p": "{password}"}, 43),
    "API key and token": ({"apiKey": "{key}", "t": "{token}", "s": "salt"}, 43),
    "client of another major version": ({"u": "admin", "p": "{password}", "v": "2.0.0"}, 30),
    "client before the protocol": ({"u": "admin", "p": "{password}", "v": "0.9.0"}, 20),
}


@pytest.mark.parametrize("who", ADMITTED)
def test_admitted(server: RunningServer, secrets: dict[str, str], who: str) -> None:
    assert code(server, secrets, ADMITTED[who]) == 0


@pytest.mark.parametrize("who", REFUSED)
def test_refused(server: RunningServer, secrets: dict[str, str], who: str) -> None:
    login, expected = REFUSED[who]
    assert code(server, secrets, login) == expected


@pytest.mark.parametrize("version", ["1.0", "1.2.0", "1.7.0", "1.15.0", "1.99.0", "1", "", "abc"])
def test_any_minor_version_will_do(
    server: RunningServer, secrets: dict[str, str], version: str
) -> None:
    """DSub says 1.2.0 for ever and means all of it."""
    assert code(server, secrets, {"u": "admin", "p": "{password}", "v": version}) == 0


def test_whose_api_key_it_is(server: RunningServer) -> None:
    answer = httpx.get(f"{server.url}/rest/tokenInfo", params={"apiKey": KEY, "f": "json"})
    assert answer.json()["subsonic-response"]["tokenInfo"] == {"username": "admin"}
    answer = httpx.get(f"{server.url}/rest/tokenInfo", params={"apiKey": KEY})
    assert '<tokenInfo username="admin"/>' in answer.text


def test_error_41_says_how_to_get_on(server: RunningServer, secrets: dict[str, str]) -> None:
    login = {"u": "hashed", "t": secrets["hashed_token"], "s": "salt", "f": "json"}
    error = httpx.get(f"{server.url}/rest/ping", params=login).json()["subsonic-response"]["error"]
    assert "app password" in error["message"]
    page = httpx.get(error["helpUrl"].partition("#")[0])
    assert page.status_code == 200
    assert "app-passwords" in page.text


def test_a_wrong_try_locks_nobody_out(server: RunningServer, secrets: dict[str, str]) -> None:
    """airsonic-refix tries the token first and then, on any failure, the password."""
    for _ in range(20):
        assert code(server, secrets, {"u": "admin", "t": "0" * 32, "s": "salt"}) == 40
        assert code(server, secrets, {"u": "admin", "p": "{password}"}) == 0


@pytest.mark.parametrize("header", ["Basic YWRtaW46d3Jvbmc=", "Basic !", "Bearer x"])
def test_authorization_headers_play_no_part(
    server: RunningServer, secrets: dict[str, str], header: str
) -> None:
    """DSub adds `Authorization: Basic` to every request, next to `u` and the rest."""
    right = {"u": "admin", "p": secrets["password"], "f": "json"}
    for login, status in ((right, "ok"), ({"f": "json"}, "failed")):
        answer = httpx.get(
            f"{server.url}/rest/ping", params=login, headers={"Authorization": header}
        )
        assert answer.json()["subsonic-response"]["status"] == status


@pytest.mark.parametrize(
    "login", [{}, {"u": "dummy", "p": "dummy"}, {"apiKey": "x", "u": "y"}, {"v": "9.0.0"}]
)
def test_extensions_are_told_to_anybody(
    server: RunningServer, secrets: dict[str, str], login: dict[str, str]
) -> None:
    assert code(server, secrets, login, "getOpenSubsonicExtensions") == 0


def test_extensions_without_any_parameter_at_all(server: RunningServer) -> None:
    answer = httpx.get(f"{server.url}/rest/getOpenSubsonicExtensions")
    assert answer.headers["content-type"].startswith("text/xml")
    assert 'openSubsonicExtensions name="formPost"><versions>1</versions>' in answer.text


ADMINS_ONLY = ["startScan", "getUser?username=admin", "getPlaylists?username=admin"]


@pytest.mark.parametrize("call", ADMINS_ONLY)
def test_what_only_admins_may(berta: SubsonicClient, call: str) -> None:
    endpoint, _, parameter = call.partition("?")
    name, _, value = parameter.partition("=")
    assert berta.error(endpoint, **({name: value} if name else {})) == 50


def test_others_see_themselves_and_their_folders(berta: SubsonicClient) -> None:
    user = berta.ask("getUser", username="BERTA")["user"]
    assert user["username"] == "Berta"
    assert user["adminRole"] is False
    assert user["folder"] == [
        folder["id"] for folder in berta.ask("getMusicFolders")["musicFolders"]["musicFolder"]
    ]
