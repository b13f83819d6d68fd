"""A flood of wrong passwords: whom it slows down, and whom it must not."""

import asyncio
from hashlib import md5

import pytest

from hydrophone.domain.user import User
from hydrophone.errors import AuthenticationError, TooManyTriesError, UnavailableError
from hydrophone.server.wiring import Server
from hydrophone.services.password_hashing import PasswordHashing

pytestmark = pytest.mark.anyio

FAR, HOME = "198.51.100.1", "192.0.2.1"


async def guess(server: Server, number: int, address: str = FAR, name: str = "carl") -> Exception:
    try:
        await server.services.logins.verify_password(name, f"guess {number}", address=address)
    except (AuthenticationError, UnavailableError) as error:
        return error
    raise AssertionError("A wrong password was accepted.")


@pytest.fixture
async def carl(server: Server) -> str:
    """Make Carl with a password of his own; return the app password beside it."""
    return (await server.services.accounts.add("carl", password="my own")).app_password


async def test_a_guesser_waits_and_the_owner_elsewhere_does_not(server: Server, carl: str) -> None:
    logins = server.services.logins
    for number in range(10):
        assert type(await guess(server, number)) is AuthenticationError
    assert isinstance(await guess(server, 10), TooManyTriesError)
    assert isinstance(await guess(server, 11, "::ffff:" + FAR), TooManyTriesError)
    assert (await logins.verify_password("carl", "my own", address=HOME)).name == "carl"
    # Verified a moment ago, and what nobody can guess: never throttled, wherever it comes from.
    assert (await logins.verify_password("CARL", "my own", address=FAR)).name == "carl"
    assert (await logins.verify_password("carl", carl, address=FAR)).name == "carl"
    token = md5(f"{carl}salt".encode()).hexdigest()
    assert (await logins.verify_token("carl", token, "salt", address=FAR)).name == "carl"


async def test_unknown_names_are_throttled_alike(server: Server) -> None:
    for number in range(10):
        await guess(server, number, name="nobody")
    assert isinstance(await guess(server, 10, name="nobody"), TooManyTriesError)


async def test_an_app_with_an_old_password_does_no_harm(server: Server, carl: str) -> None:
    for _ in range(30):
        assert type(await guess(server, 1)) is AuthenticationError
    await server.services.logins.verify_password("carl", "my own", address=FAR)


async def test_twenty_requests_at_once_are_one_check(server: Server, carl: str) -> None:
    """More than the line takes from one network, were they checked one by one."""
    logins = server.services.logins
    found = await asyncio.gather(
        *(logins.verify_password("carl", "my own", address=HOME) for _ in range(20))
    )
    assert {user.name for user in found} == {"carl"}


async def test_others_overtake_a_flood(server: Server, anna: User, carl: str) -> None:
    logins = server.services.logins
    made = await server.services.accounts.set_password("anna")
    await logins.verify_password("carl", "my own", address=HOME)
    flood = [
        asyncio.create_task(guess(server, number, name=f"name {number}")) for number in range(300)
    ]
    await asyncio.sleep(0)
    waiting = len([task for task in flood if not task.done()])
    assert waiting
    token = md5(f"{made.app_password}salt".encode()).hexdigest()
    assert (await logins.verify_token("anna", token, "salt", address=HOME)).name == "anna"
    assert (await logins.verify_password("carl", "my own", address=HOME)).name == "carl"
    # The flood has not moved on meanwhile: these two waited for nothing.
    assert len([task for task in flood if not task.done()]) == waiting
    errors = await asyncio.gather(*flood)
    assert any(isinstance(error, UnavailableError) for error in errors)


async def test_a_new_login_waits_behind_a_few_of_the_flood_only(server: Server, carl: str) -> None:
    logins = server.services.logins
    done = 0

    async def one(number: int) -> None:
        nonlocal done
        error = await guess(server, number, name=f"name {number}")
        done += not isinstance(error, UnavailableError)

    flood = asyncio.gather(*(one(number) for number in range(300)))
    await asyncio.sleep(0)
    assert (await logins.verify_password("carl", "my own", address=HOME)).name == "carl"
    assert done <= 10
    await flood


async def test_the_line_is_bounded() -> None:
    hashing = PasswordHashing()
    password_hash = await hashing.hash("right")
    checks = [
        asyncio.create_task(hashing.check("wrong", password_hash, f"crowd {number}"))
        for number in range(514)
    ]
    await asyncio.sleep(0)
    refused = [check for check in checks if check.done()]
    assert len(refused) == 2
    for check in refused:
        with pytest.raises(UnavailableError):
            await check
    for check in checks:
        check.cancel()
    await asyncio.gather(*checks, return_exceptions=True)
    assert await hashing.check("right", password_hash, "crowd")


async def test_names_without_end_take_no_memory(server: Server, anna: User) -> None:
    made = await server.services.accounts.set_password("anna")
    with pytest.raises(AuthenticationError):
        await server.services.logins.verify_password("anna" + " " * 2000, made.password)
