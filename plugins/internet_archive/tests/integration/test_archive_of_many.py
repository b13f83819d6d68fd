"""A band with more recordings than fit on a page of the search."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from archive_emulator import EmulatedItem, Emulator, emulator
from hydrophone.domain.units import Seconds
from hydrophone.plugin import Context
from hydrophone.plugin.capabilities.source import (
    BrowsePage,
    BrowseRequest,
    LookupRequest,
    SearchRequest,
    Source,
)
from hydrophone.testing.capabilities import SOURCE
from hydrophone.testing.context import started_plugin
from hydrophone_internet_archive import InternetArchive

pytestmark = pytest.mark.anyio

BAND = "etree/artists/b%3AEndless"
COUNT = 2400


def made(number: int) -> EmulatedItem:
    """Make one of many: two recordings a day, sixty days a month in 2019 and 2020."""
    day = number // 2
    date = f"{2019 + day // 1000}-{1 + day % 1000 // 25 % 12:02}-{1 + day % 25:02}"
    return EmulatedItem(
        f"end{number}.{'sbd' if number % 2 else 'aud'}.{10000 + number}",
        {
            "mediatype": "etree",
            "collection": ["Endless", "etree"],
            "creator": "Endless",
            "title": f"Endless Live on {date}",
            "date": "junk" if number == COUNT - 1 else date,
        },
        found={"downloads": number},
    )


@pytest.fixture(scope="module")
def many() -> Iterator[Emulator]:
    with emulator(map(made, range(COUNT))) as running:
        yield running


@pytest.fixture
async def source(many: Emulator, hydrophone_context: Context) -> AsyncIterator[Source]:
    many.forget()
    async with started_plugin(
        InternetArchive, hydrophone_context, {"base_url": many.url}
    ) as started:
        yield started.the(SOURCE)


async def page(source: Source, place: str) -> BrowsePage:
    found = await source.browse(BrowseRequest(folder_id=place))
    assert found is not None
    return found


async def test_years_lead_to_months_where_they_are_large(source: Source) -> None:
    years = await page(source, BAND)
    titles = [one.title for one in years.folders]
    assert titles[-3:] == ["2020", "2019", "Unknown date"]
    year = await page(source, f"{BAND}/2019")
    assert [one.title for one in year.folders][:2] == ["January", "February"]
    month = await page(source, f"{BAND}/2019/m01")
    assert next(one.title for one in month.folders) == "2019-01-01"
    night = await page(source, month.folders[0].native_id)
    assert next(one.edition.partition(",")[0] for one in night.albums) == "Soundboard"
    small = await page(source, f"{BAND}/2020")
    assert small.folders[0].title == "2020-01-01"


async def test_what_the_search_cannot_date_is_apart(source: Source) -> None:
    undated = await page(source, f"{BAND}/undated")
    assert [one.title for one in undated.folders] == ["2020-08-25"]


async def test_an_artist_has_the_most_heard(source: Source) -> None:
    found = await source.artist(LookupRequest(native_id="Endless"))
    assert found is not None
    assert len(found.albums) == 500
    numbers = {int(one.native_id.removeprefix("end").partition(".")[0]) for one in found.albums}
    assert numbers == set(range(COUNT - 500, COUNT))


async def test_a_night_of_many_has_its_versions(source: Source) -> None:
    found = await source.album(LookupRequest(native_id="end0.aud.10000"))
    assert found is not None
    assert len(found.versions) > 1
    assert found.versions[0].edition.startswith("Soundboard")


@pytest.mark.parametrize(("year", "searches"), [(2019, 3), (2020, 2)], ids=["month", "year"])
async def test_nights_of_many_cost_a_search_for_their_year_or_month(
    source: Source, many: Emulator, year: int, searches: int
) -> None:
    """2019 has more than a page of the search, 2020 has not."""
    nights = [one.identifier for one in map(made, range(0, COUNT, 2)) if _month(one) == (year, 1)]
    for native_id in nights[:8]:
        found = await source.album(LookupRequest(native_id=native_id))
        assert found is not None
        assert len(found.versions) > 1
    assert len(many.queries()) == searches


def _month(item: EmulatedItem) -> tuple[int, int]:
    year, month, _ = item.metadata["date"].split("-")
    return int(year), int(month)


async def test_pages_of_a_search_never_overlap(source: Source) -> None:
    seen: list[str] = []
    for offset in (0, 40, 80):
        request = SearchRequest(
            text="endless", artists=0, albums=40, tracks=0, offset=offset, deadline=Seconds(30)
        )
        seen += [one.native_id for one in (await source.search(request)).albums]
    assert len(seen) == len(set(seen)) == 120


async def test_an_album_costs_a_look_up_and_a_band_a_search(
    hydrophone_context: Context,
) -> None:
    """An app opens nights four at a time."""
    with emulator(map(made, range(280))) as archive:
        table = {"base_url": archive.url}
        async with started_plugin(InternetArchive, hydrophone_context, table) as started:
            source, turns = started.the(SOURCE), asyncio.Semaphore(4)

            async def opened(number: int) -> int:
                async with turns:
                    native_id = made(7 * number).identifier
                    found = await source.album(LookupRequest(native_id=native_id))
                    return len(found.versions) if found is not None else 0

            assert min(await asyncio.gather(*map(opened, range(20)))) >= 2
        assert len(archive.asked("/metadata/")) == 20
        assert len(archive.queries()) == 1
