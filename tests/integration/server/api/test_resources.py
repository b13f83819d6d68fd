"""What the resources of the native API tell and do."""

import asyncio
import base64
import logging
import shutil
import time

import pytest

from hydrophone.config import Config
from hydrophone.domain.job import JobPriority, NewJob
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.native_api import Api

pytestmark = pytest.mark.anyio


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


async def until(api: Api, path: str, field: str, value: object) -> None:
    """Wait until a field of what the user gets has a value."""
    deadline = time.monotonic() + 30
    while (await api.get("user", path))[field] != value:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_jobs_are_listed_by_page_and_cancelled(api: Api) -> None:
    user = await api.server.services.accounts.named("user")
    for number in range(5):
        await api.server.services.jobs.enqueue(
            NewJob(kind="dive", key=str(number), title=f"Dive {number}", user_id=user.id)
        )
    await api.server.services.jobs.enqueue(
        NewJob(kind="own", key="a", title="Server's", priority=JobPriority.PLAYED)
    )
    page = await api.get("user", "/v1/jobs?size=2&offset=1")
    assert [job["title"] for job in page["jobs"]] == ["Dive 3", "Dive 2"]
    assert page["total"] == 5
    assert (await api.get("other", "/v1/jobs")) == {"jobs": [], "total": 0}
    everything = await api.get("admin", "/v1/jobs?state=waiting&state=running")
    assert everything["total"] == 6
    [own] = (await api.get("admin", "/v1/jobs?kind=own"))["jobs"]
    assert (own["priority"], own["user_name"], own["state"]) == (0, "", "waiting")
    assert "payload" not in own
    number = page["jobs"][0]["id"]
    cancelled = (await api.ask("user", "POST", f"/v1/jobs/{number}/cancel")).json()
    assert cancelled["is_cancelled"]
    await until(api, f"/v1/jobs/{number}", "state", "cancelled")
    assert (await api.get("user", "/v1/jobs?state=cancelled"))["total"] == 1


async def test_an_account_is_made_changed_and_deleted(api: Api) -> None:
    wanted = {"name": "anna", "roles": {"podcast": True, "share": False}, "libraries": [1]}
    made = (await api.ask("admin", "POST", "/v1/accounts", wanted)).json()
    login = basic("anna", made["password"])
    account = (await api.ask("anonymous", "GET", "/v1/account", None, **login)).json()
    assert (account["name"], account["libraries"]) == ("anna", [1])
    assert (account["roles"]["podcast"], account["roles"]["share"]) == (True, False)
    changes = {"password": "my own sesame", "email": "a@example.org", "max_bit_rate": 128}
    changed = (await api.ask("admin", "PATCH", "/v1/accounts/Anna", changes)).json()
    assert (changed["email"], changed["max_bit_rate"]) == ("a@example.org", 128)
    for password, status in ((made["password"], 401), ("my own sesame", 200)):
        answer = await api.ask("anonymous", "GET", "/v1/account", None, **basic("anna", password))
        assert answer.status_code == status
    assert (await api.ask("admin", "DELETE", "/v1/accounts/anna")).status_code == 204
    assert (await api.ask("admin", "GET", "/v1/accounts/anna")).status_code == 404


