"""What listeners get to see of a recording."""

import pytest

from archive_emulator import Emulator
from archive_listener import AUD, FM, MATRIX, PART, SBD, SIGUR, ids, tracks
from hydrophone.domain.units import Seconds
from hydrophone.plugin.capabilities.source import (
    LookupRequest,
    MatchRequest,
    Source,
    SourceArtworkRequest,
)
from hydrophone.testing.faults import web_page

pytestmark = pytest.mark.anyio


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
