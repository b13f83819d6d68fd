"""What listeners get to see and hear of the Archive."""

import hashlib
from typing import Any

import pytest

from archive_emulator import Emulator
from hydrophone.domain.remote import Quality, RemoteAlbum, RemoteTrack
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import BadAnswerError, ProviderUnavailableError, RetryLaterError
from hydrophone.host.capabilities import SOURCE
from hydrophone.plugin import Context
from hydrophone.plugin.capabilities.source import (
    BrowsePage,
    BrowseRequest,
    LookupRequest,
    MatchRequest,
    OpenRequest,
    Refusal,
    RefusalReason,
    ResolveRequest,
    SearchHits,
    SearchRequest,
    Source,
    SourceArtworkRequest,
    StreamHandle,
)
from hydrophone.testing.context import StartedPlugin, started_plugin
from hydrophone.testing.faults import late, throttled, web_page
from hydrophone_internet_archive import InternetArchive

pytestmark = pytest.mark.anyio

AUD = "gd1977-05-08.shure57.stevenson.29303.flac16"
SBD = "gd77-05-08.sbd.hicks.4982.sbeok.shnf"
MATRIX = "gd1977-05-08.mtx.seamons.95500.flac16"
PART = "gd1977-05-08.sbd.part.1111.flac16"
FM = "gd1977-05-08.111493.fm.remaster.flac24"
SIGUR = "Sigur2003-06-01"


async def find(source: Source, text: str, **wanted: Any) -> SearchHits:
    usual: dict[str, Any] = {"artists": 10, "albums": 20, "tracks": 0, "deadline": Seconds(5)}
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


class TestSearching:
    async def test_a_night_is_one_group_with_the_best_recording_first(self, source: Source) -> None:
        hits = await find(source, "barton hall 1977")
        assert ids(hits.albums) == [SBD, MATRIX, PART, FM, AUD]
        assert {one.group_id for one in hits.albums} == {"gratefuldead|1977-05-08"}
        assert [one.rank for one in hits.albums] == sorted(one.rank for one in hits.albums)
        assert hits.albums[0].edition.startswith("Soundboard, Rob Eaton, #4982")
        assert [one.name for one in hits.artists] == []
        notes = hits.albums[4].notes
        for line in (
            "Place: Barton Hall, Cornell University, Ithaca, NY",
            "Source: AUD > Shure SM57 mics > Sony TC-152",
            "Lineage: Cassette > DAT > CD > EAC > FLAC",
            "Taper: Stevenson",
        ):
            assert line in notes.splitlines()

    async def test_where_room_is_short_each_night_is_there_once(self, source: Source) -> None:
        first = await find(source, "grateful dead", albums=10)
        second = await find(source, "grateful dead", albums=10, offset=10)
        groups = [one.group_id or one.native_id for one in first.albums]
        assert len(set(groups)) == 10
        assert set(ids(first.albums)).isdisjoint(ids(second.albums))
        assert [one.name for one in first.artists] == ["Grateful Dead"]

    async def test_a_song_is_found_in_the_likeliest_recordings(self, source: Source) -> None:
        hits = await find(source, "barton hall morning dew", tracks=20)
        assert [one.title for one in hits.tracks] == ["Morning Dew"]
        hits = await find(source, "cornell university barton", tracks=20)
        assert {one.album.native_id for one in hits.tracks if one.album} == {SBD}
        assert len(hits.tracks) == 9

    @pytest.mark.parametrize(
        "text", ['"', "(", "a AND", "[x TO", "\\", "creator:", "AC/DC", "!!!", '" OR "x', "*", "~"]
    )
    async def test_what_is_typed_is_never_an_operator(self, source: Source, text: str) -> None:
        assert ids((await find(source, text)).albums) == []

    async def test_words_of_any_script_are_found(self, source: Source) -> None:
        assert ids((await find(source, "sigur rós")).albums) == [SIGUR]

    async def test_tracks_that_come_too_late_are_left_out(
        self, source: Source, internet_archive: Emulator
    ) -> None:
        internet_archive.main.fail(late(1.0), path="/metadata/")
        hits = await find(source, "barton hall", tracks=20, deadline=Seconds(0.6))
        assert len(hits.albums) == 5
        assert hits.tracks == ()


