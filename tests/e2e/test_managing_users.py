"""Users managed from an app and from the command line, beside a running server."""

import time
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import httpx
import pytest
from tests.e2e.commands import run

from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server

CONFIG = """
[[libraries]]
name = "Music"
path = '{music}'

[[libraries]]
name = "Admins"
path = '{other}'
users = ["admin"]

[[libraries]]
name = "More"
path = '{other}'
"""


@pytest.fixture(scope="module")
def server(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data, other = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("other")
    (data / "config.toml").write_text(CONFIG.format(music=music, other=other))
    with running_server(data) as running:
        with running.client() as client:
            client.await_scan(tracks=5)
        yield running


@pytest.fixture
def admin(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as logged_in:
        yield logged_in


@pytest.fixture
def dora(server: RunningServer, admin: SubsonicClient) -> Iterator[SubsonicClient]:
    form = {**admin.login, "username": "dora", "password": "enc:c3a9", "email": "", "f": "json"}
    made = admin.http.post("/rest/createUser.view", data=form)
    assert made.json()["subsonic-response"]["status"] == "ok"
    with SubsonicClient(server.url, "dora", "é") as logged_in:
        yield logged_in
    admin.get("deleteUser", username="dora")


def command(server: RunningServer, *words: str, code: int = 0) -> str:
    """Run `hydrophone users`; return what it wrote to standard error."""
    return run("users", *words, "--data", server.data, code=code).stderr


def test_a_new_user_has_the_roles_of_the_protocol(dora: SubsonicClient) -> None:
    """The password came as hexadecimal in a form; a token of it works at once."""
    user = dora.ask("getUser", username="Dora")["user"]
    assert {name for name, value in user.items() if value is True} == {
        "settingsRole", "streamRole", "scrobblingEnabled",
    }  # fmt: skip
    assert user["folder"] == [1, 3]
    assert "avatarLastChanged" not in user


def test_libraries_are_left_out_by_app_and_command(
    server: RunningServer, admin: SubsonicClient, dora: SubsonicClient
) -> None:
    def seen() -> list[int]:
        folders = dora.ask("getMusicFolders")["musicFolders"]["musicFolder"]
        return [folder["id"] for folder in folders]

    admin.ask("updateUser", username="dora", musicFolderId=[2, 3])
    assert seen() == [3]
    assert dora.songs() == []
    admin.ask("updateUser", username="dora", maxBitRate=64)
    assert seen() == [3]
    assert "Libraries: Music." in command(server, "edit", "dora", "--library", "Music")
    deadline = time.monotonic() + 30
    while seen() != [1]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert len(dora.songs()) == 5
    command(server, "edit", "dora", "--all-libraries")
    admin.ask("updateUser", username="dora", musicFolderId=[1, 2, 3])
    assert seen() == [1, 3]
    assert "no library 'Nothing'" in command(server, "edit", "dora", "--library", "Nothing", code=2)
    command(server, "edit", "dora", "--library", "Music", "--all-libraries", code=2)


def test_an_empty_address_is_none(admin: SubsonicClient, dora: SubsonicClient) -> None:
    admin.ask("updateUser", username="dora", email="dora@example.org")
    assert dora.ask("getUser", username="dora")["user"]["email"] == "dora@example.org"
    admin.ask("updateUser", username="dora")
    assert dora.ask("getUser", username="dora")["user"]["email"] == "dora@example.org"
    admin.ask("updateUser", username="dora", email="")
    assert not dora.ask("getUser", username="dora")["user"].get("email")


def test_a_password_of_ones_own(dora: SubsonicClient) -> None:
    dora.ask("changePassword", username="dora", password="enc:" + b"mine".hex())
    token = md5(b"minesalt", usedforsecurity=False).hexdigest()
    login = {"u": "dora", "t": token, "s": "salt", "f": "json"}
    error = dora.http.get("/rest/ping", params=login).json()["subsonic-response"]["error"]
    assert error["code"] == 41
    assert dora.http.get(error["helpUrl"]).status_code == 200
    login = {"u": "dora", "p": "mine", "f": "json"}
    assert dora.http.get("/rest/ping", params=login).json()["subsonic-response"]["status"] == "ok"
    assert dora.error("ping") == 41


def test_pictures(
    server: RunningServer, admin: SubsonicClient, dora: SubsonicClient, tmp_path: Path
) -> None:
    drawn = admin.get("getAvatar", username="dora")
    assert drawn.headers["content-type"] == "image/jpeg"
    file = tmp_path / "dora.png"
    file.write_bytes(make_picture(color="teal", size=700))
    assert "Set the picture" in command(server, "avatar", "dora", str(file))
    changed = dora.ask("getUser", username="dora")["user"]["avatarLastChanged"]
    assert time.strftime("%Y-", time.gmtime()) in changed
    picture = dora.get("getAvatar", username="DORA")
    assert picture.content != drawn.content
    etag = {"If-None-Match": picture.headers["etag"]}
    assert dora.get("getAvatar", headers=etag, username="dora").status_code == 304
    command(server, "avatar", "dora", "--remove")
    assert admin.get("getAvatar", username="dora").content == drawn.content
    assert "has no picture" in command(server, "avatar", "dora", "--remove", code=1)
    command(server, "avatar", "dora", code=2)


def test_what_is_refused(
    server: RunningServer, admin: SubsonicClient, dora: SubsonicClient
) -> None:
    assert admin.error("createUser", username="DORA", password="x", email="") == 0
    assert admin.error("createUser", username="x", password="x") == 10
    assert admin.error("updateUser", username="dora", maxBitRate=100) == 0
    assert admin.error("updateUser", username="dora", musicFolderId=9) == 70
    assert admin.error("updateUser", username="admin", adminRole=False) == 0
    assert admin.error("deleteUser", username="admin") == 0
    assert admin.error("deleteUser", username="nobody") == 70
    assert dora.error("deleteUser", username="dora") == 50
    assert dora.error("getUsers") == 50
    wrong = {"u": "dora", "p": "wrong", "f": "json", "username": "dora", "password": "x"}
    answer = httpx.get(f"{server.url}/rest/changePassword", params=wrong).json()
    assert answer["subsonic-response"]["error"]["code"] == 40
    admin.ask("deleteUser", username="dora")
    assert dora.error("ping") == 40
