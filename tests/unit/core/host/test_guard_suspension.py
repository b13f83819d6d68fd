"""When a plugin is left alone after faults, and how long."""

import pytest
from tests.unit.core.host.guarding import WORDS, ask, guard_of

from hydrophone.domain.facts import ArtistFacts
from hydrophone.errors import (
    NotAuthorizedError,
    OwnPaceError,
    ProviderUnavailableError,
    RetryLaterError,
)
from hydrophone.host.capabilities import LYRICS, METADATA, SOURCE
from hydrophone.host.guard import Answer, Fault, Guard, NotFound
from hydrophone.plugin.capabilities.metadata import ArtistQuery
from hydrophone.plugin.capabilities.source import Refusal, ResolveRequest, StreamHandle

pytestmark = pytest.mark.anyio


@pytest.fixture
def guard() -> Guard:
    return guard_of(LYRICS, timeout=30)


async def test_is_not_asked_after_five_faults(guard: Guard) -> None:
    for _ in range(5):
        await ask(guard, ProviderUnavailableError("down"))
    outcome = await ask(guard, WORDS)
    assert isinstance(outcome, Fault)
    assert isinstance(outcome.error, RetryLaterError)
    assert guard.calls == 5


async def test_not_authorized_and_nothing_there_are_no_reason_to_stop_asking(guard: Guard) -> None:
    for _ in range(9):
        await ask(guard, NotAuthorizedError("log in anew"))
        await ask(guard, ())
    assert await ask(guard, WORDS) == Answer(WORDS)


async def test_leaves_alone_what_wants_to_be(guard: Guard) -> None:
    await ask(guard, RetryLaterError("slow down", after=60))
    assert isinstance(await ask(guard, WORDS), Fault)
    assert guard.suspended["lyrics"] > 50


async def test_own_pace_is_no_fault(guard: Guard) -> None:
    outcome = await ask(guard, OwnPaceError("not so fast", after=9))
    assert isinstance(outcome, Fault)
    assert (guard.faults, guard.last_error, guard.suspended) == (0, "", {})
    assert await ask(guard, WORDS) == Answer(WORDS)


async def test_is_asked_again_after_a_minute_at_the_latest(guard: Guard) -> None:
    await ask(guard, RetryLaterError("come back tomorrow", after=86_400))
    assert 50 < guard.suspended["lyrics"] <= 60


async def test_a_call_that_fails_does_not_stop_other_calls() -> None:
    guard = guard_of(METADATA)

    async def artist(request: ArtistQuery) -> ArtistFacts | None:
        raise ProviderUnavailableError("down")

    async def album(request: ArtistQuery) -> None:
        return None

    for _ in range(5):
        await guard.call(artist, ArtistQuery(name="Nobody"))
    assert list(guard.suspended) == ["artist"]
    assert await guard.call(album, ArtistQuery(name="Nobody")) == NotFound()


async def test_tracks_that_cannot_be_had_stop_nothing() -> None:
    """What one of them lacks says nothing of the others."""
    guard = guard_of(SOURCE)

    async def resolve(request: ResolveRequest) -> StreamHandle | Refusal | None:
        raise RetryLaterError("its data node fails", after=800)

    for _ in range(9):
        outcome = await guard.call(resolve, ResolveRequest(native_id="1"))
        assert isinstance(outcome, Fault)
        assert "its data node fails" in str(outcome.error)
    assert guard.suspended == {}


async def test_says_in_words_of_people_that_it_is_not_asked(guard: Guard) -> None:
    for _ in range(5):
        await ask(guard, ProviderUnavailableError("music.example is down."))
    outcome = await ask(guard, WORDS)
    assert isinstance(outcome, Fault)
    assert str(outcome.error) == (
        "odd fails; it is asked again in 30 seconds. It said: music.example is down."
    )
