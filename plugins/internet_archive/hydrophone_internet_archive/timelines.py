"""Recordings by year and month, of a band that has ten as of one that has ten thousand."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from hydrophone.plugin import Clock
from hydrophone_internet_archive import queries
from hydrophone_internet_archive.archive import Archive
from hydrophone_internet_archive.recordings import Recording


class Years(Struct, frozen=True, kw_only=True):
    """In which years there is something."""

    years: tuple[int, ...]
    """The latest first."""
    has_undated: bool
    """Whether there may be something whose year is unknown."""


class Timelines:
    """What a query finds, by date.

    Few recordings are looked at as a whole and by their repaired dates. Of many, the Archive is
    asked for a span of dates, and what it takes for undated stands apart.
    """

    def __init__(self, archive: Archive, clock: Clock) -> None:
        """Asks nothing yet."""
        self._archive = archive
        self._clock = clock

    async def years(self, query: str) -> Years:
        """Return the years of a query's recordings."""
        whole = await self._archive.whole(query)
        if whole is not None:
            years = {one.date.year for one in whole if one.date is not None}
            undated = any(one.date is None for one in whole)
            return Years(years=tuple(sorted(years, reverse=True)), has_undated=undated)
        this_year = datetime.fromtimestamp(self._clock.now() / 1000, UTC).year
        dated = queries.between(query, "1860-01-01", f"{this_year}-12-31")
        first = await self._archive.search(dated, rows=1, sort="date asc")
        date = first[0].date if first else None
        begin = this_year if date is None else min(date.year, this_year)
        return Years(years=tuple(range(this_year, begin - 1, -1)), has_undated=True)

    async def of_year(self, query: str, year: int) -> tuple[Recording, ...] | None:
        """Return the recordings of a year by date; `None` if they are too many for one page."""
        whole = await self._archive.whole(query)
        if whole is not None:
            return _by_date(one for one in whole if one.date is not None and one.date.year == year)
        found = await self._archive.whole(queries.of_year(query, year))
        return None if found is None else _by_date(found)

    async def of_month(self, query: str, year: int, month: int) -> tuple[Recording, ...]:
        """Return the recordings of a month by date."""
        return _by_date(await self._archive.all(queries.of_month(query, year, month)))

    async def undated(self, query: str) -> tuple[Recording, ...]:
        """Return the recordings without a year, by identifier."""
        whole = await self._archive.whole(query)
        if whole is not None:
            return _by_date(one for one in whole if one.date is None)
        return _by_date(await self._archive.all(queries.undated(query)))


def _by_date(recordings: Iterable[Recording]) -> tuple[Recording, ...]:
    return tuple(sorted(recordings, key=lambda one: (one.day, one.identifier)))
