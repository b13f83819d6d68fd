"""Accounts: how they come, change and go, and who may look at whom."""

import pytest

from hydrophone.config import Config
from hydrophone.domain.units import Kbps
from hydrophone.domain.user import AccountChanges, Roles, User
from hydrophone.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from hydrophone.server.commands import open_people
from hydrophone.server.wiring import Server, open_server
from hydrophone.storage.queries import devices, users

pytestmark = pytest.mark.anyio


async def test_the_first_admin_is_made_once(server: Server, config: Config) -> None:
    made = server.new_admin
    assert made is not None
    assert (made.user_name, made.app_password) == ("admin", made.password)
    assert await server.services.accounts.ensure_admin() is None


@pytest.mark.parametrize(
    ("before", "is_admin", "is_made"),
    [("anna", False, True), ("anna", True, False), ("Admin", False, False)],
)
async def test_accounts_that_were_made_before_the_first_start(
    config: Config, before: str, is_admin: bool, is_made: bool
) -> None:
    async with open_people(config, make=True) as people:
        await people.accounts.add(before, admin=is_admin)
    async with open_server(config) as server:
        assert (server.new_admin is not None) is is_made


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


async def test_an_admin_can_leave_libraries_out_but_not_add_any(server: Server) -> None:
    accounts, logins = server.services.accounts, server.services.logins
    for name, chosen, seen in (("berta", (2,), (2,)), ("anna", (1, 2), (1,)), ("carl", (2,), ())):
        password = (await accounts.add(name)).password
        user = await accounts.change(name, AccountChanges(libraries=chosen))
        assert user.libraries == seen
        assert (await logins.verify_password(name, password)).libraries == seen
    with pytest.raises(NotFoundError):
        await accounts.change("berta", AccountChanges(libraries=(1, 7)))
    stored = {one.name: one.libraries for one in await server.database.read(users.everybody)}
    # All that there are is no choice: a library that comes later is seen too.
    assert stored == {"admin": None, "anna": None, "berta": (2,), "carl": (2,)}


async def test_passwords_are_stored_hashed_or_encrypted(server: Server, anna: User) -> None:
    made = await server.services.accounts.set_password("anna")
    account = await server.database.read(users.by_name, "anna")
    assert account is not None
    assert account.password_hash.startswith("$argon2id$")
    for stored in await server.database.read(devices.app_passwords, anna.id):
        assert made.app_password.encode() not in stored.secret


async def test_what_a_user_may_do_is_changed_at_once(server: Server) -> None:
    accounts, logins = server.services.accounts, server.services.logins
    changes = AccountChanges(
        grant=frozenset({"share"}),
        revoke=frozenset({"download"}),
        email=" child@example.org ",
        max_bit_rate=Kbps(192),
    )
    made = await accounts.add("child", changes=changes)
    child = await logins.verify_password("child", made.password)
    assert (child.roles, child.email, child.max_bit_rate) == (
        Roles(share=True, download=False), "child@example.org", 192
    )  # fmt: skip
    changed = await accounts.change("CHILD", AccountChanges(grant=frozenset({"download"})))
    assert changed.roles == Roles(share=True, download=True)
    assert changed.max_bit_rate == 192
    assert await logins.verify_password("child", made.password) == changed


async def test_impossible_changes(server: Server, anna: User) -> None:
    change = server.services.accounts.change
    for wrong in (
        AccountChanges(grant=frozenset({"share"}), revoke=frozenset({"share"})),
        AccountChanges(email="a\nb"),
        AccountChanges(email="x" * 255),
        AccountChanges(max_bit_rate=Kbps(-1)),
        AccountChanges(max_bit_rate=Kbps(10_001)),
    ):
        with pytest.raises(InvalidInputError):
            await change("anna", wrong)
    with pytest.raises(NotFoundError):
        await change("nobody", AccountChanges())


async def test_the_last_admin_stays_an_admin(server: Server) -> None:
    change = server.services.accounts.change
    step_down, step_up = (
        AccountChanges(revoke=frozenset({"admin"})), AccountChanges(grant=frozenset({"admin"}))
    )  # fmt: skip
    with pytest.raises(ConflictError, match="last admin"):
        await change("admin", step_down)
    await server.services.accounts.add("second")
    await change("second", step_up)
    assert (await change("admin", step_down)).roles.admin is False
    assert (await change("admin", step_down)).roles.admin is False
    with pytest.raises(ConflictError, match="last admin"):
        await change("second", step_down)
