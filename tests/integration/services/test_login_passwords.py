"""Passwords that are set in an app: who chose them decides what is kept for tokens."""

from hashlib import md5

import pytest

from hydrophone.domain.user import AccountChanges, User
from hydrophone.errors import (
    AuthenticationError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    TokenLoginUnavailableError,
)
from hydrophone.server.wiring import Server
from hydrophone.storage.queries import devices

pytestmark = pytest.mark.anyio


async def by_token(server: Server, name: str, password: str) -> User:
    token = md5(f"{password}salt".encode(), usedforsecurity=False).hexdigest()
    return await server.services.logins.verify_token(name, token, "salt")


async def labels(server: Server, user: User) -> set[str]:
    return {one.label for one in await server.database.read(devices.app_passwords, user.id)}


async def test_what_an_admin_gives_works_by_token_at_once(server: Server, admin: User) -> None:
    accounts = server.services.accounts
    await accounts.create("dora", "first word", AccountChanges())
    dora = await by_token(server, "dora", "first word")
    assert await labels(server, dora) == {"given login"}
    with pytest.raises(AuthenticationError) as refused:
        await by_token(server, "dora", "wrong")
    assert not isinstance(refused.value, TokenLoginUnavailableError)
    await accounts.change_password(admin, "DORA", "second word")
    assert await by_token(server, "dora", "second word") == dora
    await accounts.update(admin, "dora", AccountChanges(email="d@example.org"), "third word")
    assert (await by_token(server, "dora", "third word")).email == "d@example.org"
    with pytest.raises(AuthenticationError):
        await by_token(server, "dora", "second word")


async def test_of_a_password_of_ones_own_only_the_hash_is_kept(
    server: Server, anna: User, admin: User
) -> None:
    accounts = server.services.accounts
    await accounts.change_password(anna, "anna", "my own")
    assert await labels(server, anna) == set()
    assert (await server.services.logins.verify_password("anna", "my own")).id == anna.id
    with pytest.raises(TokenLoginUnavailableError):
        await by_token(server, "anna", "my own")
    await accounts.update(admin, "admin", AccountChanges(), "the admin's own")
    assert await labels(server, admin) == set()


async def test_an_app_password_that_was_shown_survives_a_change_in_an_app(
    server: Server, anna: User
) -> None:
    accounts = server.services.accounts
    shown = (await accounts.set_password("anna", "mine")).app_password
    await accounts.change_password(anna, "anna", "mine now")
    assert await by_token(server, "anna", shown) == anna
    shown_later = (await accounts.set_password("anna", "mine again")).app_password
    assert await by_token(server, "anna", shown_later) == anna
    with pytest.raises(TokenLoginUnavailableError):
        await by_token(server, "anna", shown)


async def test_who_may_change_a_password(server: Server, anna: User, admin: User) -> None:
    accounts = server.services.accounts
    with pytest.raises(NotPermittedError):
        await accounts.change_password(anna, "admin", "mine")
    with pytest.raises(NotPermittedError):
        await accounts.change_password(anna, "nobody", "mine")
    with pytest.raises(NotFoundError):
        await accounts.change_password(admin, "nobody", "mine")
    with pytest.raises(InvalidInputError):
        await accounts.change_password(anna, "anna", "x" * 1001)
    fixed = await accounts.change("anna", AccountChanges(revoke=frozenset({"settings"})))
    with pytest.raises(NotPermittedError):
        await accounts.change_password(fixed, "anna", "mine")


async def test_nobody_deletes_himself(server: Server, anna: User, admin: User) -> None:
    accounts = server.services.accounts
    await accounts.add("second", admin=True)
    with pytest.raises(ConflictError, match="logged in"):
        await accounts.remove("Admin", by=admin)
    await accounts.remove("anna", by=admin)
    with pytest.raises(NotFoundError):
        await accounts.user(admin, anna.name)
