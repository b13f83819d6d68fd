"""The Archive as this plugin sees it: recordings, nights and items."""

import asyncio
import logging
from collections.abc import Iterable

from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.errors import ProviderError
from hydrophone.plugin import HttpClient
from hydrophone_internet_archive import queries
from hydrophone_internet_archive.client import DEEPEST, FIELDS, Client, Document
from hydrophone_internet_archive.concerts import Concert, concerts
from hydrophone_internet_archive.config import Config
from hydrophone_internet_archive.items import Item, read_item
from hydrophone_internet_archive.memory import Memory
from hydrophone_internet_archive.ranking import Ranking
from hydrophone_internet_archive.recordings import Recording, is_identifier, recording
from hydrophone_internet_archive.shapes import lines
from hydrophone_internet_archive.tracks import Track, has_titles, tracks_of

HOUR = Seconds(3600.0)
"""For items of which only the files count, or how many tracks there are."""
_NEW = Seconds(0.0)
_WHILE_BROWSING = Seconds(600.0)
"""In which nights of the same artist are opened one after the other."""
_VERSIONS_LIMIT = 5.0
"""Seconds that the tracks of a recording wait for the others of its night."""
_WHOLE = 1000
"""Rows of a page. A query that finds no more is looked at as a whole, so junk dates do no harm."""
MOST_ROWS = 30_000
"""Of a query that is read to its end."""
_READ_AT_ONCE = 25
_MOST_COUNTED = 6
"""Recordings of a night whose tracks are counted: each costs a request."""
_COUNTING_LIMIT = 4.0
"""Seconds; a night whose tracks are not counted by then is ranked without."""
_INFO_FORMAT = "text"
_LARGEST_INFO = 200_000


class Opened(Struct, frozen=True, kw_only=True):
    """An item and its tracks, in the order in which they are played."""

    item: Item
    tracks: tuple[Track, ...]


