"""What becomes of calls to plugins that answer, lie, raise, hang or leave."""

import asyncio
from typing import Any

import pytest
from tests.unit.core.host.guarding import REQUEST, WORDS, ask, guard_of

from hydrophone.domain.facts import ArtistFacts
from hydrophone.domain.lyrics import Lyrics, LyricsLine
from hydrophone.domain.remote import RemoteTrack
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.errors import (
    BadAnswerError,
    NotAuthorizedError,
    ProviderError,
    ProviderUnavailableError,
)
from hydrophone.host.capabilities import EVENT_LISTENER, LYRICS, METADATA, SOURCE
from hydrophone.host.guard import Answer, Fault, Guard, NotFound
from hydrophone.plugin.capabilities.event_listener import Event, EventKind
from hydrophone.plugin.capabilities.lyrics import LyricsRequest
from hydrophone.plugin.capabilities.metadata import ArtistQuery
from hydrophone.plugin.capabilities.source import (
    Refusal,
    RefusalReason,
    ResolveRequest,
    SearchHits,
    SearchRequest,
    StreamHandle,
)

pytestmark = pytest.mark.anyio

BUG = "odd has a bug; the server's log says which."
"""All that users are told of it."""


@pytest.fixture
def guard() -> Guard:
    return guard_of(LYRICS, timeout=30)


@pytest.fixture
def impatient() -> Guard:
    return guard_of(LYRICS, timeout=0.05)


class Panic(BaseException):
    """What an extension module in Rust raises, or `pytest.fail`."""


async def test_hands_an_answer_on(guard: Guard) -> None:
    assert await ask(guard, WORDS) == Answer(WORDS)
    assert (guard.calls, guard.faults, guard.last_error) == (1, 0, "")


async def test_an_empty_answer_is_an_answer(guard: Guard) -> None:
    assert await ask(guard, ()) == Answer(())


async def test_none_means_asked_and_nothing_there() -> None:
    guard = guard_of(METADATA)

    async def artist(request: ArtistQuery) -> ArtistFacts | None:
        return None

    assert await guard.call(artist, ArtistQuery(name="Nobody")) == NotFound()


async def test_none_is_a_fault_where_an_answer_is_due(guard: Guard) -> None:
    outcome = await ask(guard, None)
    assert isinstance(outcome, Fault)
    assert str(outcome.error) == BUG
    assert guard.last_error == "Its lyrics returned None, where a tuple is due."
    sources = guard_of(SOURCE)

    async def search(request: SearchRequest) -> Any:
        return None

    request = SearchRequest(text="b", artists=1, albums=1, tracks=1, deadline=Seconds(1))
    for _ in range(5):
        await sources.call(search, request)
    assert sources.last_error == "Its search returned None, where a SearchHits is due."
    assert list(sources.suspended) == ["search"]


async def test_says_to_users_only_what_is_meant_for_them(guard: Guard) -> None:
    for _ in range(5):
        await ask(guard, KeyError("secret"))
    outcome = await ask(guard, WORDS)
    assert isinstance(outcome, Fault)
    assert str(outcome.error).endswith(f"in 30 seconds. It said: {BUG}")


async def test_counts_what_is_found_later_once(guard: Guard) -> None:
    outcome = await ask(guard, ProviderUnavailableError("down"))
    assert isinstance(outcome, Fault)
    guard.blame(outcome.error)
    assert guard.faults == 1
    guard.blame(BadAnswerError("The file is damaged."))
    assert (guard.faults, guard.last_error) == (2, "The file is damaged.")


async def test_a_method_without_an_answer_answers() -> None:
    guard = guard_of(EVENT_LISTENER)

    async def on_event(event: Event) -> None:
        return None

    event = Event(kind=EventKind.STARRED, at=Timestamp(0))
    assert await guard.call(on_event, event) == Answer(None)


@pytest.mark.parametrize(
    "rubbish",
    [
        "words",
        42,
        object(),
        (object(),),
        (WORDS[0], 5),
        (Lyrics(is_synced="perhaps", lines=()),),  # type: ignore[arg-type]  # a lie
        lambda: None,
    ],
    ids=["text", "number", "object", "objects", "odd one", "wrong field", "function"],
)
async def test_refuses_what_is_no_answer(guard: Guard, rubbish: object) -> None:
    outcome = await ask(guard, rubbish)
    assert isinstance(outcome, Fault)
    assert isinstance(outcome.error, BadAnswerError)
    assert str(outcome.error) == BUG
    kind = type(rubbish).__name__
    assert guard.last_error.startswith(f"Its lyrics returned a {kind} that cannot be used: ")


