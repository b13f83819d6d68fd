"""Logins of every kind, and what is remembered of them."""

import asyncio
from hashlib import md5

import msgspec
import pytest

from hydrophone.config import AuthConfig, Config
from hydrophone.domain.user import User
from hydrophone.errors import (
    AuthenticationError,
    TokenLoginUnavailableError,
)
from hydrophone.server.wiring import Server, open_server
from hydrophone.storage.data_folder import KEY_FILE

pytestmark = pytest.mark.anyio


def token(password: str, salt: str) -> str:
    return md5((password + salt).encode()).hexdigest()


async def test_a_made_password_serves_every_kind_of_login(server: Server) -> None:
    accounts, logins = server.services.accounts, server.services.logins
    made = await accounts.add("Zoë")
    for name in ("Zoë", "ZOË", " zoë "):
        assert (await logins.verify_password(name, made.password)).name == "Zoë"
    for salt in ("", "a", "ü" * 100):
        user = await logins.verify_token("zoë", token(made.password, salt).upper(), salt)
        assert user.name == "Zoë"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("anna", "wrong"),
        ("anna", ""),
        ("nobody", "x"),
        ("", ""),
        ("anna", "\udcff"),
        ("a\0\udcff", "x"),
    ],
)
async def test_wrong_credentials_are_refused_alike(
    server: Server, anna: User, name: str, password: str
) -> None:
    logins = server.services.logins
    with pytest.raises(AuthenticationError, match="Wrong username or password"):
        await logins.verify_password(name, password)
    with pytest.raises(AuthenticationError, match="Wrong username or password"):
        await logins.verify_token(
            name, token(password.encode("utf-8", "replace").decode(), "s"), "s"
        )
    with pytest.raises(AuthenticationError):
        await logins.verify_api_key(password)


async def test_a_chosen_password_is_good_for_plain_login_alone(server: Server) -> None:
    accounts, logins = server.services.accounts, server.services.logins
    made = await accounts.add("carl", password="my own")
    assert made.password == ""
    assert made.app_password not in ("", "my own")
    await logins.verify_password("carl", "my own")
    await logins.verify_password("carl", made.app_password)
    await logins.verify_token("carl", token(made.app_password, "s"), "s")
    # DSub then sends the password itself.
    with pytest.raises(TokenLoginUnavailableError, match="hydrophone users app-password carl"):
        await logins.verify_token("carl", token("my own", "s"), "s")


async def test_recoverable_passwords_log_in_by_token(config: Config) -> None:
    comfortable = msgspec.structs.replace(config, auth=AuthConfig(recoverable_passwords=True))
    async with open_server(comfortable) as server:
        accounts, logins = server.services.accounts, server.services.logins
        await accounts.add("carl", password="my own")
        assert (await logins.verify_token("carl", token("my own", "s"), "s")).name == "carl"


async def test_without_the_key_file_tokens_cannot_be_checked(config: Config) -> None:
    async with open_server(config) as server:
        accounts = server.services.accounts
        made = await accounts.add("carl", password="my own")
    (config.server.data_dir / KEY_FILE).unlink()
    async with open_server(config) as server:
        accounts, logins = server.services.accounts, server.services.logins
        with pytest.raises(TokenLoginUnavailableError):
            await logins.verify_token("carl", token(made.app_password, "s"), "s")
        await logins.verify_password("carl", "my own")
        renewed = await accounts.set_password("carl")
        await logins.verify_token("carl", token(renewed.app_password, "s"), "s")


async def test_a_new_password_ends_the_old_one_also_where_it_is_remembered(
    server: Server, anna: User
) -> None:
    accounts, logins = server.services.accounts, server.services.logins
    first = await accounts.set_password("anna")
    await logins.verify_password("anna", first.password)
    await logins.verify_token("anna", token(first.password, "s"), "s")
    second = await accounts.set_password("anna")
    with pytest.raises(AuthenticationError):
        await logins.verify_password("anna", first.password)
    with pytest.raises(AuthenticationError):
        await logins.verify_token("anna", token(first.password, "s"), "s")
    await logins.verify_password("anna", second.password)


async def test_a_check_under_way_outlives_no_change_of_the_password(
    server: Server, anna: User
) -> None:
    accounts, logins = server.services.accounts, server.services.logins
    await accounts.set_password("anna", "of her own")
    async with asyncio.TaskGroup() as tasks:
        checking = tasks.create_task(logins.verify_password("anna", "of her own"))
        await asyncio.sleep(0)
        await accounts.remove("anna")
    assert checking.result().id == anna.id
    with pytest.raises(AuthenticationError):
        await logins.verify_password("anna", "of her own")


async def test_who_was_unknown_can_log_in_once_added(server: Server) -> None:
    accounts, logins = server.services.accounts, server.services.logins
    for name in ("dora", "d" * 101):
        with pytest.raises(AuthenticationError, match="Wrong username or password"):
            await logins.verify_token(name, token("x", "s"), "s")
    made = await accounts.add("dora")
    assert (await logins.verify_token("dora", token(made.password, "s"), "s")).name == "dora"


async def test_a_failure_is_remembered_for_the_same_credentials_only(
    server: Server, anna: User
) -> None:
    accounts, logins = server.services.accounts, server.services.logins
    made = await accounts.set_password("anna")
    for _ in range(3):
        with pytest.raises(AuthenticationError):
            await logins.verify_password("anna", "wrong")
    assert (await logins.verify_password("anna", made.password)).id == anna.id
