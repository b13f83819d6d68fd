"""What listeners find in the Archive, by words and by the way."""

import threading

import pytest

from archive_emulator import EmulatedItem, Emulator
from archive_listener import AUD, FM, MATRIX, PART, SBD, SIGUR, find, ids, page
from hydrophone.domain.units import Seconds
from hydrophone.plugin.capabilities.source import (
    BrowseRequest,
    LookupRequest,
    Source,
)
from hydrophone.testing.faults import held

pytestmark = pytest.mark.anyio


class TestSearching:
    async def test_a_night_is_one_group_with_the_best_recording_first(self, source: Source) -> None:
        hits = await find(source, "barton hall 1977")
        assert ids(hits.albums) == [SBD, MATRIX, FM, AUD, PART]
        assert {one.group_id for one in hits.albums} == {"gratefuldead|1977-05-08"}
        assert [one.rank for one in hits.albums] == sorted(one.rank for one in hits.albums)
        assert hits.albums[0].edition.startswith("Soundboard, Rob Eaton, #4982")
        assert [one.name for one in hits.artists] == []
        notes = hits.albums[3].notes
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
        counts = {one.native_id: one.track_count for one in hits.albums}
        # Into the best one it has looked.
        assert (counts[SBD], counts[AUD]) == (9, 0)

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
        never = threading.Event()
        internet_archive.main.fail(held(never), path="/metadata/")
        hits = await find(source, "barton hall", tracks=20, deadline=Seconds(4))
        never.set()
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

    async def test_who_has_no_band_collection_stands_among_the_bands(
        self, source: Source, internet_archive: Emulator
    ) -> None:
        alone = EmulatedItem(
            "nb2004-02-03.sbd",
            {
                "mediatype": "etree",
                "collection": ["etree"],
                "creator": "Nobody's Band",
                "title": "Nobody's Band Live at Mill on 2004-02-03",
                "date": "2004-02-03",
            },
        )
        internet_archive.items[alone.identifier] = alone
        try:
            artists = await page(source, "etree", "Artists")
            nights = await page(source, "etree", "Artists", "Nobody's Band", "2004")
        finally:
            del internet_archive.items[alone.identifier]
        assert [one.title for one in artists.folders][1:4] == [
            "Jerry Garcia",
            "Nobody's Band",
            "The Quiet Ones",
        ]
        assert [one.title for one in nights.folders] == ["2004-02-03"]

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
            "etree/artists/b:x%20OR%20y",
            "etree/years/1977/none",
            "etree/years/x",
        ],
    )
    async def test_no_such_place(self, source: Source, place: str) -> None:
        assert await source.browse(BrowseRequest(folder_id=place)) is None

    async def test_whoever_asks_again_is_shown_what_is_there_now(
        self, source: Source, internet_archive: Emulator
    ) -> None:
        # Core keeps what it was shown, and people clear that: then nothing else is in the way.
        place = BrowseRequest(folder_id="etree/years/1977")
        for times in (1, 2):
            assert await source.browse(place) is not None
            assert len(internet_archive.queries()) == times
        asked = len(internet_archive.asked("/metadata/"))
        for times in (1, 2):
            assert await source.album(LookupRequest(native_id=SIGUR)) is not None
            assert len(internet_archive.asked("/metadata/")) == asked + times

    async def test_pages_of_a_place_are_asked_for_once(
        self, source: Source, internet_archive: Emulator
    ) -> None:
        place = "etree/years/1977"
        first = await source.browse(BrowseRequest(folder_id=place, limit=2))
        assert first is not None
        rest = BrowseRequest(folder_id=place, limit=2, cursor=first.next_cursor)
        assert await source.browse(rest) is not None
        assert len(internet_archive.queries()) == 1

    @pytest.mark.parametrize(
        ("place", "title"), [("etree/artists/b:None", "None"), ("netlabels/years/1901", "1901")]
    )
    async def test_a_place_where_nothing_is_yet_is_empty(
        self, source: Source, place: str, title: str
    ) -> None:
        found = await source.browse(BrowseRequest(folder_id=place))
        assert found is not None
        assert (found.title, found.folders, found.albums) == (title, (), ())