async def test_refuses_a_million_items_without_looking_at_each(guard: Guard) -> None:
    outcome = await ask(guard, WORDS * 1_000_000)
    assert isinstance(outcome, Fault)
    assert "1000000 items" in guard.last_error


@pytest.mark.parametrize(
    "error",
    [ProviderUnavailableError("down"), NotAuthorizedError("no"), BadAnswerError("html")],
    ids=lambda error: type(error).__name__,
)
async def test_hands_errors_of_services_on(guard: Guard, error: ProviderError) -> None:
    assert await ask(guard, error) == Fault(error)
    assert (guard.faults, guard.last_error) == (1, str(error))


@pytest.mark.parametrize(
    "error",
    [ValueError("oh"), SystemExit(3), KeyboardInterrupt(), GeneratorExit(), Panic("rust")],
    ids=repr,
)
async def test_turns_anything_else_into_an_error_of_a_service(
    guard: Guard, error: BaseException
) -> None:
    outcome = await ask(guard, error)
    assert isinstance(outcome, Fault)
    assert isinstance(outcome.error, ProviderUnavailableError)
    assert str(outcome.error) == BUG
    assert type(error).__name__ in guard.last_error


@pytest.mark.parametrize("odd", ["lone \ud83d", "nul \0"], ids=ascii)
async def test_leaves_out_what_cannot_be_kept(guard: Guard, odd: str) -> None:
    words = Lyrics(is_synced=False, lines=(LyricsLine(text="State"), LyricsLine(text=odd)))
    kept = Lyrics(is_synced=False, lines=(LyricsLine(text="State"),))
    assert await ask(guard, (words,)) == Answer((kept,))
    assert guard.faults == 1
    assert guard.last_error.startswith("1 of its answer's items cannot be kept: text")
    assert guard.suspended == {}


@pytest.mark.parametrize("odd", [2**70, float("nan")], ids=str)
async def test_leaves_out_numbers_that_cannot_be_kept(odd: Any) -> None:
    guard = guard_of(SOURCE)
    hits = (
        RemoteTrack(native_id="1", title="Odd", size=odd),
        RemoteTrack(native_id="2", title="Even"),
    )

    async def search(request: SearchRequest) -> SearchHits:
        return SearchHits(tracks=hits)

    request = SearchRequest(text="b", artists=1, albums=1, tracks=1, deadline=Seconds(1))
    assert await guard.call(search, request) == Answer(SearchHits(tracks=hits[1:]))
    assert guard.faults == 1


async def test_shows_bugs_in_tests() -> None:
    with pytest.raises(ValueError, match="oh"):
        await ask(guard_of(LYRICS, strict=True), ValueError("oh"))


async def test_gives_up_what_hangs(impatient: Guard) -> None:
    async def lyrics(request: LyricsRequest) -> tuple[Lyrics, ...]:
        await asyncio.Event().wait()
        return ()

    outcome = await impatient.call(lyrics, REQUEST)
    assert isinstance(outcome, Fault)
    assert "longer than 0.05 seconds" in str(outcome.error)


async def test_gives_up_what_will_not_be_cancelled(impatient: Guard) -> None:
    released = asyncio.Event()

    async def lyrics(request: LyricsRequest) -> tuple[Lyrics, ...]:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue
        return ()

    assert isinstance(await impatient.call(lyrics, REQUEST), Fault)
    released.set()
    await impatient.close()


async def test_a_call_that_cancels_itself_does_not_cancel_the_caller(guard: Guard) -> None:
    outcome = await ask(guard, asyncio.CancelledError())
    assert isinstance(outcome, Fault)
    assert str(outcome.error) == "It gave up."


async def test_a_caller_who_goes_away_ends_the_call(guard: Guard) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def lyrics(request: LyricsRequest) -> tuple[Lyrics, ...]:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return ()

    guard = guard_of(LYRICS)
    caller = asyncio.create_task(guard.call(lyrics, REQUEST))
    await began.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    async with asyncio.timeout(30):
        await ended.wait()
    assert guard.faults == 0


async def test_an_answer_of_several_kinds_is_told_apart() -> None:
    """A track can be had or is refused: one method, two Structs."""

    class Refusing:
        async def resolve(self, request: ResolveRequest) -> StreamHandle | Refusal | None:
            if request.native_id == "1":
                return StreamHandle(representation="1", suffix="mp3", content_type="audio/mpeg")
            return Refusal(reason=RefusalReason.REGION, sentence="Not here.")

    guard = Guard("mine", SOURCE, timeout=None, strict=True)
    for native_id, kind in (("1", StreamHandle), ("2", Refusal)):
        outcome = await guard.call(Refusing().resolve, ResolveRequest(native_id=native_id))
        assert isinstance(outcome, Answer)
        assert isinstance(outcome.value, kind)