class TestBrowsing:
    async def test_the_way_to_a_concert(self, source: Source) -> None:
        top = await page(source)
        assert [one.title for one in top.folders] == ["etree", "netlabels"]
        artists = await page(source, "etree", "Artists")
        assert [one.title for one in artists.folders] == [
            "Grateful Dead",
            "Jerry Garcia",
            "The Quiet Ones",
            "Sigur Rós",
            "The String Cheese Incident",
        ]
        years = await page(source, "etree", "Artists", "Grateful Dead")
        assert [one.title for one in years.folders] == [
            "1982", "1981", "1980", "1978", "1977", "Unknown date",
        ]  # fmt: skip
        nights = await page(source, "etree", "Artists", "Grateful Dead", "1977")
        night = "1977-05-08 Barton Hall, Cornell University, Ithaca, NY"
        assert [one.title for one in nights.folders] == [
            night, "1977-05-09", "1977-05-13", "1977-05-14", "1977-05-15",
        ]  # fmt: skip
        assert ids(nights.albums) == ["gd77-00-00.unknown.5555"]
        concert = await page(source, "etree", "Artists", "Grateful Dead", "1977", night)
        assert ids(concert.albums) == [SBD, MATRIX, FM, AUD, PART]

    async def test_the_way_by_year(self, source: Source) -> None:
        years = await page(source, "etree", "Years")
        assert [one.title for one in years.folders][:2] == ["2005", "2003"]
        shows = await page(source, "etree", "Years", "1978")
        whose = "Jerry Garcia Band, Jerry Garcia"
        assert [one.title for one in shows.folders] == [
            f"1978-03-18 ({show} show) Warner Theatre, Washington, DC - {whose}"
            for show in ("early", "late")
        ]
        day = await page(source, "etree", "Years", "2000")
        assert [one.title.partition(" - ")[0] for one in day.folders] == [
            "2000-07-04 KBCO Studio C",
            "2000-07-04 Red Rocks Amphitheatre",
        ]

    async def test_what_has_no_date_is_there(self, source: Source) -> None:
        undated = await page(source, "etree", "Artists", "Grateful Dead", "Unknown date")
        assert ids(undated.albums) == ["gd-sometime.sbd.7777"]

    async def test_a_collection_without_bands_has_its_creators(self, source: Source) -> None:
        artists = await page(source, "netlabels", "Artists")
        assert [one.title for one in artists.folders] == ["Frozen Harbour", "Lamp"]
        releases = await page(source, "netlabels", "Artists", "Frozen Harbour", "2009")
        assert ids(releases.albums) == ["fh-ice", "fh-tape"]

    async def test_pages_are_cut_where_they_were_asked_to(self, source: Source) -> None:
        way = ("etree", "Artists", "Grateful Dead", "1977")
        first = await page(source, *way, limit=4)
        rest = await page(source, *way, limit=4, cursor=first.next_cursor)
        assert (len(first.folders), len(first.albums)) == (4, 0)
        assert (len(rest.folders), len(rest.albums), rest.next_cursor) == (1, 1, "")

    @pytest.mark.parametrize(
        "place",
        [
            "x",
            "etree/x",
            "etree/artists/b:None",
            "etree/artists/b:x%20OR%20y",
            "etree/years/1977/none",
            "etree/years/x",
        ],
    )
    async def test_no_such_place(self, source: Source, place: str) -> None:
        assert await source.browse(BrowseRequest(folder_id=place)) is None

    async def test_a_page_looked_at_twice_is_asked_for_once(
        self, source: Source, internet_archive: Emulator
    ) -> None:
        for _ in range(3):
            await page(source, "etree", "Artists", "Grateful Dead", "1977")
        assert len(internet_archive.asked("/")) == 2


