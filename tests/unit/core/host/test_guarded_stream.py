"""What becomes of streams that break off, lie, hang, or will not end."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import BadAnswerError, ProviderUnavailableError
from hydrophone.host.capabilities import SOURCE
from hydrophone.host.guard import Guard
from hydrophone.plugin.capabilities.source import OpenedStream, OpenRequest, StreamHandle

pytestmark = pytest.mark.anyio

HANDLE = StreamHandle(representation="1", suffix="flac", content_type="audio/flac")
REQUEST = OpenRequest(handle=HANDLE)
BUG = "^odd has a bug; the server's log says which.$"
"""All that users are told of it."""


class Panic(BaseException):
    """What an extension module in Rust raises, or `pytest.fail`."""


@pytest.fixture
def guard() -> Guard:
    return Guard("odd", SOURCE, timeout=Seconds(30), strict=False)


@pytest.fixture
def impatient() -> Guard:
    return Guard("odd", SOURCE, timeout=Seconds(0.05), strict=False)


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
async def opened(
    request: OpenRequest, *, stream: OpenedStream, log: list[str]
) -> AsyncIterator[OpenedStream]:
    assert request is REQUEST
    log.append("opened")
    try:
        yield stream
    finally:
        log.append("closed")


async def test_opens_and_closes_streams(guard: Guard) -> None:
    log: list[str] = []
    async with guard.open(partial(opened, stream=Stream(), log=log), REQUEST) as stream:
        assert (stream.size, stream.content_type) == (4, "audio/flac")
        assert [chunk async for chunk in stream.chunks()] == [b"fL", b"aC"]
    assert log == ["opened", "closed"]


async def test_a_stream_that_breaks_off_is_an_error_of_the_service(guard: Guard) -> None:
    log: list[str] = []
    async with guard.open(
        partial(opened, stream=Stream(OSError("reset")), log=log), REQUEST
    ) as stream:
        chunks = stream.chunks()
        assert [await anext(chunks), await anext(chunks)] == [b"fL", b"aC"]
        with pytest.raises(ProviderUnavailableError, match=BUG):
            await anext(chunks)
    assert log == ["opened", "closed"]
    assert (guard.faults, guard.last_error) == (1, "It failed: OSError: reset")


async def test_a_stream_that_cannot_be_opened_is_one(guard: Guard) -> None:
    @asynccontextmanager
    async def broken(request: OpenRequest) -> AsyncIterator[OpenedStream]:
        raise OSError("no route")
        yield Stream()

    with pytest.raises(ProviderUnavailableError, match=BUG):
        async with guard.open(broken, REQUEST):
            pass
    assert guard.last_error == "It failed: OSError: no route"


async def test_a_caller_who_leaves_a_stream_closes_it(guard: Guard) -> None:
    log: list[str] = []
    with pytest.raises(ZeroDivisionError):
        async with guard.open(partial(opened, stream=Stream(), log=log), REQUEST):
            sys.intern(str(1 / 0))
    assert log == ["opened", "closed"]
    assert guard.faults == 0


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), Panic("rust")], ids=repr)
async def test_whatever_a_chunk_raises_is_an_error_of_the_service(
    guard: Guard, error: BaseException
) -> None:
    log: list[str] = []
    async with guard.open(partial(opened, stream=Stream(error), log=log), REQUEST) as stream:
        with pytest.raises(ProviderUnavailableError, match=BUG):
            [chunk async for chunk in stream.chunks()]
    assert (guard.faults, log) == (1, ["opened", "closed"])
    assert type(error).__name__ in guard.last_error


@pytest.mark.parametrize(
    "error", [SystemExit(3), Panic("rust"), asyncio.CancelledError()], ids=repr
)
async def test_so_is_whatever_it_raises_when_it_is_called(
    guard: Guard, error: BaseException
) -> None:
    def open_stream(request: OpenRequest) -> Any:
        raise error

    with pytest.raises(ProviderUnavailableError):
        async with guard.open(open_stream, REQUEST):
            pass
    assert guard.faults == 1


@pytest.mark.parametrize(
    "rubbish",
    [
        {"offset": "abc"},
        {"offset": -5},
        {"offset": 10**30},
        {"size": -5},
        {"content_type": None},
        {"validator": "x" * 100_000},
    ],
    ids=str,
)
async def test_a_stream_that_describes_itself_wrongly_is_refused_and_counted(
    guard: Guard, rubbish: dict[str, Any]
) -> None:
    odd = Stream()
    for name, value in rubbish.items():
        setattr(odd, name, value)
    with pytest.raises(BadAnswerError, match=BUG):
        async with guard.open(partial(opened, stream=odd, log=[]), REQUEST):
            pass
    assert guard.faults == 1
    assert f"The {next(iter(rubbish))} of its stream is no" in guard.last_error


async def test_what_is_no_stream_at_all_is_refused_and_counted(guard: Guard) -> None:
    with pytest.raises(BadAnswerError, match=BUG):
        async with guard.open(partial(opened, stream=object(), log=[]), REQUEST):  # type: ignore[arg-type]  # a lie
            pass
    assert guard.faults == 1
    assert guard.last_error.startswith("What it opens is no stream: AttributeError: 'object'")


async def test_chunks_that_are_no_bytes_are_refused_and_counted(guard: Guard) -> None:
    class Wordy(Stream):
        async def chunks(self) -> AsyncIterator[Any]:
            yield "text"

    async with guard.open(partial(opened, stream=Wordy(), log=[]), REQUEST) as stream:
        with pytest.raises(BadAnswerError, match=BUG):
            [chunk async for chunk in stream.chunks()]
    assert (guard.faults, guard.last_error) == (1, "Its stream has str in it, not bytes.")


async def test_a_stream_that_will_not_be_cancelled_holds_nobody(guard: Guard) -> None:
    released = asyncio.Event()

    class Stubborn(Stream):
        async def chunks(self) -> AsyncIterator[bytes]:
            yield b"fL"
            while not released.is_set():
                try:
                    await released.wait()
                except asyncio.CancelledError:
                    continue

    async with asyncio.timeout(30):
        async with guard.open(partial(opened, stream=Stubborn(), log=[]), REQUEST) as stream:
            assert await anext(stream.chunks()) == b"fL"
    released.set()
    await guard.close()


async def test_an_opening_that_will_not_be_cancelled_holds_nobody(impatient: Guard) -> None:
    released = asyncio.Event()

    @asynccontextmanager
    async def stubborn(request: OpenRequest) -> AsyncIterator[OpenedStream]:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue
        yield Stream()

    async with asyncio.timeout(30):
        with pytest.raises(ProviderUnavailableError, match="too long"):
            async with impatient.open(stubborn, REQUEST):
                pass
    released.set()
    await impatient.close()


async def test_a_caller_who_is_cancelled_closes_the_stream(guard: Guard) -> None:
    log: list[str] = []
    reading = asyncio.Event()

    class Silent(Stream):
        async def chunks(self) -> AsyncIterator[bytes]:
            yield b"fL"
            reading.set()
            await asyncio.Event().wait()

    async def listen() -> None:
        async with guard.open(partial(opened, stream=Silent(), log=log), REQUEST) as stream:
            [chunk async for chunk in stream.chunks()]

    listener = asyncio.create_task(listen())
    await reading.wait()
    listener.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listener
    assert (guard.faults, log) == (0, ["opened", "closed"])


async def test_a_stream_that_fails_to_close_has_given_its_bytes(guard: Guard) -> None:
    @asynccontextmanager
    async def leaking(request: OpenRequest) -> AsyncIterator[OpenedStream]:
        yield Stream()
        raise SystemExit(3)

    async with guard.open(leaking, REQUEST) as stream:
        assert [chunk async for chunk in stream.chunks()] == [b"fL", b"aC"]
    assert guard.faults == 0
