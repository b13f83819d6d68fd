"""What listeners get to hear of the Archive, and what they are told when it does not answer."""

import hashlib

import pytest

from archive_emulator import Emulator
from archive_listener import (
    AUD,
    SIGUR,
    fetched,
    find,
    handle_of,
    resolve,
    tracks,
)
from hydrophone.domain.remote import Quality
from hydrophone.errors import BadAnswerError, ProviderUnavailableError, RetryLaterError
from hydrophone.plugin import Context
from hydrophone.plugin.capabilities.source import (
    LookupRequest,
    Refusal,
    RefusalReason,
    Source,
)
from hydrophone.testing.capabilities import SOURCE
from hydrophone.testing.context import StartedPlugin, started_plugin
from hydrophone.testing.faults import throttled, web_page
from hydrophone_internet_archive import InternetArchive

pytestmark = pytest.mark.anyio


class TestFetching:
    @pytest.mark.parametrize("place", [0, 1, 2])
    async def test_any_name_is_fetched_and_adds_up(
        self, source: Source, internet_archive: Emulator, place: int
    ) -> None:
        track = (await tracks(source, SIGUR))[place]
        handle = await handle_of(source, track.native_id)
        whole = await fetched(source, handle)
        assert handle.checksum is not None
        assert handle.checksum.algorithm == "sha1"
        assert hashlib.sha1(whole).hexdigest() == handle.checksum.digest
        assert handle.size == len(whole) == track.size
        assert internet_archive.node.requests[-1].path.startswith(f"/7/items/{SIGUR}/")
        assert await fetched(source, handle, len(whole) - 10) == whole[-10:]

    async def test_the_configuration_chooses_the_format(
        self, internet_archive: Emulator, hydrophone_context: Context
    ) -> None:
        table = {"base_url": internet_archive.url + "/", "formats": ["mp3"]}
        async with started_plugin(InternetArchive, hydrophone_context, table) as started:
            source = started.the(SOURCE)
            handle = await handle_of(source, f"{AUD}/gd1977-05-08t01.flac")
            assert (handle.suffix, handle.url.rpartition("/")[2]) == ("mp3", "gd1977-05-08t01.mp3")
            refused = await resolve(source, "fh-guests/fh-gueststt01.flac")
            assert refused is None
            [track] = await tracks(source, "fh-guests")
            assert not track.is_available
            assert "no format that the configuration names" in track.unavailable_because

    async def test_core_may_ask_for_the_smaller_one(self, source: Source) -> None:
        native_id = f"{AUD}/gd1977-05-08t01.flac"
        lossless = await handle_of(source, native_id)
        lossy = await handle_of(source, native_id, quality=Quality.LOSSY)
        assert (lossless.codec, lossy.codec) == ("flac", "mp3")
        assert lossless.representation != lossy.representation

    async def test_what_is_stream_only_comes_as_a_derivative(self, source: Source) -> None:
        [track, _] = await tracks(source, "tqo2005-01-01.sbd.flac16")
        assert (track.suffix, track.is_available) == ("mp3", True)
        handle = await handle_of(source, track.native_id)
        assert len(await fetched(source, handle)) == handle.size

    async def test_after_a_refusal_comes_what_is_given(self, source: Source) -> None:
        [track, _] = await tracks(source, "tqo2005-01-02.sbd.flac16")
        assert (await handle_of(source, track.native_id)).codec == "flac"
        handle = await handle_of(source, track.native_id, is_refused=True)
        assert handle.codec == "mp3"
        again = await handle_of(source, track.native_id)
        assert again.representation == handle.representation

    async def test_where_all_is_refused_it_is_said(
        self, source: Source, internet_archive: Emulator
    ) -> None:
        item = internet_archive.items["tqo2005-01-02.sbd.flac16"]
        before, item.refused = item.refused, frozenset(item.content)
        try:
            [track, _] = await tracks(source, item.identifier)
            refused = await resolve(source, track.native_id, is_refused=True)
        finally:
            item.refused = before
        assert isinstance(refused, Refusal)
        assert refused.reason is RefusalReason.RESTRICTED

    @pytest.mark.parametrize(
        ("identifier", "sentence"),
        [
            ("tqo2005-01-03.sbd.flac16", "restricts this recording"),
            ("tqo2005-01-04.sbd.flac16", "restricts this recording"),
            ("tqo2005-01-06.shnf", "nothing plays (Shorten)"),
        ],
    )
    async def test_what_is_not_given_is_listed_with_the_reason(
        self, source: Source, identifier: str, sentence: str
    ) -> None:
        [track] = await tracks(source, identifier)
        assert not track.is_available
        assert sentence in track.unavailable_because
        refused = await resolve(source, track.native_id)
        assert isinstance(refused, Refusal)
        assert refused.sentence == track.unavailable_because

    async def test_a_dark_item_has_been_taken_down(self, source: Source) -> None:
        refused = await resolve(source, "tqo2005-01-05.sbd.flac16/any.flac")
        assert isinstance(refused, Refusal)
        assert refused.reason is RefusalReason.REMOVED


class TestTrouble:
    async def test_a_page_with_status_200_is_an_outage(
        self, source: Source, internet_archive: Emulator
    ) -> None:
        internet_archive.main.fail(web_page())
        with pytest.raises(ProviderUnavailableError, match="web page"):
            await find(source, "x")

    async def test_an_error_with_status_200_is_a_refusal(
        self, started: StartedPlugin[InternetArchive]
    ) -> None:
        with pytest.raises(BadAnswerError, match="refuses the search: cannot parse"):
            await started.plugin.archive.client.search('title:"x', rows=1)
        with pytest.raises(BadAnswerError, match="10000 is the limit"):
            await started.plugin.archive.client.search("x", rows=1000, page=11)

    async def test_too_much_is_told_with_the_seconds(
        self, source: Source, internet_archive: Emulator
    ) -> None:
        internet_archive.main.fail(throttled(retry_after=7), times=1)
        with pytest.raises(RetryLaterError) as raised:
            await find(source, "x")
        assert raised.value.after == pytest.approx(7, abs=1)

    async def test_check_says_whether_it_answers(
        self, started: StartedPlugin[InternetArchive], internet_archive: Emulator
    ) -> None:
        assert await started.plugin.check() == (
            "127.0.0.1 answers: 30 recordings in etree, netlabels."
        )
        internet_archive.main.fail(web_page())
        with pytest.raises(ProviderUnavailableError):
            await started.plugin.check()

    @pytest.mark.parametrize("native_id", ["../x", f"{AUD}/files", "a b", "x?y", "é", "-" * 200])
    async def test_what_is_no_identifier_is_not_asked_for(
        self, source: Source, internet_archive: Emulator, native_id: str
    ) -> None:
        assert await source.album(LookupRequest(native_id=native_id)) is None
        assert internet_archive.asked("/") == []
