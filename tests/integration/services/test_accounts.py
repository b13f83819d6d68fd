"""Logins of every kind, what is remembered of them, and accounts."""

from hashlib import md5
from pathlib import Path

import msgspec
import pytest

from hydrophone.config import AuthConfig, Config
from hydrophone.domain.user import User
from hydrophone.errors import (
    AuthenticationError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    StorageError,
    TokenLoginUnavailableError,
)
from hydrophone.server.wiring import Server, open_server
from hydrophone.services.credentials import KEY_FILE, load_key, make_password
from hydrophone.storage.queries import users

pytestmark = pytest.mark.anyio


def token(password: str, salt: str) -> str:
    return md5((password + salt).encode()).hexdigest()


async def test_the_first_admin_is_made_once(server: Server, config: Config) -> None:
    made = server.new_admin
    assert made is not None
    assert (made.user_name, made.app_password) == ("admin", made.password)
    assert await server.services.accounts.ensure_admin() is None


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
    with pytest.raises(TokenLoginUnavailableError, match="hydrophone users passwd carl"):
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


def test_a_damaged_key_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"garbage")
    with pytest.raises(StorageError, match="is damaged"):
        load_key(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == b"garbage"


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


async def test_a_failure_is_remembered_for_the_same_credentials_only(
    server: Server, anna: User
) -> None:
    accounts, logins = server.services.accounts, server.services.logins
    made = await accounts.set_password("anna")
    for _ in range(3):
        with pytest.raises(AuthenticationError):
            await logins.verify_password("anna", "wrong")
    assert (await logins.verify_password("anna", made.password)).id == anna.id


async def test_names_and_passwords_have_limits(server: Server) -> None:
    accounts = server.services.accounts
    for name in ("", "  ", "a" * 101, "line\nbreak", "\0"):
        with pytest.raises(InvalidInputError):
            await accounts.add(name)
    for password in ("", "x" * 1001):
        with pytest.raises(InvalidInputError):
            await accounts.add("dora", password=password)
    await accounts.add("dora")
    with pytest.raises(ConflictError):
        await accounts.add("DORA")
    with pytest.raises(NotFoundError):
        await accounts.set_password("nobody")


async def test_the_last_admin_stays(server: Server) -> None:
    accounts = server.services.accounts
    with pytest.raises(ConflictError, match="last admin"):
        await accounts.remove("admin")
    await accounts.add("second", admin=True)
    await accounts.remove("admin")
    assert [user.name for user in await accounts.everybody()] == ["second"]


async def test_others_are_shown_to_admins_only(server: Server, anna: User, admin: User) -> None:
    accounts = server.services.accounts
    assert (await accounts.user(anna, "ANNA")).name == "anna"
    assert (await accounts.user(admin, "anna")).name == "anna"
    with pytest.raises(NotPermittedError):
        await accounts.user(anna, "admin")
    with pytest.raises(NotPermittedError):
        await accounts.user(anna, "nobody")
    with pytest.raises(NotFoundError):
        await accounts.user(admin, "nobody")


async def test_users_see_the_libraries_that_name_them(anna: User, berta: User) -> None:
    assert (anna.libraries, berta.libraries) == ((1,), (1, 2))


async def test_passwords_are_stored_hashed_or_encrypted(server: Server, anna: User) -> None:
    made = await server.services.accounts.set_password("anna")
    account = await server.database.read(users.by_name, "anna")
    assert account is not None
    assert account.password_hash.startswith("$argon2id$")
    for stored in await server.database.read(users.app_passwords, anna.id):
        assert made.app_password.encode() not in stored.secret


def test_made_passwords_differ_and_can_be_typed() -> None:
    made = {make_password() for _ in range(100)}
    assert len(made) == 100
    assert all(set(password) <= set("abcdefghjkmnpqrstuvwxyz23456789-") for password in made)