class Archive:
    """Asks the Archive, once for all who ask together. What it raises is a ProviderError."""

    def __init__(self, config: Config, http: HttpClient, logger: logging.Logger) -> None:
        """Asks nothing yet."""
        self.client = Client(http, config.address)
        self.collections = config.collections
        self._ranking = Ranking(config)
        self._logger = logger
        self._opened: Memory[Opened | None] = Memory(most=60, lifetime=HOUR)
        self._wholes: Memory[tuple[Recording, ...] | None] = Memory(
            most=10, lifetime=_WHILE_BROWSING
        )
        self._documents: Memory[tuple[Document, ...]] = Memory(most=5, lifetime=_NEW)

    async def open(self, identifier: str, *, age: Seconds = _NEW) -> Opened | None:
        """Return an item with its tracks; `None` if there is none of this identifier.

        What was read no longer than `age` ago is not read again.
        """
        if not is_identifier(identifier):
            return None
        return await self._opened.get(identifier, lambda: self._open(identifier), age=age)

    async def search(self, query: str, *, rows: int, sort: str = "") -> tuple[Recording, ...]:
        """Return so many recordings at most, the most relevant first unless a sort is given."""
        found = await self.client.search(query, rows=min(rows, DEEPEST), sort=sort)
        return await self._read(found.documents)

    async def whole(self, query: str, *, age: Seconds = _NEW) -> tuple[Recording, ...] | None:
        """Return all recordings of a query; `None` if they are more than a thousand.

        What was found no longer than `age` ago is not looked for again.
        """

        async def ask() -> tuple[Recording, ...] | None:
            found = await self.client.search(query, rows=_WHOLE)
            return await self._read(found.documents) if found.total <= _WHOLE else None

        return await self._wholes.get(query, ask, age=age)

    async def all(self, query: str) -> tuple[Recording, ...]:
        """Return all recordings of a query, thirty thousand at most, in no order."""
        found = await self.whole(query)
        if found is not None:
            return found
        scraped = await self.client.scrape(query, fields=FIELDS, most=MOST_ROWS)
        return await self._read(scraped.documents)

    async def count(self, query: str) -> int:
        """Return how many items are found."""
        return (await self.client.search(query, rows=1, fields=("identifier",))).total

    async def documents(self, query: str, fields: tuple[str, ...]) -> tuple[Document, ...]:
        """Return some fields of all that is found, thirty thousand at most, in no order."""

        async def ask() -> tuple[Document, ...]:
            found = await self.client.search(query, rows=_WHOLE, fields=fields)
            if found.total <= _WHOLE:
                return tuple(found.documents)
            whole = await self.client.scrape(query, fields=fields, most=MOST_ROWS)
            return tuple(whole.documents)

        return await self._documents.get(f"{fields} {query}", ask)

    def grouped(self, recordings: Iterable[Recording]) -> tuple[Concert, ...]:
        """Put recordings of one night together, by what is known without asking further."""
        those = tuple(recordings)
        counts = {
            one.identifier: len(opened.tracks)
            for one in those
            if (opened := self._opened.peek(one.identifier)) is not None
        }
        return concerts(those, self._ranking, track_counts=counts)

    async def night_of(self, one: Recording) -> Concert:
        """Return a recording's night with all recordings of it.

        Where they cannot be had, it is the only one: what can be played is played.
        """
        if not (one.is_concert and one.is_dated):
            return self.grouped([one])[0]
        try:
            async with asyncio.timeout(_VERSIONS_LIMIT):
                found = await self._same_day(one)
        except TimeoutError:
            self._logger.info("Other recordings of %s take too long to be found.", one.identifier)
            found = ()
        except ProviderError as error:
            self._logger.warning("Other recordings of %s are not known: %s", one.identifier, error)
            found = ()
        those = {it.identifier: it for it in (one, *found)}
        return next(
            it for it in self.grouped(those.values()) if those[one.identifier] in it.recordings
        )

    async def counted(self, night: Concert) -> Concert:
        """Rank the recordings of a night once more, knowing how many tracks each has.

        It asks for each of them, so it is for one night that somebody wants to know all about.
        """
        if len(night.recordings) < 2:
            return night

        async def look(identifier: str) -> None:
            try:
                await self.open(identifier, age=HOUR)
            except ProviderError as error:
                self._logger.info("The tracks of %s are not counted: %s", identifier, error)

        try:
            async with asyncio.timeout(_COUNTING_LIMIT), asyncio.TaskGroup() as group:
                for one in night.recordings[:_MOST_COUNTED]:
                    group.create_task(look(one.identifier))
        except TimeoutError:
            self._logger.info("The tracks of %s take too long to be counted.", night.key)
        again = self.grouped(night.recordings)
        return max(again, key=lambda it: len(it.recordings))

    async def _same_day(self, one: Recording) -> tuple[Recording, ...]:
        query = (
            queries.of_band(self.collections, one.collection)
            if one.collection
            else queries.of_creator(self.collections, next(iter(one.creators), ""))
        )
        # Of a band that has thousands, its year, or its month, serves the other nights as well.
        for part in (query, *_around(query, one.day)):
            found = await self.whole(part, age=_WHILE_BROWSING)
            if found is not None:
                break
        else:
            found = await self.all(queries.between(query, one.day, one.day))
        return tuple(it for it in found if it.band == one.band and it.day == one.day)

    async def _open(self, identifier: str) -> Opened | None:
        document = await self.client.metadata(identifier)
        item = read_item(document, identifier, own=self.collections)
        if item is None:
            return None
        info = () if has_titles(item) else await self._info(item)
        return Opened(item=item, tracks=tracks_of(item, info=info))

    async def _info(self, item: Item) -> tuple[str, ...]:
        """Return the lines of the text file that tapers put beside their recordings."""
        file = next(
            (
                one
                for one in item.files
                if one.format.casefold() == _INFO_FORMAT
                and one.is_original
                and not one.is_private
                and one.size <= _LARGEST_INFO
            ),
            None,
        )
        if file is None:
            return ()
        try:
            return tuple(lines(await self.client.text_file(item.recording.identifier, file.name)))
        except ProviderError as error:
            self._logger.info("%s is not read for titles: %s", item.recording.identifier, error)
            return ()

    async def _read(self, documents: Iterable[Document]) -> tuple[Recording, ...]:
        found = []
        for place, one in enumerate(documents):
            if place % _READ_AT_ONCE == 0:
                # A thousand take a tenth of a second, in which nobody would be served.
                await asyncio.sleep(0)
            if (read := recording(one, own=self.collections)) is not None:
                found.append(read)
        return tuple(found)


def _around(query: str, day: str) -> tuple[str, str]:
    """Find those of a query that are dated in the year of a day, or in its month."""
    year, month = int(day[:4]), int(day[5:7])
    return queries.of_year(query, year), queries.of_month(query, year, month)
