"""Logins of every kind, and what is remembered of them."""

import asyncio
from hashlib import md5
from typing import Any

import msgspec
import pytest

from hydrophone.config import AuthConfig, Config
from hydrophone.domain.user import LoginMechanism, User
from hydrophone.errors import (
    AuthenticationError,
    LoginMechanismOffError,
    TokenLoginUnavailableError,
    TooManyTriesError,
)
from hydrophone.server.commands import open_people
from hydrophone.server.wiring import Server, open_server
from hydrophone.storage.connection import connect
from hydrophone.storage.data_folder import DATABASE, KEY_FILE

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
    wording = "^Wrong username or app password.*hydrophone users app-password carl"
    with pytest.raises(TokenLoginUnavailableError, match=wording):
        await logins.verify_token("carl", token("my own", "s"), "s")


def with_auth(config: Config, **auth: Any) -> Config:
    return msgspec.structs.replace(config, auth=AuthConfig(**auth))


async def test_recoverable_passwords_log_in_by_token(config: Config) -> None:
    async with open_server(with_auth(config, recoverable_passwords=True)) as server:
        logins = server.services.logins
        made = await server.services.accounts.add("carl", password="my own")
        assert (made.password, made.app_password) == ("", ""), "what was typed is not shown"
        assert (await logins.verify_token("carl", token("my own", "s"), "s")).name == "carl"
        with pytest.raises(AuthenticationError, match="Wrong"):
            await logins.verify_token("carl", token("wrong", "s"), "s")
        await server.services.accounts.set_password("carl", "another")
        assert (await logins.verify_token("carl", token("another", "s"), "s")).name == "carl"
        with pytest.raises(AuthenticationError, match="Wrong"):
            await logins.verify_token("carl", token("my own", "s"), "s")


async def test_a_password_from_before_is_captured_by_the_next_plain_login(config: Config) -> None:
    async with open_server(config) as server:
        made = await server.services.accounts.add("carl", password="my own")
    async with open_server(with_auth(config, recoverable_passwords=True)) as server:
        logins = server.services.logins
        with pytest.raises(TokenLoginUnavailableError, match="Once is enough"):
            await logins.verify_token("carl", token("my own", "s"), "s")
        with pytest.raises(AuthenticationError):
            await logins.verify_password("carl", "wrong")
        await logins.verify_password("carl", made.app_password)
        with pytest.raises(TokenLoginUnavailableError):
            await logins.verify_token("carl", token("wrong", "s"), "s")
        await logins.verify_password("carl", "my own")
        for password in ("my own", made.app_password):
            assert (await logins.verify_token("carl", token(password, "s"), "s")).name == "carl"


async def test_switching_recoverable_passwords_off_deletes_the_copies(config: Config) -> None:
    async with open_server(with_auth(config, recoverable_passwords=True)) as server:
        admin = server.new_admin
        assert admin is not None
        await server.services.accounts.add("carl", password="my own")
        phone = await server.people.devices.add_app_password("carl", "Pixel")
    # A copy from before there was a label for it.
    with connect(config.server.data_dir / DATABASE, durable=False) as connection:
        connection.exec_driver_sql("UPDATE app_password SET label='login' WHERE label='own login'")
    async with open_server(config) as server:
        logins = server.services.logins
        stored = await server.people.devices.of_user("carl")
        assert [device.name for device in stored] == ["Pixel"]
        with pytest.raises(TokenLoginUnavailableError):
            await logins.verify_token("carl", token("my own", "s"), "s")
        await logins.verify_password("carl", "my own")
        await logins.verify_token("carl", token(phone.secret, "s"), "s")
        await logins.verify_token("admin", token(admin.password, "s"), "s")


