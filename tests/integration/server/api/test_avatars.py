"""Pictures that users send: scaled, told of, refused with a reason, taken away."""

from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.native_api import Api

pytestmark = pytest.mark.anyio


async def put(api: Api, who: str, name: str, body: bytes, kind: str = "") -> httpx.Response:
    headers = {"Authorization": f"Bearer {api.keys[who]}", "Content-Type": kind}
    # Litestar and httpx type the same protocol differently.
    app: Any = api.app
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test/api", headers=headers
    ) as client:
        return await client.put(f"/v1/accounts/{name}/avatar", content=body)


@pytest.mark.parametrize(
    ("who", "name", "form", "kind"),
    [
        ("user", "user", "JPEG", "image/jpeg"),
        ("user", "USER", "PNG", "image/png"),
        ("admin", "other", "WEBP", "application/x-www-form-urlencoded"),
        ("admin", "admin", "GIF", ""),
    ],
)
async def test_a_picture_is_set_and_taken_away(
    api: Api, who: str, name: str, form: str, kind: str
) -> None:
    avatars, accounts = api.server.services.avatars, api.server.services.accounts
    drawn = await avatars.picture(name)
    before = (await accounts.named(name)).avatar_changed
    picture = BytesIO()
    Image.open(BytesIO(make_picture(color="teal", size=900))).save(picture, form)
    answer = await put(api, who, name, picture.getvalue(), kind)
    assert (answer.status_code, answer.content) == (204, b"")
    shown = await avatars.picture(name)
    assert Image.open(BytesIO(shown.data)).size == (512, 512)
    changed = (await accounts.named(name)).avatar_changed
    assert changed is not None
    assert changed > (before or 0)
    path = f"/v1/accounts/{name}/avatar"
    assert (await api.ask(who, "DELETE", path)).status_code == 204
    assert await avatars.picture(name) == drawn
    again = await api.ask(who, "DELETE", path)
    assert (again.status_code, "has no picture" in again.json()["detail"]) == (404, True)


async def test_the_description_says_what_is_taken(api: Api) -> None:
    schema = await api.get("anonymous", "/docs/openapi.json")
    body = schema["paths"]["/api/v1/accounts/{name}/avatar"]["put"]["requestBody"]
    assert {"image/jpeg", "image/png", "image/webp", "image/gif"} <= body["content"].keys()
    assert body["required"]
    sound = schema["paths"]["/api/v1/recognize"]["post"]["requestBody"]
    assert (set(sound["content"]), sound["required"]) == (
        {"audio/*", "application/octet-stream"},
        True,
    )


@pytest.mark.parametrize(
    ("who", "name", "body", "status", "says"),
    [
        ("user", "user", b"", 400, "empty"),
        ("user", "user", b"no picture", 400, "The picture cannot be used"),
        ("user", "user", b"\xff\xd8\xff\xe0" + bytes(100), 400, "The picture cannot be used"),
        ("user", "user", bytes(32 * 1024 * 1024 + 1), 413, "larger than 32 MiB"),
        ("user", "other", b"no picture", 403, "Only an admin"),
        ("guest", "guest", b"no picture", 403, "settings"),
        ("admin", "nobody", b"no picture", 404, "nobody"),
    ],
    ids=["empty", "text", "broken", "large", "another's", "without the role", "unknown"],
)
async def test_what_is_refused(
    api: Api, who: str, name: str, body: bytes, status: int, says: str
) -> None:
    answer = await put(api, who, name, body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
