"""Pictures of users: set, scaled, drawn, taken away."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError
from hydrophone.server.wiring import Server
from hydrophone.testing.audio_files import make_picture

pytestmark = pytest.mark.anyio


async def test_a_picture_is_scaled_and_told_of(
    server: Server, anna: User, admin: User, clock: Any, tmp_path: Path
) -> None:
    avatars, accounts = server.services.avatars, server.services.accounts
    drawn = await avatars.picture("ANNA")
    assert drawn == await avatars.picture("anna")
    assert Image.open(BytesIO(drawn.data)).size == (256, 256)
    assert (await accounts.user(admin, "anna")).avatar_changed is None
    file = tmp_path / "anna.jpg"
    file.write_bytes(make_picture(color="teal", size=900))
    await avatars.set_from_file("Anna", file)
    picture = await avatars.picture("anna")
    assert Image.open(BytesIO(picture.data)).size == (512, 512)
    assert picture.etag != drawn.etag
    assert (await accounts.user(admin, "anna")).avatar_changed == clock.time
    clock.time += 1000
    await avatars.remove("anna")
    assert await avatars.picture("anna") == drawn
    assert (await accounts.user(admin, "anna")).avatar_changed == clock.time
    with pytest.raises(NotFoundError):
        await avatars.remove("anna")


async def test_what_is_no_picture_is_refused(server: Server, anna: User, tmp_path: Path) -> None:
    avatars = server.services.avatars
    file = tmp_path / "no.jpg"
    with pytest.raises(InvalidInputError, match="cannot be read"):
        await avatars.set_from_file("anna", file)
    file.write_bytes(b"no picture")
    with pytest.raises(InvalidInputError, match="cannot be used"):
        await avatars.set_from_file("anna", file)
    with file.open("wb") as opened:
        opened.truncate(33 * 1024 * 1024)
    with pytest.raises(InvalidInputError, match="32 MiB"):
        await avatars.set_from_file("anna", file)
    with pytest.raises(NotFoundError):
        await avatars.picture("nobody")