async def test_a_secret_is_shown_once_and_works_until_it_is_revoked(api: Api) -> None:
    path = "/v1/accounts/user/devices"
    keys = {}
    for kind in ("api_key", "app_password"):
        answer = await api.ask("user", "POST", path, {"name": "Pixel", "kind": kind})
        assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
        keys[kind] = answer.json()["secret"]
    bearer = {"Authorization": f"Bearer {keys['api_key']}"}
    plain = basic("user", keys["app_password"])
    for login in (bearer, plain):
        assert (await api.ask("anonymous", "GET", "/v1/account", None, **login)).status_code == 200
    listed = await api.ask("user", "GET", path)
    assert keys["api_key"] not in listed.text
    assert keys["app_password"] not in listed.text
    pixels = [device for device in listed.json() if device["name"] == "Pixel"]
    assert {device["kind"] for device in pixels} == {"api_key", "app_password"}
    again = await api.ask("user", "POST", path, {"name": "pixel", "kind": "api_key"})
    assert again.status_code == 409
    assert (await api.ask("user", "DELETE", f"{path}/api_key/Pixel")).status_code == 204
    assert (await api.ask("anonymous", "GET", "/v1/account", None, **bearer)).status_code == 401
    assert (await api.ask("anonymous", "GET", "/v1/account", None, **plain)).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer nonsense", "Basic", "Basic %%%", "Basic YQ==", "Digest x", "x" * 5000,
     "Basic " + base64.b64encode(b"\xff\xfe:x").decode(), "Bearer " + "x" * 5000],
)  # fmt: skip
async def test_who_does_not_log_in_is_told_how(api: Api, header: str) -> None:
    answer = await api.ask("anonymous", "GET", "/v1/account", None, Authorization=header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 401


async def test_guessing_is_slowed_down_as_everywhere(api: Api) -> None:
    answers = []
    for number in range(12):
        login = basic("victim", f"wrong {number}")
        answers.append(await api.ask("anonymous", "GET", "/v1/account", None, **login))
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_libraries_and_state_show_admins_more(api: Api, config: Config) -> None:
    assert [one["name"] for one in await api.get("other", "/v1/libraries")] == ["One"]
    [one, two] = await api.get("user", "/v1/libraries")
    assert "path" not in one
    [one, two] = await api.get("admin", "/v1/libraries")
    assert (two["name"], two["path"]) == ("Two", str(config.libraries[1].path))
    assert "warnings" not in await api.get("user", "/v1/server")
    state = await api.get("admin", "/v1/server")
    assert (state["problem"], state["warnings"]) == ("", [])


async def test_a_scan_is_started_and_reports_page_by_page(api: Api, config: Config) -> None:
    root = config.libraries[0].path
    make_audio(root / "a.mp3", seconds=1.0)
    for name in "bcd":
        shutil.copy(root / "a.mp3", root / f"{name}.mp3")
    for number in range(3):
        (root / f"bad{number}.mp3").write_bytes(b"no music")
    assert (await api.ask("admin", "POST", "/v1/scan", {"full": True})).status_code == 202
    await until(api, "/v1/scan", "scanning", False)
    assert (await api.get("user", "/v1/scan"))["count"] == 4
    first = await api.get("admin", "/v1/scan/remarks?kind=unreadable&size=2")
    second = await api.get("admin", "/v1/scan/remarks?kind=unreadable&size=2&offset=2")
    paths = [remark["path"] for remark in first + second]
    assert len(first) == 2
    assert {"bad0.mp3", "bad1.mp3", "bad2.mp3"} <= set(paths)
    assert await api.get("admin", "/v1/scan/remarks?kind=length") == []
    [group] = await api.get("admin", "/v1/scan/duplicates")
    assert len(group["files"]) == 4
    use = await api.get("admin", "/v1/storage")
    size = sum(file.stat().st_size for file in root.iterdir())
    assert use["sources"] == [{"source": "local", "library_id": 1, "files": 7, "used": size}]
    folders = {folder["name"]: folder for folder in use["folders"]}
    assert folders["One"]["free"] > 0
    # It is not there, as a disk that is not mounted.
    assert folders["Two"]["free"] is None
    assert folders["data"]["used"] > 0


@pytest.mark.parametrize(
    ("path", "json"),
    [
        ("/v1/accounts", {"name": "x", "unknown": 1}),
        ("/v1/accounts", {"name": ""}),
        ("/v1/accounts", {"name": "x" * 101}),
        ("/v1/accounts", {"name": "x", "roles": {"king": True}}),
        ("/v1/accounts", {"name": "x", "max_bit_rate": -1}),
        ("/v1/accounts", []),
        ("/v1/accounts/user/devices", {"name": "x", "kind": "sword"}),
        ("/v1/scan", {"full": "yes"}),
    ],
)
async def test_bad_input_is_said_in_a_sentence(api: Api, path: str, json: object) -> None:
    answer = await api.ask("admin", "POST", path, json)
    assert answer.status_code == 400
    problem = answer.json()
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert problem["detail"]


async def test_a_body_of_any_size_is_not_read(api: Api) -> None:
    answer = await api.ask("admin", "POST", "/v1/accounts", {"name": "x" * 100_000})
    assert answer.status_code == 413


async def test_a_page_of_another_origin_may_ask(api: Api) -> None:
    answer = await api.ask("user", "GET", "/v1/account", None, Origin="https://app.example")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


async def test_no_secret_reaches_a_log(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await api.ask("user", "GET", "/v1/account")
    await api.ask("user", "POST", "/v1/accounts/user/devices", {"name": "x", "kind": "wrong"})
    await api.ask("admin", "POST", "/v1/accounts", {"name": "y", "password": "sesame-77", "z": 1})
    await api.ask("anonymous", "GET", "/v1/account", None, **basic("user", "sesame-77"))
    for secret in (*api.keys.values(), "sesame-77", base64.b64encode(b"user:sesame-77").decode()):
        assert secret not in caplog.text
