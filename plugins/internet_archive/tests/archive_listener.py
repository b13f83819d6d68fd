"""What listeners ask of the source, and the recordings of one night."""

from typing import Any

from hydrophone.domain.remote import RemoteAlbum, RemoteTrack
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.plugin.capabilities.source import (
    BrowsePage,
    BrowseRequest,
    LookupRequest,
    OpenRequest,
    Refusal,
    ResolveRequest,
    SearchHits,
    SearchRequest,
    Source,
    StreamHandle,
)

AUD = "gd1977-05-08.shure57.stevenson.29303.flac16"
SBD = "gd77-05-08.sbd.hicks.4982.sbeok.shnf"
MATRIX = "gd1977-05-08.mtx.seamons.95500.flac16"
PART = "gd1977-05-08.sbd.part.1111.flac16"
FM = "gd1977-05-08.111493.fm.remaster.flac24"
SIGUR = "Sigur2003-06-01"


async def find(source: Source, text: str, **wanted: Any) -> SearchHits:
    usual: dict[str, Any] = {"artists": 10, "albums": 20, "tracks": 0, "deadline": Seconds(30)}
    return await source.search(SearchRequest(text=text, **{**usual, **wanted}))


async def page(source: Source, *steps: str, **request: Any) -> BrowsePage:
    """Go down the tree by the titles of its folders."""
    found = await source.browse(BrowseRequest(**({} if steps else request)))
    for place, step in enumerate(steps, start=1):
        assert found is not None
        [way] = [one.native_id for one in found.folders if one.title == step]
        last = request if place == len(steps) else {}
        found = await source.browse(BrowseRequest(folder_id=way, **last))
    assert found is not None
    return found


async def tracks(source: Source, identifier: str) -> tuple[RemoteTrack, ...]:
    details = await source.album(LookupRequest(native_id=identifier))
    assert details is not None
    return details.tracks


async def resolve(source: Source, native_id: str, **request: Any) -> StreamHandle | Refusal | None:
    return await source.resolve(ResolveRequest(native_id=native_id, **request))


async def handle_of(source: Source, native_id: str, **request: Any) -> StreamHandle:
    handle = await resolve(source, native_id, **request)
    assert isinstance(handle, StreamHandle), handle
    return handle


async def fetched(source: Source, handle: StreamHandle, offset: int = 0) -> bytes:
    request = OpenRequest(handle=handle, offset=ByteCount(offset))
    async with source.open_stream(request) as stream:
        assert stream.offset == offset
        return b"".join([chunk async for chunk in stream.chunks()])


def ids(albums: tuple[RemoteAlbum, ...]) -> list[str]:
    return [one.native_id for one in albums]
