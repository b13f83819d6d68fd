"""Devices: secrets of their own, when they were used, and what taking one back leaves alone."""

import logging
from hashlib import md5
from typing import Protocol

import pytest

from hydrophone.config import Config
from hydrophone.domain.device import LostDevice, SecretKind
from hydrophone.domain.user import User
from hydrophone.errors import (
    AuthenticationError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TokenLoginUnavailableError,
)
from hydrophone.server.commands import open_people
from hydrophone.server.wiring import Server, open_server
from hydrophone.services.devices import Devices
from hydrophone.storage.data_folder import KEY_FILE

pytestmark = pytest.mark.anyio

DAY = 86_400_000


class StandingClock(Protocol):
    time: int


def token(password: str) -> tuple[str, str]:
    return md5(f"{password}salt".encode()).hexdigest(), "salt"


@pytest.fixture
def devices(server: Server) -> Devices:
    return server.people.devices


async def names(devices: Devices) -> list[tuple[str, SecretKind]]:
    return [(one.name, one.kind) for one in await devices.of_user("anna")]


async def test_each_device_has_secrets_of_its_own(
    server: Server, devices: Devices, anna: User
) -> None:
    logins = server.services.logins
    phone = await devices.add_app_password("ANNA", " Pixel ")
    assert (phone.user_name, phone.device, phone.kind) == (
        "anna", "Pixel", SecretKind.APP_PASSWORD
    )  # fmt: skip
    key = await devices.add_api_key("anna", "Pixel")
    tablet = await devices.add_app_password("anna", "Tablet")
    for secret in (phone.secret, tablet.secret):
        assert await logins.verify_token("anna", *token(secret)) == anna
        assert await logins.verify_password("anna", secret) == anna
    assert await logins.verify_api_key(key.secret) == anna
    assert await names(devices) == [
        ("Tablet", SecretKind.APP_PASSWORD),
        ("Pixel", SecretKind.APP_PASSWORD),
        ("login", SecretKind.APP_PASSWORD),
        ("Pixel", SecretKind.API_KEY),
    ]


async def test_a_revoked_secret_ends_alone(server: Server, devices: Devices, anna: User) -> None:
    logins = server.services.logins
    phone = await devices.add_app_password("anna", "Pixel")
    key = await devices.add_api_key("anna", "Pixel")
    tablet = await devices.add_app_password("anna", "Tablet")
    await logins.verify_token("anna", *token(phone.secret))
    await logins.verify_api_key(key.secret)

    (gone,) = await devices.revoke("anna", "PIXEL", SecretKind.APP_PASSWORD)
    assert (gone.name, gone.kind) == ("Pixel", SecretKind.APP_PASSWORD)
    with pytest.raises(AuthenticationError):
        await logins.verify_token("anna", *token(phone.secret))
    with pytest.raises(AuthenticationError):
        await logins.verify_password("anna", phone.secret)
    await logins.verify_api_key(key.secret)
    await devices.revoke("anna", "Pixel")
    with pytest.raises(AuthenticationError):
        await logins.verify_api_key(key.secret)
    await logins.verify_token("anna", *token(tablet.secret))
    with pytest.raises(NotFoundError, match="a device called 'Pixel'"):
        await devices.revoke("anna", "Pixel")


async def test_without_the_password_of_the_account_tokens_need_an_app_password(
    server: Server, devices: Devices
) -> None:
    made = await server.services.accounts.add("carl")
    await devices.revoke("carl", "login")
    with pytest.raises(TokenLoginUnavailableError):
        await server.services.logins.verify_token("carl", *token(made.password))
    await server.services.logins.verify_password("carl", made.password)