class TestDetails:
    async def test_an_album_has_its_tracks_and_versions(self, source: Source) -> None:
        details = await source.album(LookupRequest(native_id=MATRIX))
        assert details is not None
        assert [one.title for one in details.tracks][:2] == ["New Minglewood Blues", "Loser"]
        assert [one.track_number for one in details.tracks] == list(range(1, 10))
        assert ids(details.versions) == [SBD, MATRIX, FM, AUD, PART]
        album = details.album
        assert album.track_count == 9
        assert album.duration == pytest.approx(18)
        assert album.artwork_url.endswith(f"/download/{MATRIX}/cover.jpg")
        assert "Please share freely.\nDo not sell." in album.notes
        first = details.tracks[0]
        assert (first.suffix, first.content_type, first.bit_depth) == ("flac", "audio/flac", 16)

    async def test_versions_are_not_needed_to_hear_one(
        self, source: Source, internet_archive: Emulator
    ) -> None:
        internet_archive.main.fail(web_page(), path="/advancedsearch.php")
        details = await source.album(LookupRequest(native_id=AUD))
        assert details is not None
        assert len(details.tracks) == 9
        assert details.versions == ()

    async def test_shorten_is_heard_by_its_derivatives(self, source: Source) -> None:
        first = (await tracks(source, SBD))[0]
        assert first.native_id == f"{SBD}/gd77-05-08eaton-d1t01.shn"
        assert (first.suffix, first.is_available) == ("mp3", True)

    @pytest.mark.parametrize(
        ("identifier", "titles"),
        [
            (SIGUR, ["Ágætis byrjun", "50% #1 hit?", "Svefn+g & englar"]),
            (
                "gd1980-10-31.sbd.1000.flac16",
                ["Dire Wolf", "To Lay Me Down", "Heaven Help the Fool & more"],
            ),
            ("gd1981-03-28.aud.1001.flac16", ["Jack Straw", "Sugaree"]),
            ("gd1982-04-06.aud.1002.flac16", [f"Jam {number}" for number in range(1, 12)]),
        ],
    )
    async def test_titles_and_order(
        self, source: Source, identifier: str, titles: list[str]
    ) -> None:
        found = await tracks(source, identifier)
        assert [one.title for one in found] == titles
        assert all(one.duration == pytest.approx(2) for one in found)

    async def test_an_artist_has_all_nights(self, source: Source) -> None:
        details = await source.artist(LookupRequest(native_id="Jerry Garcia Band"))
        assert details is not None
        assert ids(details.albums) == [
            "jgb1978-03-18.late.sbd.9002.flac16",
            "jgb1978-03-18.early.sbd.9001.flac16",
        ]
        assert [one.name for one in details.albums[0].artists] == [
            "Jerry Garcia Band",
            "Jerry Garcia",
        ]

    async def test_a_release_has_no_versions(self, source: Source) -> None:
        details = await source.album(LookupRequest(native_id="fh-tape"))
        assert details is not None
        assert (details.album.group_id, details.album.edition, details.versions) == ("", "", ())
        assert details.album.title == "Tape"
        assert "http://creativecommons.org/licenses/by-nc-sa/3.0/" in details.album.notes
        assert [one.native_id for one in details.tracks] == ["fh-tape/fh-tapet01.flac"]

    async def test_pictures(self, source: Source, internet_archive: Emulator) -> None:
        async def url(kind: str, native_id: str) -> str:
            found = await source.artwork(SourceArtworkRequest(kind=kind, native_id=native_id))
            return found.url if found else ""

        images = f"{internet_archive.url}/services/img"
        assert await url("album", AUD) == f"{images}/{AUD}"
        assert await url("track", f"{AUD}/x.flac") == f"{images}/{AUD}"
        assert await url("artist", "Grateful Dead") == f"{images}/GratefulDead"
        assert await url("artist", "Frozen Harbour") == ""

    async def test_a_recording_from_elsewhere_is_matched(self, source: Source) -> None:
        wanted = MatchRequest(title="El Paso", artists=("Grateful Dead",), duration=Seconds(2))
        [best] = await source.match(wanted)
        assert (best.track.title, best.track.track_number) == ("El Paso", 3)
        by_another = MatchRequest(title="El Paso", artists=("Marty Robbins",))
        assert await source.match(by_another) == ()


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
