"""Who may call what of the native API: every route that there is, by everybody there is."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from hydrophone.domain.job import NewJob
from hydrophone.testing.native_api import Api

pytestmark = pytest.mark.anyio

PEOPLE = ("anonymous", "guest", "user", "other", "admin")
"""`guest` lacks the role settings; `other` has the same roles as `user`."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A call about something of the user's, and the status that each gets."""

    path: str = ""
    """Where it is not the route's own; `{new}` is another word each time, `{job}` a job."""
    json: object = None
    anonymous: int = 401
    guest: int = 200
    user: int = 200
    other: int = 200
    admin: int = 200


ADMINS: dict[str, Any] = {"guest": 403, "user": 403, "other": 403}
LINKS = "/v1/tracks/tr-nothing/links"
DEVICES = "/v1/accounts/user/devices"

TABLE = {
    "GET /v1/server": Row(),
    "GET /v1/libraries": Row(),
    "GET /v1/storage": Row(**ADMINS),
    "GET /v1/account": Row(),
    "PUT /v1/account/password": Row(
        json={"password": "sesame open"}, guest=403, user=204, other=204, admin=204
    ),
    "GET /v1/accounts": Row(**ADMINS),
    "POST /v1/accounts": Row(json={"name": "{new}"}, **ADMINS, admin=201),
    "GET /v1/accounts/{name}": Row(path="/v1/accounts/user", guest=403, other=403),
    "PATCH /v1/accounts/{name}": Row(path="/v1/accounts/user", json={"email": "a@b"}, **ADMINS),
    "DELETE /v1/accounts/{name}": Row(path="/v1/accounts/spare", **ADMINS, admin=204),
    # Who may is told that this is no picture.
    "PUT /v1/accounts/{name}/avatar": Row(
        path="/v1/accounts/user/avatar", json={}, guest=403, user=400, other=403, admin=400
    ),
    "DELETE /v1/accounts/{name}/avatar": Row(
        path="/v1/accounts/user/avatar", guest=403, user=404, other=403, admin=404
    ),
    "GET /v1/accounts/{name}/devices": Row(path=DEVICES, guest=403, other=403),
    "POST /v1/accounts/{name}/devices": Row(
        path=DEVICES,
        json={"name": "{new}", "kind": "api_key"},
        guest=403,
        user=201,
        other=403,
        admin=201,
    ),
    "DELETE /v1/accounts/{name}/devices/{kind}/{device}": Row(
        path=f"{DEVICES}/app_password/phone", guest=403, user=204, other=403, admin=404
    ),
    "GET /v1/jobs": Row(),
    "GET /v1/jobs/{number}": Row(path="/v1/jobs/{job}", guest=404, other=404),
    "POST /v1/jobs/{number}/cancel": Row(
        path="/v1/jobs/{job}/cancel", guest=404, user=202, other=404, admin=202
    ),
    "GET /v1/cache": Row(**ADMINS),
    "DELETE /v1/cache/{track_id}": Row(path="/v1/cache/tr-none", **ADMINS, admin=404),
    "GET /v1/searches": Row(),
    "DELETE /v1/searches": Row(guest=204, user=204, other=204, admin=204),
    "GET /v1/keeps": Row(),
    "PUT /v1/keeps/{identifier}": Row(
        path="/v1/keeps/tr-aaaaaaaaaaaaa", guest=404, user=404, other=404, admin=404
    ),
    "DELETE /v1/keeps/{identifier}": Row(
        path="/v1/keeps/tr-aaaaaaaaaaaaa", guest=404, user=404, other=404, admin=404
    ),
    "GET /v1/plugins": Row(**ADMINS),
    "DELETE /v1/plugins/{plugin}/suspension": Row(
        path="/v1/plugins/absent/suspension", **ADMINS, admin=404
    ),
    "GET /v1/sources": Row(**ADMINS),
    "DELETE /v1/sources/{source}/answers": Row(
        path="/v1/sources/tidal/answers", **ADMINS, admin=404
    ),
    "GET /v1/tracks/{track}/links": Row(path=LINKS, guest=404, user=404, other=404, admin=404),
    "POST /v1/tracks/{track}/links": Row(path=LINKS, guest=404, user=404, other=404, admin=404),
    "PUT /v1/tracks/{track}/links/{other}": Row(
        path=f"{LINKS}/tr-none", json={"is_same": True}, **ADMINS, admin=404
    ),
    "DELETE /v1/tracks/{track}/links/{other}": Row(path=f"{LINKS}/tr-none", **ADMINS, admin=404),
    "GET /v1/tracks/{track}/analyses": Row(
        path="/v1/tracks/tr-nothing/analyses", guest=404, user=404, other=404, admin=404
    ),
    # No plugin runs here that could.
    "POST /v1/recognize": Row(json={}, guest=501, user=501, other=501, admin=501),
    "POST /v1/wanted": Row(json={"artist": "{new}", "title": "A"}, **ADMINS, admin=202),
    "GET /v1/scan": Row(),
    "POST /v1/scan": Row(json={}, **ADMINS, admin=202),
    "GET /v1/scan/remarks": Row(**ADMINS),
    "GET /v1/scan/duplicates": Row(**ADMINS),
}


async def routes(api: Api) -> set[str]:
    """Return all routes but those of the description, which is for everybody."""
    schema = (await api.ask("anonymous", "GET", "/docs/openapi.json")).json()
    return {
        f"{method.upper()} {path.removeprefix('/api')}"
        for path, item in schema["paths"].items()
        for method in item
        if method in ("get", "post", "put", "patch", "delete")
    }


async def test_every_route_has_its_row_and_each_gets_what_it_says(api: Api) -> None:
    assert await routes(api) == TABLE.keys()
    user = await api.server.services.accounts.named("user")
    await api.server.services.accounts.add("spare")
    await api.server.people.devices.add_app_password("user", "phone")
    job = await api.server.services.jobs.enqueue(
        NewJob(kind="nobody's", key="a", title="A", user_id=user.id)
    )
    numbers = count()
    wrong = []
    for route, row in TABLE.items():
        method, path = route.split(" ")
        for who in PEOPLE:
            word = f"new{next(numbers)}"
            json = (
                {key: word if value == "{new}" else value for key, value in row.json.items()}
                if isinstance(row.json, dict)
                else row.json
            )
            asked = (row.path or path).format(job=job.id)
            status = (await api.ask(who, method, asked, json)).status_code
            if status != getattr(row, who):
                wrong.append(f"{who}: {route} gets {status}, not {getattr(row, who)}")
    assert wrong == []


@pytest.mark.parametrize("path", ["/docs", "/docs/openapi.json"])
async def test_the_description_is_for_everybody(api: Api, path: str) -> None:
    assert (await api.ask("anonymous", "GET", path)).status_code == 200


@pytest.mark.parametrize("path", ["/v1/nothing", "/nothing", "/docsy", "/v1/../docs/x"])
async def test_what_is_not_there_is_a_problem(api: Api, path: str) -> None:
    answer = await api.ask("admin", "GET", path)
    assert answer.status_code == 404
