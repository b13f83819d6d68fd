"""All ways to log in, with what real clients send."""

from hashlib import md5
from typing import Any

import httpx
import pytest

from hydrophone.domain.user import LoginMechanism
from hydrophone.errors import LoginMechanismOffError

pytestmark = pytest.mark.anyio


def token(password: str, salt: str = "salt") -> str:
    return md5((password + salt).encode(), usedforsecurity=False).hexdigest()


RIGHT = {"t": token("sesame"), "s": "salt"}
WRONG = {"t": token("other"), "s": "salt"}


async def code(client: httpx.AsyncClient, parameters: dict[str, str]) -> int | None:
    answer = await client.get("/ping", params={**parameters, "f": "json"})
    envelope = answer.json()["subsonic-response"]
    return envelope["error"]["code"] if envelope["status"] == "failed" else None


@pytest.mark.parametrize(
    "credentials",
    [
        {"u": "alice", "p": "sesame"},
        {"u": "ALICE", "p": "sesame"},
        {"u": "alice", "p": "enc:" + b"sesame".hex()},
        {"u": "alice", "p": "enc:" + b"sesame".hex().upper()},
        {"u": "alice", **RIGHT},
        {"u": "alice", "t": RIGHT["t"].upper(), "s": "salt"},
        {"u": "alice", "t": token("sesame", "x"), "s": "x"},
        {"u": "alice", **RIGHT, "p": "wrong"},
        {"u": "alice", **RIGHT, "p": ""},
        {"u": "alice", "t": "", "s": "", "p": "sesame"},
        {"u": "alice", "s": "salt", "p": "sesame"},
        {"apiKey": "key"},
        {"apiKey": "key", "u": "", "p": "", "t": "", "s": ""},
        {"apiKey": "", "u": "alice", "p": "sesame"},
    ],
)
async def test_who_gets_in(client: httpx.AsyncClient, credentials: dict[str, str]) -> None:
    assert await code(client, credentials) is None


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        ({}, 10),
        ({"u": "alice"}, 10),
        ({"u": "", "p": "sesame"}, 10),
        ({"u": "alice", "p": ""}, 10),
        ({"u": "alice", "t": RIGHT["t"]}, 10),
        ({"u": "alice", "s": "salt"}, 10),
        (RIGHT, 10),
        ({"p": "sesame"}, 10),
        ({"u": "alice", "p": "wrong"}, 40),
        ({"u": "alice", "p": "enc:" + b"wrong".hex()}, 40),
        ({"u": "alice", "p": "enc:xyz"}, 40),
        ({"u": "alice", "p": "enc:ff"}, 40),
        ({"u": "nobody", "p": "sesame"}, 40),
        ({"u": "dummy", "p": "dummy"}, 40),
        ({"u": "alice", **WRONG}, 40),
        ({"u": "alice", **WRONG, "p": "sesame"}, 40),
        ({"u": "nobody", **RIGHT}, 40),
        ({"u": "hashed", **RIGHT}, 41),
        ({"apiKey": "key", "u": "alice"}, 43),
        ({"apiKey": "key", "p": "sesame"}, 43),
        ({"apiKey": "key", **RIGHT}, 43),
        ({"apiKey": "key", "s": "salt"}, 43),
        ({"apiKey": "wrong"}, 44),
        ({"u": "ali\0ce", "p": "sesame"}, 0),
    ],
)
async def test_who_stays_out(
    client: httpx.AsyncClient, credentials: dict[str, str], expected: int
) -> None:
    assert await code(client, credentials) == expected


async def test_dsub_sends_a_header_too(client: httpx.AsyncClient) -> None:
    answer = await client.get(
        "/ping", params={"u": "alice", **RIGHT, "f": "json"}, auth=("alice", "sesame")
    )
    assert answer.json()["subsonic-response"]["status"] == "ok"


async def test_the_header_alone_logs_nobody_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ping", params={"f": "json"}, auth=("alice", "sesame"))
    assert answer.json()["subsonic-response"]["error"]["code"] == 10


async def test_how_to_get_an_app_password(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ping", params={"u": "hashed", **RIGHT, "f": "json"})
    assert answer.json()["subsonic-response"]["error"] == {
        "code": 41,
        "message": "No secret.",
        "helpUrl": "http://localhost/help",
    }
    for parameters in ({"apiKey": "wrong"}, {"apiKey": "key", "u": "alice"}):
        answer = await client.get("/ping", params={**parameters, "f": "json"})
        assert answer.json()["subsonic-response"]["error"]["helpUrl"] == "http://localhost/help"
    for parameters in ({}, {"u": "alice", "p": "wrong"}):
        answer = await client.get("/ping", params={**parameters, "f": "json"})
        assert "helpUrl" not in answer.json()["subsonic-response"]["error"]


@pytest.mark.parametrize("login", [{"u": "alice", "p": "sesame"}, {"apiKey": "key"}])
async def test_a_mechanism_that_is_off(
    client: httpx.AsyncClient, fakes: Any, login: dict[str, str]
) -> None:
    fakes.logins.refusal = LoginMechanismOffError("Off.")
    assert await code(client, login) == 42


async def test_api_keys_are_offered_where_they_are_taken(
    client: httpx.AsyncClient, fakes: Any
) -> None:
    async def offered() -> set[str]:
        answer = await client.get("/getOpenSubsonicExtensions", params={"f": "json"})
        listed = answer.json()["subsonic-response"]["openSubsonicExtensions"]
        return {extension["name"] for extension in listed}

    assert "apiKeyAuthentication" in await offered()
    fakes.logins.mechanisms = frozenset({LoginMechanism.PASSWORD})
    assert "apiKeyAuthentication" not in await offered()
    assert "formPost" in await offered()


async def test_whose_api_key_it_is(client: httpx.AsyncClient) -> None:
    answer = await client.get("/tokenInfo", params={"apiKey": "key", "f": "json"})
    assert answer.json()["subsonic-response"]["tokenInfo"] == {"username": "Alice"}
    answer = await client.get("/tokenInfo", params={"apiKey": "wrong", "f": "json"})
    assert answer.json()["subsonic-response"]["error"]["code"] == 44
    answer = await client.get("/tokenInfo", params={"u": "alice", **RIGHT, "f": "json"})
    assert answer.json()["subsonic-response"]["error"]["code"] == 10


async def test_the_address_of_the_client_goes_along(client: httpx.AsyncClient, fakes: Any) -> None:
    await code(client, {"u": "alice", "p": "sesame"})
    await code(client, {"u": "alice", **RIGHT})
    assert fakes.logins.addresses == ["127.0.0.1", "127.0.0.1"]
