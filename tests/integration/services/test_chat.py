"""The chat: bounded in length, number and speed; nothing is missed by who asks for later ones."""

from typing import Any

import pytest

from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, UnavailableError
from hydrophone.server.wiring import Server
from hydrophone.services import chat as chat_module

pytestmark = pytest.mark.anyio


async def test_messages_in_one_moment_have_times_of_their_own(
    server: Server, anna: User, berta: User, clock: Any
) -> None:
    chat = server.services.chat
    for viewer, text in ((anna, " One "), (berta, "Two"), (anna, "Three")):
        await chat.add(viewer, text)
    found = await chat.messages(Timestamp(0))
    assert [(one.user_name, one.text) for one in found] == [
        ("anna", "Three"), ("Berta", "Two"), ("anna", "One"),
    ]  # fmt: skip
    assert [one.time - clock.time for one in found] == [2, 1, 0]
    assert await chat.messages(found[1].time) == found[:1]
    assert await chat.messages(found[0].time) == ()
    clock.time -= 5000
    await chat.add(anna, "After the clock was put back")
    assert (await chat.messages(found[0].time))[0].text == "After the clock was put back"
    await server.services.accounts.remove("anna")
    assert [one.text for one in await chat.messages(Timestamp(0))] == ["Two"]


async def test_limits(
    server: Server, anna: User, berta: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = server.services.chat
    for text in ("", " \n", "x" * 1001):
        with pytest.raises(InvalidInputError):
            await chat.add(anna, text)
    for number in range(20):
        await chat.add(anna, f"{number}")
    with pytest.raises(UnavailableError):
        await chat.add(anna, "One too many")
    await chat.add(berta, "Somebody else")
    clock.time += 61_000
    monkeypatch.setattr(chat_module, "_KEPT", 3)
    await chat.add(anna, "x" * 1000)
    found = await chat.messages(Timestamp(0))
    assert [one.text for one in found] == ["x" * 1000, "Somebody else", "19"]
