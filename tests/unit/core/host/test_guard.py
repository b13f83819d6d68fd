"""What becomes of calls to plugins that answer, lie, raise, hang or leave."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hydrophone.domain.facts import ArtistFacts
from hydrophone.domain.lyrics import Lyrics, LyricsLine
from hydrophone.domain.units import ByteCount, Seconds, Timestamp
from hydrophone.errors import (
    BadAnswerError,
    NotAuthorizedError,
    ProviderError,
    ProviderUnavailableError,
    RetryLaterError,
)
from hydrophone.host.capabilities import EVENT_LISTENER, LYRICS, METADATA, SOURCE, Capability
from hydrophone.host.guard import Answer, Fault, Guard, NotFound
from hydrophone.plugin.capabilities.event_listener import Event, EventKind
from hydrophone.plugin.capabilities.lyrics import LyricsRequest
from hydrophone.plugin.capabilities.metadata import ArtistQuery
from hydrophone.plugin.capabilities.source import (
    OpenedStream,
    Refusal,
    RefusalReason,
    ResolveRequest,
    StreamHandle,
)

pytestmark = pytest.mark.anyio

REQUEST = LyricsRequest(track_id="tr-1", title="Joga", artists=("Björk",))
WORDS = (Lyrics(is_synced=False, lines=(LyricsLine(text="State of emergency"),)),)


def guard_of(
    capability: Capability[Any], *, timeout: float | None = None, strict: bool = False
) -> Guard:
    limit = None if timeout is None else Seconds(timeout)
    return Guard("odd", capability, timeout=limit, strict=strict)


@pytest.fixture
def guard() -> Guard:
    return guard_of(LYRICS, timeout=0.05)


async def ask(guard: Guard, what: object) -> Any:
    """Call a method `lyrics` that returns, or raises, this."""

    async def lyrics(request: LyricsRequest) -> Any:
        assert request is REQUEST
        if isinstance(what, BaseException):
            raise what
        return what

    return await guard.call(lyrics, REQUEST)


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


async def test_refuses_a_million_items_without_looking_at_each(guard: Guard) -> None:
    outcome = await ask(guard, WORDS * 1_000_000)
    assert isinstance(outcome, Fault)
    assert "1000000 items" in str(outcome.error)


@pytest.mark.parametrize(
    "error",
    [ProviderUnavailableError("down"), NotAuthorizedError("no"), BadAnswerError("html")],
    ids=lambda error: type(error).__name__,
)
async def test_hands_errors_of_services_on(guard: Guard, error: ProviderError) -> None:
    assert await ask(guard, error) == Fault(error)
    assert (guard.faults, guard.last_error) == (1, str(error))


@pytest.mark.parametrize("error", [ValueError("oh"), SystemExit(3), KeyboardInterrupt()], ids=repr)
async def test_turns_anything_else_into_an_error_of_a_service(
    guard: Guard, error: BaseException
) -> None:
    outcome = await ask(guard, error)
    assert isinstance(outcome, Fault)
    assert isinstance(outcome.error, ProviderUnavailableError)


async def test_shows_bugs_in_tests() -> None:
    with pytest.raises(ValueError, match="oh"):
        await ask(guard_of(LYRICS, strict=True), ValueError("oh"))


async def test_gives_up_what_hangs(guard: Guard) -> None:
    async def lyrics(request: LyricsRequest) -> tuple[Lyrics, ...]:
        await asyncio.Event().wait()
        return ()

    outcome = await guard.call(lyrics, REQUEST)
    assert isinstance(outcome, Fault)
    assert "longer than 0.05 seconds" in str(outcome.error)


async def test_gives_up_what_will_not_be_cancelled(guard: Guard) -> None:
    released = asyncio.Event()

    async def lyrics(request: LyricsRequest) -> tuple[Lyrics, ...]:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue
        return ()

    assert isinstance(await guard.call(lyrics, REQUEST), Fault)
    released.set()
    await guard.close()


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
    async with asyncio.timeout(5):
        await ended.wait()
    assert guard.faults == 0


async def test_is_not_asked_after_five_faults(guard: Guard) -> None:
    for _ in range(5):
        await ask(guard, ProviderUnavailableError("down"))
    outcome = await ask(guard, WORDS)
    assert isinstance(outcome, Fault)
    assert isinstance(outcome.error, RetryLaterError)
    assert "odd.lyrics_provider" in str(outcome.error)
    assert "down" in str(outcome.error)
    assert guard.calls == 5


async def test_not_authorized_and_nothing_there_are_no_reason_to_stop_asking(guard: Guard) -> None:
    for _ in range(9):
        await ask(guard, NotAuthorizedError("log in anew"))
        await ask(guard, ())
    assert await ask(guard, WORDS) == Answer(WORDS)


async def test_leaves_alone_what_wants_to_be(guard: Guard) -> None:
    await ask(guard, RetryLaterError("slow down", after=60))
    assert isinstance(await ask(guard, WORDS), Fault)
    assert guard.breaker.remaining > 50


class Stream:
    """A stream that has two chunks and then does as it is told."""

    offset = ByteCount(0)
    size = ByteCount(4)
    content_type = "audio/flac"
    validator = '"v1"'

    def __init__(self, end: BaseException | None = None) -> None:
        self._end = end

    async def chunks(self) -> AsyncIterator[bytes]:
        yield b"fL"
        yield b"aC"
        if self._end is not None:
            raise self._end


@asynccontextmanager
async def opened(stream: OpenedStream, log: list[str]) -> AsyncIterator[OpenedStream]:
    log.append("opened")
    try:
        yield stream
    finally:
        log.append("closed")


async def test_opens_and_closes_streams(guard: Guard) -> None:
    log: list[str] = []
    async with guard.open(opened(Stream(), log)) as stream:
        assert (stream.size, stream.content_type) == (4, "audio/flac")
        assert [chunk async for chunk in stream.chunks()] == [b"fL", b"aC"]
    assert log == ["opened", "closed"]


async def test_a_stream_that_breaks_off_is_an_error_of_the_service(guard: Guard) -> None:
    log: list[str] = []
    async with guard.open(opened(Stream(OSError("reset")), log)) as stream:
        chunks = stream.chunks()
        assert [await anext(chunks), await anext(chunks)] == [b"fL", b"aC"]
        with pytest.raises(ProviderUnavailableError, match="reset"):
            await anext(chunks)
    assert log == ["opened", "closed"]
    assert guard.faults == 1


async def test_a_stream_that_cannot_be_opened_is_one(guard: Guard) -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[OpenedStream]:
        raise OSError("no route")
        yield Stream()

    with pytest.raises(ProviderUnavailableError, match="no route"):
        async with guard.open(broken()):
            pass


async def test_a_caller_who_leaves_a_stream_closes_it(guard: Guard) -> None:
    log: list[str] = []
    with pytest.raises(ZeroDivisionError):
        async with guard.open(opened(Stream(), log)):
            sys.intern(str(1 / 0))
    assert log == ["opened", "closed"]
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