async def test_what_cannot_be_made(devices: Devices, anna: User) -> None:
    await devices.add_app_password("anna", "Pixel")
    with pytest.raises(ConflictError, match="an app password for 'Pixel' already"):
        await devices.add_app_password("anna", "pixel")
    await devices.add_api_key("anna", "pixel")
    with pytest.raises(ConflictError, match="an API key for 'pixel' already"):
        await devices.add_api_key("anna", "Pixel")
    for name in ("", " ", "a" * 101, "a\nb", "Login", "beside login"):
        with pytest.raises(InvalidInputError):
            await devices.add_app_password("anna", name)
    for call in (devices.add_app_password, devices.add_api_key, devices.revoke):
        with pytest.raises(NotFoundError, match="no user 'nobody'"):
            await call("nobody", "Pixel")
    with pytest.raises(NotFoundError, match="no user 'nobody'"):
        await devices.of_user("nobody")


async def test_the_day_of_the_last_login_is_kept(
    server: Server, devices: Devices, anna: User, clock: StandingClock
) -> None:
    logins, use = server.services.logins, server.people.device_use

    async def last_used() -> dict[str, int | None]:
        await use.flush()
        return {one.name: one.last_used for one in await devices.of_user("anna")}

    phone = await devices.add_app_password("anna", "Pixel")
    tablet = await devices.add_app_password("anna", "Tablet")
    key = await devices.add_api_key("anna", "script")
    today = clock.time - clock.time % DAY
    assert (await last_used())["Pixel"] is None
    await logins.verify_token("anna", *token(phone.secret))
    await logins.verify_password("anna", tablet.secret)
    await logins.verify_api_key(key.secret)
    with pytest.raises(AuthenticationError):
        await logins.verify_token("anna", *token("wrong"))
    used = await last_used()
    assert (used["Pixel"], used["Tablet"], used["script"]) == (today, today, today)
    clock.time += DAY
    await logins.verify_token("anna", md5(f"{phone.secret}new".encode()).hexdigest(), "new")
    used = await last_used()
    assert (used["Pixel"], used["Tablet"]) == (today + DAY, today)


async def test_a_new_device_of_an_old_name_was_never_used(
    server: Server, devices: Devices, anna: User
) -> None:
    first = await devices.add_api_key("anna", "script")
    await server.services.logins.verify_api_key(first.secret)
    await server.people.device_use.flush()
    await devices.revoke("anna", "script")
    second = await devices.add_api_key("anna", "script")
    used = {one.name: one.last_used for one in await devices.of_user("anna")}
    assert used["script"] is None
    await server.services.logins.verify_api_key(second.secret)
    await server.people.device_use.flush()
    used = {one.name: one.last_used for one in await devices.of_user("anna")}
    assert used["script"] is not None


async def test_another_key_file_ends_app_passwords_and_nothing_else(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_people(config, make=True) as people:
        carl = await people.accounts.add("carl", password="my own")
        await people.devices.add_app_password("carl", "Pixel")
        key = await people.devices.add_api_key("carl", "script")
        assert await people.devices.lost() == ()
    (config.server.data_dir / KEY_FILE).unlink()
    with caplog.at_level(logging.WARNING):
        async with open_server(config) as server:
            logins, devices = server.services.logins, server.people.devices
            assert await devices.lost() == (
                LostDevice(user_name="carl", name="beside login"),
                LostDevice(user_name="carl", name="Pixel"),
            )
            assert "carl: beside login; carl: Pixel" in caplog.text
            assert "hydrophone users app-password" in caplog.text
            with pytest.raises(TokenLoginUnavailableError):
                await logins.verify_token("carl", *token(carl.app_password))
            await logins.verify_password("carl", "my own")
            await logins.verify_api_key(key.secret)
            lost = {one.name: one.is_lost for one in await devices.of_user("carl")}
            assert lost == {"Pixel": True, "script": False, "beside login": True}

            again = await devices.add_app_password("carl", "pixel")
            await server.services.accounts.set_password("carl", "my own")
            assert await devices.lost() == ()
            await logins.verify_token("carl", *token(again.secret))
    caplog.clear()
    async with open_server(config):
        assert "key file" not in caplog.text
