"""What every source must do."""

import hashlib
from typing import Any, ClassVar

import msgspec
import pytest

from hydrophone.domain.remote import RemoteTrack
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.host.capabilities import SOURCE
from hydrophone.host.guard import Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.source import (
    BrowseRequest,
    LookupRequest,
    MatchRequest,
    OpenRequest,
    ResolveRequest,
    SearchHits,
    SearchRequest,
    Source,
    SourceArtworkRequest,
    SourceInfo,
    StreamHandle,
)
from hydrophone.testing.contracts.contract import Contract, asked

_MOST_PAGES = 100
_SOME = 3
"""How many of a kind are looked at."""


class SourceContract(Contract[Source]):
    """Asks for what `words` find, and follows it down to the bytes."""

    capability = SOURCE
    words: ClassVar[str]
    """Find at least one album and two tracks that can be played."""
    nonsense: ClassVar[str] = "qxzvwk jjqqzx"
    """Words that find nothing."""
    unknown_id: ClassVar[str] = "no-such-thing"
    """A native id that nothing has."""

    async def ask(self, guarded: Provider[Source]) -> Outcome[Any]:
        """Search."""
        return await guarded.call(guarded.it.search, self._search())

    def test_its_info_is_whole_and_stays(self, provider: Source) -> None:
        """Core reads it once."""
        info = provider.info
        assert msgspec.convert(msgspec.to_builtins(info), SourceInfo) == provider.info

    async def test_search_finds_no_more_than_was_asked_for(self, guarded: Provider[Source]) -> None:
        """And nothing of a kind that was not."""
        hits = await self._hits(guarded, self._search(artists=1, albums=1, tracks=1))
        assert len(hits.artists) <= 1
        assert len(hits.albums) == 1
        assert len(hits.tracks) == 1
        none = await self._hits(guarded, self._search(artists=0, albums=0, tracks=2))
        assert (none.artists, none.albums) == ((), ())

    async def test_search_gives_the_same_ids_each_time(self, guarded: Provider[Source]) -> None:
        """Ids are what stars and playlists hang on."""
        first, second = [await self._hits(guarded, self._search()) for _ in range(2)]
        assert _ids(first) == _ids(second)
        for ids in _ids(first):
            assert len(ids) == len(set(ids))

    async def test_search_pages_do_not_overlap(self, guarded: Provider[Source]) -> None:
        """The second page begins behind the first."""
        first = await self._hits(guarded, self._search(artists=0, albums=0, tracks=1))
        second = await self._hits(guarded, self._search(artists=0, albums=0, tracks=1, offset=1))
        assert second.tracks, "`words` have to find two tracks."
        assert first.tracks[0].native_id != second.tracks[0].native_id

    async def test_search_for_nonsense_finds_nothing(self, guarded: Provider[Source]) -> None:
        """And raises nothing."""
        assert await self._hits(guarded, self._search(text=self.nonsense)) == SearchHits()

    async def test_what_was_found_can_be_looked_up(self, guarded: Provider[Source]) -> None:
        """Under the id that it was found by."""
        hits, source = await self._hits(guarded, self._search()), guarded.it
        for artist in [one for one in hits.artists if one.native_id][:_SOME]:
            known = await asked(guarded, source.artist, LookupRequest(native_id=artist.native_id))
            assert known is not None
            assert known.artist.native_id == artist.native_id
        for album in hits.albums[:_SOME]:
            opened = await asked(guarded, source.album, LookupRequest(native_id=album.native_id))
            assert opened is not None
            assert opened.album.native_id == album.native_id
            assert opened.tracks
            if opened.versions:
                assert album.native_id in [one.native_id for one in opened.versions]
        for track in hits.tracks[:_SOME]:
            found = await asked(guarded, source.track, LookupRequest(native_id=track.native_id))
            assert found is not None
            assert (found.native_id, found.title) == (track.native_id, track.title)

    async def test_what_nobody_knows_is_none(self, guarded: Provider[Source]) -> None:
        """Not an error: it was asked, and there is nothing."""
        source, unknown = guarded.it, LookupRequest(native_id=self.unknown_id)
        assert await asked(guarded, source.artist, unknown) is None
        assert await asked(guarded, source.album, unknown) is None
        assert await asked(guarded, source.track, unknown) is None
        assert await asked(guarded, source.resolve, _resolve(self.unknown_id)) is None
        assert await asked(guarded, source.browse, BrowseRequest(folder_id=self.unknown_id)) is None
        picture = SourceArtworkRequest(kind="album", native_id=self.unknown_id)
        assert await asked(guarded, source.artwork, picture) is None

    async def test_browsing_comes_to_an_end(self, guarded: Provider[Source]) -> None:
        """Page by page, without showing anything twice; and folders can be opened."""
        if not guarded.it.info.is_browsable:
            pytest.skip("It cannot be browsed.")
        seen: list[tuple[str, str]] = []
        request = BrowseRequest(limit=1)
        for _ in range(_MOST_PAGES):
            page = await asked(guarded, guarded.it.browse, request)
            assert page is not None
            for kind, things in (("folder", page.folders), ("album", page.albums)):
                seen += [(kind, one.native_id) for one in things]
            seen += [("track", one.native_id) for one in page.tracks]
            if not page.next_cursor:
                break
            request = BrowseRequest(limit=1, cursor=page.next_cursor)
        assert seen, "A source that can be browsed has something at the top."
        assert len(seen) == len(set(seen))
        for native_id in [one for kind, one in seen if kind == "folder"][:_SOME]:
            place = BrowseRequest(folder_id=native_id)
            assert await asked(guarded, guarded.it.browse, place) is not None

    async def test_a_track_is_resolved_to_the_same_bytes(self, guarded: Provider[Source]) -> None:
        """Its representation is what downloads are continued by."""
        first, again = [await self._handle(guarded) for _ in range(2)]
        assert first.representation == again.representation
        assert first.suffix == first.suffix.lower().lstrip(".")
        assert bool(first.url) or bool(first.token)
        assert not first.is_preview
        assert first.size is None or first.size > 0

    async def test_the_bytes_are_as_promised(self, guarded: Provider[Source]) -> None:
        """As many, and with the checksum of the handle."""
        handle = await self._handle(guarded)
        whole = await _bytes(guarded, handle)
        assert whole
        assert handle.size in (None, len(whole))
        if handle.checksum is not None:
            digest = hashlib.new(handle.checksum.algorithm, whole, usedforsecurity=False)
            assert digest.hexdigest() == handle.checksum.digest.lower()

    async def test_a_stream_may_begin_in_the_middle(self, guarded: Provider[Source]) -> None:
        """Where the handle says so; else a client could not seek."""
        handle = await self._handle(guarded)
        if not handle.takes_ranges:
            pytest.skip("Its handles take no ranges.")
        whole = await _bytes(guarded, handle)
        offset = ByteCount(len(whole) // 2)
        request = OpenRequest(handle=handle, offset=offset)
        async with guarded.open(guarded.it.open_stream, request) as stream:
            assert stream.offset == offset
            assert stream.size in (None, len(whole))
            assert b"".join([chunk async for chunk in stream.chunks()]) == whole[offset:]

    async def test_a_stream_may_be_left(self, guarded: Provider[Source]) -> None:
        """Listeners go away; the next one gets the whole."""
        handle = await self._handle(guarded)
        async with guarded.open(guarded.it.open_stream, OpenRequest(handle=handle)) as stream:
            await anext(aiter(stream.chunks()))
        assert handle.size in (None, len(await _bytes(guarded, handle)))

    async def test_it_finds_its_own_recordings(self, guarded: Provider[Source]) -> None:
        """By title, artist and duration; and says nothing to what it cannot know."""
        track = await self._track(guarded)
        request = MatchRequest(
            title=track.title,
            artists=tuple(artist.name for artist in track.artists),
            duration=track.duration,
            isrcs=track.isrcs,
        )
        candidates = await asked(guarded, guarded.it.match, request)
        assert candidates is not None
        assert track.native_id in [one.track.native_id for one in candidates]
        assert len(candidates) <= 10
        unknown = MatchRequest(title=self.nonsense, artists=(self.nonsense,), duration=Seconds(1))
        assert await asked(guarded, guarded.it.match, unknown) == ()

    async def test_pictures_have_an_address_or_bytes(self, guarded: Provider[Source]) -> None:
        """If there are any."""
        hits = await self._hits(guarded, self._search())
        wanted = SourceArtworkRequest(kind="album", native_id=hits.albums[0].native_id)
        picture = await asked(guarded, guarded.it.artwork, wanted)
        assert picture is None or bool(picture.url) != bool(picture.content)

    def _search(
        self, *, text: str = "", artists: int = 5, albums: int = 5, tracks: int = 5, offset: int = 0
    ) -> SearchRequest:
        return SearchRequest(
            text=text or self.words,
            artists=artists,
            albums=albums,
            tracks=tracks,
            offset=offset,
            deadline=Seconds(30),
        )

    async def _hits(self, guarded: Provider[Source], request: SearchRequest) -> SearchHits:
        return await asked(guarded, guarded.it.search, request) or SearchHits()

    async def _track(self, guarded: Provider[Source]) -> RemoteTrack:
        hits = await self._hits(guarded, self._search())
        playable = [track for track in hits.tracks if track.is_available]
        assert playable, "`words` have to find a track that can be played."
        return playable[0]

    async def _handle(self, guarded: Provider[Source]) -> StreamHandle:
        track = await self._track(guarded)
        handle = await asked(guarded, guarded.it.resolve, _resolve(track.native_id))
        assert isinstance(handle, StreamHandle), f"{track.title} cannot be played: {handle}"
        return handle


def _resolve(native_id: str) -> ResolveRequest:
    return ResolveRequest(native_id=native_id)


async def _bytes(guarded: Provider[Source], handle: StreamHandle) -> bytes:
    async with guarded.open(guarded.it.open_stream, OpenRequest(handle=handle)) as stream:
        assert stream.offset == 0
        return b"".join([chunk async for chunk in stream.chunks()])


def _ids(hits: SearchHits) -> tuple[list[str], list[str], list[str]]:
    return (
        [one.native_id for one in hits.artists if one.native_id],
        [one.native_id for one in hits.albums],
        [one.native_id for one in hits.tracks],
    )
