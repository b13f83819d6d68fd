"""A flood of wrong passwords: whom it slows down, and whom it must not."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import md5

import pytest

from hydrophone.config import Config
from hydrophone.errors import AuthenticationError, TooManyTriesError, UnavailableError
from hydrophone.server.commands import open_people
from hydrophone.server.people import People
from hydrophone.services.password_hashing import PasswordHashing

pytestmark = pytest.mark.anyio

FAR, HOME = "198.51.100.1", "192.0.2.1"


async def guess(people: People, number: int, address: str = FAR, name: str = "carl") -> Exception:
    try:
        await people.logins.verify_password(name, f"guess {number}", address=address)
    except (AuthenticationError, UnavailableError) as error:
        return error
    raise AssertionError("A wrong password was accepted.")


@pytest.fixture
async def people(config: Config) -> AsyncIterator[People]:
    """Open accounts alone: a server looks each second who has changed, and forgets logins then."""
    async with open_people(config, make=True) as opened:
        # The first wait is a second, which a busy machine may take from guess to guess.
        opened.logins._throttle._now = lambda: 1000.0
        await opened.accounts.add("anna")
        yield opened


@pytest.fixture
async def carl(people: People) -> str:
    """Make Carl with a password of his own; return the app password beside it."""
    return (await people.accounts.add("carl", password="my own")).app_password


async def test_a_guesser_waits_and_the_owner_elsewhere_does_not(people: People, carl: str) -> None:
    logins = people.logins
    for number in range(10):
        assert type(await guess(people, number)) is AuthenticationError
    assert isinstance(await guess(people, 10), TooManyTriesError)
    assert isinstance(await guess(people, 11, "::ffff:" + FAR), TooManyTriesError)
    assert (await logins.verify_password("carl", "my own", address=HOME)).name == "carl"
    # Verified a moment ago, and what nobody can guess: never throttled, wherever it comes from.
    assert (await logins.verify_password("CARL", "my own", address=FAR)).name == "carl"
    assert (await logins.verify_password("carl", carl, address=FAR)).name == "carl"
    token = md5(f"{carl}salt".encode()).hexdigest()
    assert (await logins.verify_token("carl", token, "salt", address=FAR)).name == "carl"


async def test_unknown_names_are_throttled_alike(people: People) -> None:
    for number in range(10):
        await guess(people, number, name="nobody")
    assert isinstance(await guess(people, 10, name="nobody"), TooManyTriesError)


async def test_an_app_with_an_old_password_does_no_harm(people: People, carl: str) -> None:
    for _ in range(30):
        assert type(await guess(people, 1)) is AuthenticationError
    await people.logins.verify_password("carl", "my own", address=FAR)


async def test_twenty_requests_at_once_are_one_check(people: People, carl: str) -> None:
    """More than the line takes from one network, were they checked one by one."""
    logins = people.logins
    found = await asyncio.gather(
        *(logins.verify_password("carl", "my own", address=HOME) for _ in range(20))
    )
    assert {user.name for user in found} == {"carl"}


async def test_others_overtake_a_flood(people: People, carl: str) -> None:
    logins = people.logins
    made = await people.accounts.set_password("anna")
    await logins.verify_password("carl", "my own", address=HOME)
    flood = [
        asyncio.create_task(guess(people, number, name=f"name {number}")) for number in range(300)
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


async def test_a_new_login_waits_behind_a_few_of_the_flood_only(people: People, carl: str) -> None:
    logins = people.logins
    done = 0

    async def one(number: int) -> None:
        nonlocal done
        error = await guess(people, number, name=f"name {number}")
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


async def test_names_without_end_take_no_memory(people: People) -> None:
    made = await people.accounts.set_password("anna")
    with pytest.raises(AuthenticationError):
        await people.logins.verify_password("anna" + " " * 2000, made.password)
