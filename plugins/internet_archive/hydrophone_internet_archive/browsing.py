"""The tree of the source: collection, artist, year, concert; or collection, year, concert."""

from calendar import month_name
from collections.abc import Iterable
from urllib.parse import quote, unquote

from hydrophone.domain.collation import sort_key
from hydrophone.domain.remote import RemoteAlbum, RemoteFolder
from hydrophone.domain.units import Seconds
from hydrophone.plugin import Clock
from hydrophone.plugin.capabilities.source import BrowsePage, BrowseRequest
from hydrophone_internet_archive import queries
from hydrophone_internet_archive.answers import Answers
from hydrophone_internet_archive.archive import MOST_ROWS, Archive
from hydrophone_internet_archive.concerts import Concert
from hydrophone_internet_archive.memory import Memory
from hydrophone_internet_archive.recordings import Recording, is_identifier
from hydrophone_internet_archive.shapes import clipped, key, text, texts
from hydrophone_internet_archive.timelines import Timelines

_LONGEST_ID = 500
_WHILE_PAGING = Seconds(300.0)
_LONGEST_TITLE = 500
_ARTISTS = "artists"
_YEARS = "years"
_UNDATED = "undated"
_BAND = "b:"
_CREATOR = "c:"


class Browsing:
    """Pages of the tree.

    The id of a place is the way to it: `etree/artists/b:GratefulDead/1977/<night>`, each step
    written as in a URL. So it means the same in every database.
    """

    def __init__(self, archive: Archive, answers: Answers, clock: Clock) -> None:
        """Asks nothing yet."""
        self._archive = archive
        self._answers = answers
        self._timelines = Timelines(archive, clock)
        self._places: Memory[BrowsePage | None] = Memory(most=5, lifetime=_WHILE_PAGING)

    async def page(self, request: BrowseRequest) -> BrowsePage | None:
        """Return a page of a place; `None` if there is no such place."""
        steps = [unquote(step) for step in request.folder_id.split("/") if step]
        start = int(request.cursor) if request.cursor.isdecimal() else 0
        # Pages of one place are of one answer; whoever begins to read it has a new one.
        age = _WHILE_PAGING if start else Seconds(0.0)
        found = await self._places.get("/".join(steps), lambda: self._place(steps), age=age)
        if found is None:
            return None
        end = start + request.limit
        folders, albums = found.folders, found.albums
        is_last = end >= len(folders) + len(albums)
        first_album = max(0, start - len(folders))
        return BrowsePage(
            title=found.title,
            folders=folders[start:end],
            albums=albums[first_album : max(0, end - len(folders))],
            next_cursor="" if is_last else str(end),
        )

    async def _place(self, steps: list[str]) -> BrowsePage | None:
        if not steps and len(self._archive.collections) > 1:
            return BrowsePage(
                title="Internet Archive",
                folders=tuple(_folder([one], one) for one in self._archive.collections),
            )
        collection, *rest = steps or [self._archive.collections[0]]
        if collection not in self._archive.collections:
            return None
        match rest:
            case []:
                ways = [(_ARTISTS, "Artists"), (_YEARS, "Years")]
                folders = tuple(_folder([collection, way], title) for way, title in ways)
                return BrowsePage(title=collection, folders=folders)
            case ["artists"]:
                return BrowsePage(title="Artists", folders=await self._artists(collection))
            case ["artists", artist, *dates]:
                found = _of_artist(collection, artist)
                here = [collection, _ARTISTS, artist]
                return await self._dates(found[0], here, dates, found[1]) if found else None
            case ["years", *dates]:
                query = queries.of_collections((collection,))
                return await self._dates(query, [collection, _YEARS], dates, "Years")
        return None

    async def _artists(self, collection: str) -> tuple[RemoteFolder, ...]:
        """Return the bands of a collection by name, and whoever made items that are of no band.

        Where there are too many items to look at, and bands, only those.
        """
        bands = await self._archive.documents(queries.bands_of(collection), ("identifier", "title"))
        found = {
            f"{_BAND}{identifier}": text(one.get("title")) or identifier
            for one in bands
            if (identifier := text(one.get("identifier")))
        }
        query = queries.of_collections((collection,))
        if not found or await self._archive.count(query) <= MOST_ROWS:
            names: dict[str, str] = {}
            for one in await self._archive.documents(query, ("creator", "collection")):
                if found.keys().isdisjoint(f"{_BAND}{it}" for it in texts(one.get("collection"))):
                    for name in texts(one.get("creator")):
                        names.setdefault(key(name), name)
            found |= {f"{_CREATOR}{name}": name for name in names.values()}
        ordered = sorted(found.items(), key=lambda one: sort_key(one[1]))
        return _folders([collection, _ARTISTS], ordered)

    async def _dates(
        self, query: str, here: list[str], dates: list[str], title: str
    ) -> BrowsePage | None:
        match dates:
            case []:
                return await self._years(query, here, title)
            case ["undated", *rest]:
                found = await self._timelines.undated(query)
                return await self._nights(found, [*here, _UNDATED], rest, "Unknown date")
            case [year, *rest] if len(year) == 4 and year.isdecimal():
                of_year = await self._timelines.of_year(query, int(year))
                if of_year is not None:
                    return await self._nights(of_year, [*here, year], rest, year)
                return await self._months(query, [*here, year], rest, int(year))
        return None

    async def _years(self, query: str, here: list[str], title: str) -> BrowsePage | None:
        found = await self._timelines.years(query)
        ways = [(f"{year:04}", f"{year:04}") for year in found.years]
        if found.has_undated:
            ways.append((_UNDATED, "Unknown date"))
        return BrowsePage(title=title, folders=_folders(here, ways))

    async def _months(
        self, query: str, here: list[str], rest: list[str], year: int
    ) -> BrowsePage | None:
        match rest:
            case []:
                ways = [(f"m{number:02}", month_name[number]) for number in range(1, 13)]
                return BrowsePage(title=str(year), folders=_folders(here, ways))
            case [month, *deeper] if month in {f"m{number:02}" for number in range(1, 13)}:
                number = int(month[1:])
                found = await self._timelines.of_month(query, year, number)
                title = f"{month_name[number]} {year}"
                return await self._nights(found, [*here, month], deeper, title)
        return None

    async def _nights(
        self, recordings: Iterable[Recording], here: list[str], rest: list[str], title: str
    ) -> BrowsePage | None:
        """Show nights as folders, and what stands for itself as albums; or one night."""
        nights = self._archive.grouped(recordings)
        match rest:
            case []:
                has_bands = _ARTISTS not in here
                ways = [(one.key, _name(one, has_bands)) for one in nights if one.key]
                albums = tuple(self._album(one) for one in nights if not one.key)
                return BrowsePage(title=title, folders=_folders(here, ways), albums=albums)
            case [night]:
                found = next((one for one in nights if one.key == night), None)
                if found is None:
                    return None
                found = await self._archive.counted(found)
                albums = self._answers.versions(found)
                return BrowsePage(title=_title(found.name), albums=albums)
        return None

    def _album(self, single: Concert) -> RemoteAlbum:
        return self._answers.album(single.best.identifier, single)


def _of_artist(collection: str, artist: str) -> tuple[str, str] | None:
    """Return the query and the name of an artist's place; `None` if there cannot be one."""
    if artist.startswith(_BAND):
        band = artist.removeprefix(_BAND)
        return (queries.of_band((collection,), band), band) if is_identifier(band) else None
    name = artist.removeprefix(_CREATOR)
    return queries.of_creator((collection,), name), name


def _name(night: Concert, has_bands: bool) -> str:
    band = ", ".join(night.best.creators) if has_bands else ""
    return " ".join(filter(None, [night.name, f"- {band}" if band else ""]))


def _folders(here: list[str], ways: Iterable[tuple[str, str]]) -> tuple[RemoteFolder, ...]:
    folders = (_folder([*here, step], title) for step, title in ways if title)
    return tuple(one for one in folders if len(one.native_id) <= _LONGEST_ID)


def _folder(steps: list[str], title: str) -> RemoteFolder:
    return RemoteFolder(
        native_id="/".join(quote(step, safe="") for step in steps), title=_title(title)
    )


def _title(text: str) -> str:
    return clipped(text, _LONGEST_TITLE)