async def test_guessing_a_recoverable_password_by_token_is_throttled(config: Config) -> None:
    async with open_server(with_auth(config, recoverable_passwords=True)) as server:
        logins = server.services.logins
        # The first wait is a second, which a busy machine may take from guess to guess.
        logins._throttle._now = lambda: 1000.0
        await server.services.accounts.add("carl", password="my own")
        right = token("my own", "s")
        await logins.verify_token("carl", right, "s", address="192.0.2.1")
        for number in range(10):
            with pytest.raises(AuthenticationError, match="Wrong"):
                await logins.verify_token("carl", token(str(number), "s"), "s", address="192.0.2.2")
        with pytest.raises(TooManyTriesError):
            await logins.verify_token("carl", token("my own", "x"), "x", address="192.0.2.2")
        # Verified already, and from elsewhere.
        await logins.verify_token("carl", right, "s", address="192.0.2.2")
        await logins.verify_token("carl", token("my own", "x"), "x", address="192.0.2.1")


async def test_guessing_at_many_accounts_is_throttled(config: Config) -> None:
    async with open_server(with_auth(config, recoverable_passwords=True)) as server:
        logins = server.services.logins
        names = [f"name{number}" for number in range(12)]
        for name in names:
            await server.services.accounts.add(name, password="my own")
        await logins.verify_token("name0", token("my own", "s"), "s", address="192.0.2.1")
        for number in range(100):
            name, wrong = names[1 + number // 10], token(str(number), "s")
            with pytest.raises(AuthenticationError, match="Wrong"):
                await logins.verify_token(name, wrong, "s", address="192.0.2.1")
        for guess in ("my own", "other"):
            proof = token(guess, "y")
            with pytest.raises(TooManyTriesError):
                await logins.verify_token("name11", proof, "y", address="192.0.2.1")
            with pytest.raises(TooManyTriesError):
                await logins.verify_password("name11", guess, address="192.0.2.1")
        # Was there before, comes from elsewhere, has what nobody can guess.
        await logins.verify_token("name0", token("my own", "x"), "x", address="192.0.2.1")
        await logins.verify_password("name0", "my own", address="192.0.2.1")
        await logins.verify_token("name11", token("my own", "x"), "x", address="192.0.2.2")
        phone = await server.people.devices.add_app_password("name11", "Pixel")
        await logins.verify_token("name11", token(phone.secret, "x"), "x", address="192.0.2.1")


async def test_a_mechanism_can_be_switched_off(config: Config) -> None:
    async with open_server(config) as server:
        made = await server.services.accounts.add("carl")
        key = (await server.people.devices.add_api_key("carl", "script")).secret
    proof = token(made.password, "s")
    for mechanism in LoginMechanism:
        async with open_server(with_auth(config, mechanisms=(mechanism,))) as server:
            logins = server.services.logins
            refused = {}
            for name, attempt in {
                LoginMechanism.PASSWORD: logins.verify_password("carl", made.password),
                LoginMechanism.TOKEN: logins.verify_token("carl", proof, "s"),
                LoginMechanism.API_KEY: logins.verify_api_key(key),
            }.items():
                try:
                    await attempt
                except AuthenticationError as error:
                    refused[name] = type(error)
            expected = {
                LoginMechanism.PASSWORD: LoginMechanismOffError,
                LoginMechanism.TOKEN: TokenLoginUnavailableError,
                LoginMechanism.API_KEY: LoginMechanismOffError,
            }
            del expected[mechanism]
            assert refused == expected


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


async def test_what_a_command_has_made_logs_in_at_once_and_is_no_guess(config: Config) -> None:
    """Nobody tells the server of what commands do; it looks itself, once a second."""
    async with (
        open_server(with_auth(config, recoverable_passwords=True)) as server,
        open_people(config) as command,
    ):
        logins = server.services.logins
        await server.services.accounts.add("carl", password="my own")
        for number in range(10):
            with pytest.raises(AuthenticationError, match="Wrong"):
                await logins.verify_password("carl", str(number))
        phone = await command.devices.add_app_password("carl", "Phone")
        assert (await logins.verify_password("carl", phone.secret)).name == "carl"
        tablet = await command.devices.add_app_password("carl", "Tablet")
        await logins.verify_token("carl", token(tablet.secret, "s"), "s")
        with pytest.raises(AuthenticationError, match="Wrong"):
            await logins.verify_password("dora", "hers")
        await command.accounts.add("dora", password="hers")
        assert (await logins.verify_password("dora", "hers")).name == "dora"
        key = await command.devices.add_api_key("carl", "Phone")
        assert (await logins.verify_api_key(key.secret)).name == "carl"
