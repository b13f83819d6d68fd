"""Accounts: how they come, change and go, and who may look at whom."""

import pytest

from hydrophone.config import Config
from hydrophone.domain.user import User
from hydrophone.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from hydrophone.server.wiring import Server
from hydrophone.storage.queries import devices, users

pytestmark = pytest.mark.anyio


async def test_the_first_admin_is_made_once(server: Server, config: Config) -> None:
    made = server.new_admin
    assert made is not None
    assert (made.user_name, made.app_password) == ("admin", made.password)
    assert await server.services.accounts.ensure_admin() is None


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
    for stored in await server.database.read(devices.app_passwords, anna.id):
        assert made.app_password.encode() not in stored.secret
