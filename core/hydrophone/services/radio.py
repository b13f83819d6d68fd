"""Internet radio: stations that admins list for all, and what these are playing."""

import asyncio
import logging
import secrets
from time import monotonic

from msgspec import Struct

from hydrophone.domain.ids import STATION, StationId, make_id
from hydrophone.domain.radio import OnAir, Station
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.domain.user import User
from hydrophone.errors import (
    HydrophoneError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from hydrophone.media.icy import PLAYLIST_TYPES, first_stream, read_title
from hydrophone.outbound import Incoming, Outbound
from hydrophone.storage.database import Database
from hydrophone.storage.queries import radio

logger = logging.getLogger(__name__)

_BETWEEN_READS = 20.0
"""Seconds between two looks at the title of one station."""
_READ_LIMIT = Seconds(10.0)
_MOST_AT_ONCE = 4
_LONGEST_INTERVAL = 256 * 1024
"""Bytes of music before a title; stations have 8 or 16 KiB of it."""
_LARGEST = ByteCount(4 * 1024**2)
"""Bytes that are read for one title."""
_LARGEST_PLAYLIST = 64 * 1024
_MOST_PLAYLISTS = 3
"""Playlists behind each other."""
_LONGEST_NAME = 500
_LONGEST_URL = 2000
_PLAYLIST_SUFFIXES = (".pls", ".m3u", ".m3u8")


class _Title(Struct, frozen=True):
    text: str
    read: float
    """When, on the monotonic clock."""


class Radio:
    """Keeps the list of stations. Their music goes from them to the apps, not through here."""

    def __init__(self, *, database: Database, outbound: Outbound) -> None:
        self._database = database
        self._outbound = outbound
        self._titles: dict[StationId, _Title] = {}
        self._reading: dict[StationId, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(_MOST_AT_ONCE)

    async def close(self) -> None:
        """Stop reading titles."""
        for task in self._reading.values():
            task.cancel()
        await asyncio.gather(*self._reading.values(), return_exceptions=True)

    async def stations(self) -> tuple[Station, ...]:
        """Return all stations by name."""
        return await self._database.read(radio.load)

    async def station(self, station_id: str) -> Station:
        """Return a station. Raises NotFoundError."""
        station = await self._database.read(radio.one, station_id)
        if station is None:
            raise NotFoundError("There is no such radio station.")
        return station

    async def add(self, user: User, name: str, stream_url: str, homepage_url: str) -> None:
        """List a station. Raises NotPermittedError and InvalidInputError."""
        station_id = StationId(make_id(STATION, secrets.token_hex(16)))
        await self._save(user, station_id, name, stream_url, homepage_url)

    async def change(
        self,
        user: User,
        station_id: str,
        name: str,
        stream_url: str,
        homepage_url: str | None,
    ) -> None:
        """Change a station; without an address its page stays.

        Raises NotPermittedError, NotFoundError and InvalidInputError.
        """
        _check(user)
        station = await self.station(station_id)
        homepage = station.homepage_url if homepage_url is None else homepage_url
        await self._save(user, station.id, name, stream_url, homepage)
        self._titles.pop(station.id, None)

    async def remove(self, user: User, station_id: str) -> None:
        """List a station no longer. Raises NotPermittedError and NotFoundError."""
        _check(user)
        station = await self.station(station_id)
        await self._database.write(radio.delete, station_id)
        self._titles.pop(station.id, None)

    def on_air(self, station: Station) -> OnAir:
        """Return a station with the title that was read last, and look for a newer one.

        Never waits for the station: a title is there the next time somebody asks.
        """
        known = self._titles.get(station.id)
        is_old = known is None or monotonic() - known.read > _BETWEEN_READS
        if is_old and station.id not in self._reading:
            task = asyncio.create_task(self._read(station))
            self._reading[station.id] = task
            task.add_done_callback(lambda _: self._reading.pop(station.id, None))
        return OnAir(station=station, title=known.text if known else "")

    async def _save(
        self, user: User, station_id: StationId, name: str, stream_url: str, homepage_url: str
    ) -> None:
        _check(user)
        if not name.strip() or len(name) > _LONGEST_NAME:
            raise InvalidInputError(f"A station has a name of at most {_LONGEST_NAME} characters.")
        for url in filter(None, (stream_url, homepage_url)):
            _check_address(url)
        station = Station(
            id=station_id, name=name.strip(), stream_url=stream_url, homepage_url=homepage_url
        )
        await self._database.write(radio.save, station)

    async def _read(self, station: Station) -> None:
        """Read a title from the station itself; one that fails has none for a while."""
        title = ""
        try:
            async with self._turns, asyncio.timeout(_READ_LIMIT):
                title = await self._title(station.stream_url)
        except (HydrophoneError, TimeoutError) as error:
            logger.debug("No title of the station %s: %s", station.id, error)
        except Exception:  # the border: nobody waits for this task, who could be told
            logger.exception("Reading the title of the station %s failed", station.id)
        self._titles[station.id] = _Title(title, monotonic())

    async def _title(self, url: str) -> str:
        for _ in range(_MOST_PLAYLISTS):
            headers = {"Icy-MetaData": "1", "Accept-Encoding": "identity"}
            async with self._outbound.open(url, largest=_LARGEST, headers=headers) as incoming:
                if not _is_playlist(incoming):
                    told = incoming.headers.get("icy-metaint", "")
                    interval = int(told) if told.isascii() and told.isdecimal() else 0
                    if not 0 < interval <= _LONGEST_INTERVAL:
                        return ""
                    return await read_title(incoming.chunks(), interval)
                url = first_stream(await _beginning(incoming))
            if not url:
                return ""
        return ""


def _is_playlist(incoming: Incoming) -> bool:
    if "icy-metaint" in incoming.headers:
        return False
    path = incoming.url.partition("?")[0].lower()
    return incoming.content_type in PLAYLIST_TYPES or path.endswith(_PLAYLIST_SUFFIXES)


async def _beginning(incoming: Incoming) -> bytes:
    content = b""
    async for chunk in incoming.chunks():
        content += chunk
        if len(content) > _LARGEST_PLAYLIST:
            break
    return content


def _check(user: User) -> None:
    if not user.roles.admin:
        raise NotPermittedError("Only admins change radio stations.")


def _check_address(url: str) -> None:
    """Refuse what no player could play, or what a page could run; apps show it as a link."""
    if not url.lower().startswith(("http://", "https://")) or len(url) > _LONGEST_URL:
        raise InvalidInputError("The address of a station or its page begins with http(s)://.")
