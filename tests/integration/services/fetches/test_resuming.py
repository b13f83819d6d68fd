"""What breaks off is taken up where it was, and never mixed with another file."""

import asyncio
import hashlib
from contextlib import aclosing
from pathlib import Path

import pytest
from tests.integration.services.fetches.place import SONG, OneSource, Place, heard, opened, until

from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import HydrophoneError, UnavailableError
from hydrophone.plugin import Context
from hydrophone.plugin.capabilities.source import Checksum
from hydrophone.testing import faults

pytestmark = pytest.mark.anyio


def resumed(place: Place) -> list[int]:
    """Where streams have begun after the first; what the reset has swallowed nobody knows."""
    return [int(one.removeprefix("bytes=").removesuffix("-")) for one in place.source.ranges[1:]]


async def test_goes_on_where_a_stopped_server_was(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> None:
    source.gate.clear()
    source.open = 300_000
    async with opened(folder, hydrophone_context, source, track, user) as place:
        growing = await place.listen()
        async with aclosing(growing.chunks()) as chunks:
            got = 0
            async for chunk in chunks:
                got += len(chunk)
                if got >= 300_000:
                    break
    source.gate.set()
    async with opened(folder, hydrophone_context, source, track, user) as place:
        await until(lambda: len(source.ranges) > 1)
        await place.settled()
        assert await place.is_here()
    assert source.ranges[1] == f"bytes={300_000 - 4096}-"


async def test_takes_up_what_breaks_off(place: Place) -> None:
    place.source.service.fail(faults.broken_off(after=700_000), path=SONG, times=2)
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()
    first, second = resumed(place)
    assert 0 < first <= 700_000 - 4096
    assert first < second <= first + 700_000 - 4096


async def test_gives_up_when_it_breaks_off_for_ever_and_keeps_what_is_there(place: Place) -> None:
    place.source.service.fail(faults.broken_off(after=5000), path=SONG)
    growing = await place.listen()
    with pytest.raises(HydrophoneError):
        await heard(growing)
    await until(lambda: len(place.source.ranges) == 4)
    assert not await place.is_here()
    assert 0 < place.part.stat().st_size <= 5000 + 3 * (5000 - 4096)


async def test_discards_what_comes_again_if_the_range_is_ignored(place: Place) -> None:
    place.source.service.fail(faults.range_ignored(), path=SONG)
    place.source.service.fail(faults.broken_off(after=700_000), path=SONG, times=1)
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()


async def test_an_expired_address_is_renewed(place: Place) -> None:
    place.source.service.fail(faults.status("403 Forbidden"), path=SONG, times=1)
    assert await place.hear() == place.source.audio
    assert place.source.refused == 1


async def test_never_mixes_two_versions_of_a_file(place: Place) -> None:
    source = place.source
    source.gate.clear()
    source.open = 700_000
    growing = await place.listen()
    first = source.audio
    hearing = asyncio.create_task(heard(growing))
    await asyncio.sleep(0.1)
    source.audio, source.etag = first[::-1], '"v2"'
    far = len(first) - 10
    with pytest.raises(HydrophoneError):
        # The seek meets the new file.
        await heard(growing, far)
    with pytest.raises(HydrophoneError):
        await hearing
    source.gate.set()
    await place.settled()
    assert await place.fetching.cache.find(place.track.id) is None


async def test_another_representation_begins_anew(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> None:
    source.gate.clear()
    source.open = 300_000
    async with opened(folder, hydrophone_context, source, track, user) as place:
        growing = await place.listen()
        async with aclosing(growing.chunks()) as chunks:
            await anext(chunks)
        before = growing.etag
    source.gate.set()
    source.change(representation="v2")
    async with opened(folder, hydrophone_context, source, track, user) as place:
        await until(lambda: len(source.ranges) > 1)
        await place.settled()
        assert await place.is_here()
        cached = await place.fetching.cache.find(track.id)
        assert cached is not None
        assert cached.etag != before
    assert source.ranges[1] == ""


async def test_tells_by_its_bytes_that_a_file_without_a_name_was_changed(place: Place) -> None:
    """Some servers send neither ETag nor Last-Modified: then a little is asked for twice."""
    source = place.source
    source.etag = ""
    source.service.fail(faults.broken_off(after=700_000), path=SONG, times=1)
    growing = await place.listen()
    first = source.audio
    source.audio = first[::-1]
    with pytest.raises(HydrophoneError, match="changed"):
        await heard(growing)
    await place.settled()
    assert 0 < resumed(place)[0] <= 700_000 - 64 * 1024
    assert not place.part.exists()
    source.audio = first
    assert await place.hear() == first


async def test_tells_other_bytes_than_it_says_from_those_that_are_there(place: Place) -> None:
    """Some servers begin elsewhere than their Content-Range says."""
    source = place.source
    source.service.fail(faults.broken_off(after=700_000), path=SONG, times=1)
    growing = await place.listen()
    first = source.audio
    source.audio = first[-100:] + first[:-100]
    with pytest.raises(HydrophoneError, match="changed"):
        await heard(growing)
    await place.settled()
    assert not place.part.exists()


async def test_a_checksum_outweighs_the_names_that_data_nodes_give(place: Place) -> None:
    source = place.source
    digest = hashlib.md5(source.audio).hexdigest()
    source.change(checksum=Checksum(algorithm="md5", digest=digest))
    source.service.fail(faults.broken_off(after=700_000), path=SONG, times=1)
    growing = await place.listen()
    source.etag = '"another"'
    assert await heard(growing) == source.audio
    await place.settled()
    assert await place.is_here()


async def test_goes_on_with_a_file_without_a_name_that_is_the_same(place: Place) -> None:
    place.source.etag = ""
    place.source.service.fail(faults.broken_off(after=700_000), path=SONG, times=1)
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()


@pytest.mark.slow
async def test_says_why_nothing_more_comes_of_what_is_half_there(place: Place) -> None:
    source = place.source
    source.service.fail(faults.broken_off(after=700_000), path=SONG, times=1)
    source.service.fail(faults.status(), path=SONG)
    source.service.fail(faults.broken_off(after=700_000), path=SONG, times=1)
    growing = await place.listen()
    with pytest.raises(HydrophoneError):
        await heard(growing)
    await place.settled()
    assert place.part.exists()
    for _ in range(2):
        with pytest.raises(UnavailableError, match="503"):
            await place.hear()
        await place.settled()


async def test_who_begins_to_hear_when_all_has_come_hears_it(place: Place) -> None:
    growing = await place.listen()
    await place.settled()
    assert await heard(growing) == place.source.audio
