"""Tracks of a source are heard while they come, by whoever asks for what."""

import asyncio
import socket
from contextlib import aclosing
from pathlib import Path

import pytest
from tests.integration.services.fetches.place import SONG, OneSource, Place, heard, opened

from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError, UnavailableError, UnsupportedError
from hydrophone.media.sparse_file import map_path
from hydrophone.plugin import Context
from hydrophone.plugin.capabilities.source import (
    Refusal,
    RefusalReason,
)
from hydrophone.services import fetches
from hydrophone.storage.queries import origins
from hydrophone.testing import faults
from hydrophone.testing.loopback import Request

pytestmark = pytest.mark.anyio


async def test_is_heard_while_it_comes_and_is_here_then(place: Place) -> None:
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()
    assert place.source.ranges == [""]
    assert not place.part.exists()
    assert not map_path(place.part).exists()
    (use,) = await place.database.read(origins.uses)
    assert (use.source, use.files, use.used) == ("one", 1, len(place.source.audio))


async def test_two_listeners_are_one_download(place: Place) -> None:
    place.source.gate.clear()
    place.source.open = 1000
    first, second = await asyncio.gather(place.listen(), place.listen())
    asyncio.get_running_loop().call_later(0.1, place.source.gate.set)
    assert [*await asyncio.gather(heard(first), heard(second))] == [place.source.audio] * 2
    assert place.source.ranges == [""]
    assert first.etag == second.etag


async def test_goes_on_when_its_listener_has_left(place: Place) -> None:
    growing = await place.listen()
    async with aclosing(growing.chunks()) as chunks:
        await anext(chunks)
    await place.settled()
    assert await place.is_here()


async def test_a_far_seek_does_not_wait_for_what_lies_before(place: Place) -> None:
    source = place.source
    source.gate.clear()
    source.open = 5000
    growing = await place.listen()
    far = len(source.audio) - 1000
    async with asyncio.timeout(30):
        assert await heard(growing, far) == source.audio[far:]
        # What was opened for it brings no more than was missing.
    source.gate.set()
    await place.settled()
    assert await place.is_here()
    assert source.ranges[:2] == ["", f"bytes={far}-"]


async def test_who_is_cancelled_harms_nobody(place: Place) -> None:
    """Listeners that leave at any moment leave the download and each other alone."""
    place.source.service.fail(faults.dripping(size=100_000, pause=0.01), path=SONG)

    async def leave(after: float) -> None:
        try:
            async with asyncio.timeout(after):
                await place.hear(first=int(after * 10_000_000) % 1_500_000)
        except TimeoutError:
            pass

    await asyncio.gather(*(leave(number / 200) for number in range(40)))
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()


async def test_without_a_size_nobody_is_told_one(place: Place) -> None:
    def stream(request: Request, connection: socket.socket) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nConnection: close\r\n\r\n"
        connection.sendall(head + place.source.audio)

    place.source.change(size=None, takes_ranges=False)
    place.source.service.routes[SONG] = stream
    growing = await place.listen()
    assert growing.size is None
    assert await heard(growing) == place.source.audio
    await place.settled()
    assert await place.is_here()


async def test_a_refusal_is_said(place: Place) -> None:
    place.source.answer = Refusal(reason=RefusalReason.REGION, sentence="Not in your country.")
    with pytest.raises(UnsupportedError, match="Not in your country"):
        await place.listen()
    place.source.answer = None
    with pytest.raises(NotFoundError):
        await place.listen()


async def test_the_reason_of_the_system_is_said(place: Place) -> None:
    # What it cannot remove, whoever put it there.
    place.part.with_suffix(".old").mkdir(parents=True)
    with pytest.raises(UnavailableError, match="The server's system says: "):
        await place.hear()
    async with asyncio.timeout(30):
        while True:
            job = await place.fetching.fetches._jobs.active(fetches.JOB, place.track.id)
            if job is not None and job.error:
                break
            await asyncio.sleep(0.05)
    assert job.error.startswith("The server's system says: ")


async def test_plays_without_the_disk_when_it_is_full(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> None:
    async with opened(
        folder, hydrophone_context, source, track, user, least_free=900_000_000
    ) as place:
        growing = await place.listen()
        assert growing.size == len(source.audio)
        assert await heard(growing) == source.audio
        assert await heard(await place.listen(), 1000, 2000) == source.audio[1000:2000]
        await place.settled()
        assert not await place.is_here()
        assert not place.part.exists() or place.part.stat().st_size == 0
