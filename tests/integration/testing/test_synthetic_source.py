"""The synthetic source tells the truth, and each of its whims comes out as the right error."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hydrophone.domain.units import Seconds
from hydrophone.errors import BadAnswerError, NotAuthorizedError, RetryLaterError
from hydrophone.host.capabilities import SOURCE
from hydrophone.plugin import Context
from hydrophone.plugin.capabilities.source import (
    LookupRequest,
    OpenRequest,
    Refusal,
    RefusalReason,
    ResolveRequest,
    SearchRequest,
    Source,
    StreamHandle,
)
from hydrophone.testing import faults
from hydrophone.testing.context import started_plugin
from hydrophone.testing.loopback import Loopback
from hydrophone.testing.synthetic_service import SyntheticService, refusal
from hydrophone.testing.synthetic_source import SyntheticPlugin

pytestmark = pytest.mark.anyio

FIRST = ResolveRequest(native_id="track-1")


@pytest.fixture
def service(hydrophone_loopback: Loopback, tmp_path: Path) -> SyntheticService:
    return SyntheticService(hydrophone_loopback, tmp_path, seconds=1.0)


@pytest.fixture
async def source(service: SyntheticService, hydrophone_context: Context) -> AsyncIterator[Source]:
    table = {"base_url": service.url}
    async with started_plugin(SyntheticPlugin, hydrophone_context, table) as started:
        yield started.the(SOURCE)


async def resolved(source: Source) -> StreamHandle:
    handle = await source.resolve(FIRST)
    assert isinstance(handle, StreamHandle)
    return handle


async def audio(source: Source, handle: StreamHandle) -> bytes:
    async with source.open_stream(OpenRequest(handle=handle)) as stream:
        return b"".join([chunk async for chunk in stream.chunks()])


async def test_a_token_is_fetched_once_for_all(source: Source, service: SyntheticService) -> None:
    lookups = [source.track(LookupRequest(native_id=one)) for one in service.track_ids]
    found = await asyncio.gather(*lookups)
    assert [one.title for one in found if one][:4] == [
        "First Signal 1",
        "First Signal 2",
        "First Signal 3",
        "Second Signal 1",
    ]
    assert len(service.loopback.asked("/token")) == 1
    service.expire_token()
    await asyncio.gather(*(source.album(LookupRequest(native_id="album-1")) for _ in range(5)))
    assert len(service.loopback.asked("/token")) == 2


async def test_gives_the_audio_until_the_link_expires(
    source: Source, service: SyntheticService
) -> None:
    handle = await resolved(source)
    assert await audio(source, handle) == service.files["track-1"]
    service.expire_links()
    with pytest.raises(NotAuthorizedError):
        await audio(source, handle)
    assert await audio(source, await resolved(source)) == service.files["track-1"]
    assert len(service.downloads("track-1")) == 3


async def test_refuses_and_removes(source: Source, service: SyntheticService) -> None:
    service.refusals["track-1"] = refusal(RefusalReason.REGION)
    assert isinstance(await source.resolve(FIRST), Refusal)
    service.remove("track-2")
    assert await source.resolve(ResolveRequest(native_id="track-2")) is None
    assert await source.track(LookupRequest(native_id="track-2")) is None
    details = await source.album(LookupRequest(native_id="album-1"))
    assert details is not None
    assert [one.native_id for one in details.tracks] == ["track-1", "track-3"]


async def test_sends_previews_with_or_without_a_word(
    source: Source, service: SyntheticService
) -> None:
    service.send_preview("track-1")
    handle = await resolved(source)
    assert handle.is_preview
    assert handle.duration == 1.0
    service.marks_previews = False
    assert not (await resolved(source)).is_preview


async def test_changes_files_and_lies_about_sizes(
    source: Source, service: SyntheticService
) -> None:
    before = await resolved(source)
    service.change_file("track-1")
    service.sizes["track-1"] = None
    after = await resolved(source)
    assert before.representation == after.representation
    assert before.checksum != after.checksum
    assert after.size is None


async def test_versions_of_a_concert_stand_by_rank(source: Source) -> None:
    details = await source.album(LookupRequest(native_id="album-4"))
    assert details is not None
    assert [one.edition for one in details.versions] == ["Soundboard", "Audience"]


async def test_faults_come_out_as_what_they_are(source: Source, service: SyntheticService) -> None:
    request = SearchRequest(text="signal", artists=5, albums=5, tracks=5, deadline=Seconds(5))
    assert len((await source.search(request)).tracks) == 5
    service.loopback.fail(faults.web_page(), times=1)
    with pytest.raises(BadAnswerError):
        await source.search(request)
    service.loopback.fail(faults.throttled(retry_after=3600), times=1)
    with pytest.raises(RetryLaterError):
        await source.search(request)
