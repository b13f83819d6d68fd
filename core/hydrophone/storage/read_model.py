"""The orders of the library as arrays of row numbers, so that any offset costs the same.

Only numbers are held in memory (4 bytes a row and order, 8 for each genre of a track), the
folders at the top by name, and the words of the search index, never tracks. One set of orders is
kept for each set of libraries that some user sees; all are loaded anew after a scan and swapped at
once, so that a list never mixes two states. They are read a part at a time: what all rows take
as Python objects for a moment stays with the process, in pieces between what is kept.
"""

import asyncio
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, select

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import AlbumListKind, ArtistLetter, FolderLetter
from hydrophone.domain.units import Timestamp
from hydrophone.storage.connection import connect
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import albums, catalogue, counters, genres, letters, tracks
from hydrophone.storage.queries.genres import NO_MEMBERS, GenreMembers
from hydrophone.storage.tables.music import album, track
from hydrophone.storage.vocabulary import Vocabulary, load_vocabulary

MAX_SETS = 64
"""Sets of libraries that are kept; more different ones than that are loaded when asked for."""

_STREAMED = {"yield_per": 500}
"""The rows of a result come a part at a time; all at once take ten times as much as is kept."""

Genres = dict[str, GenreMembers]


class Orders(Struct, frozen=True, kw_only=True):
    """Everything in one set of libraries, in each order that depends on the library alone."""

    modified: Timestamp
    """When a scan last changed something before they were read; 0 before the first."""
    tracks: Sequence[int]
    """Rows in the stable order of "everything"."""
    track_years: Sequence[int]
    """Those of the tracks; 0 if unknown."""
    albums: dict[AlbumListKind, Sequence[int]]
    """Rows for NEWEST, BY_NAME, BY_ARTIST and BY_YEAR (oldest first, without year left out)."""
    album_years: Sequence[int]
    """The years that belong to the rows of BY_YEAR."""
    artists: Sequence[int]
    """Rows of album artists in collation order."""
    artist_letters: tuple[ArtistLetter, ...]
    """The same, in the order of the first artist of each letter."""
    folder_letters: tuple[FolderLetter, ...]
    """The folders at the top, in the order of the first folder of each letter."""

    def between_years(self, from_year: int, to_year: int) -> Sequence[int]:
        """Return album rows of these years, both included; `from > to` means newest first."""
        first, last = sorted((from_year, to_year))
        rows = self.albums[AlbumListKind.BY_YEAR][
            bisect_left(self.album_years, first) : bisect_right(self.album_years, last)
        ]
        return rows if from_year <= to_year else rows[::-1]


class ReadModel:
    """Hands out orders and keeps them current; one in each server process."""

    def __init__(self, database: Path) -> None:
        self._path = database
        self._sets: dict[frozenset[LibraryId], Orders] = {}
        self._genres: dict[frozenset[LibraryId], Genres] = {}
        self._vocabulary: Vocabulary | None = None
        self.successors: dict[str, str] = {}
        """{id that apps may still know: what it has become}; there after the first `refresh`."""
        self.version = 0
        """Raised when everything was loaded anew: what was made of it before may be old."""
        self._loading = asyncio.Lock()

    async def orders(self, libraries: Sequence[LibraryId]) -> Orders:
        """Return the orders for a set of libraries, loading them at the first call for it."""
        key = frozenset(libraries)
        known = self._sets.get(key)
        if known is not None:
            return known
        async with self._loading:
            if key not in self._sets:
                if len(self._sets) >= MAX_SETS:
                    del self._sets[next(iter(self._sets))]
                self._sets[key] = await asyncio.to_thread(_load, self._path, key)
            return self._sets[key]

    async def genres(self, libraries: Sequence[LibraryId]) -> Genres:
        """Return {key: genre} for a set of libraries, by key, loading them at the first call."""
        key = frozenset(libraries)
        known = self._genres.get(key)
        if known is not None:
            return known
        orders = await self.orders(libraries)
        async with self._loading:
            if key not in self._genres:
                if len(self._genres) >= MAX_SETS:
                    del self._genres[next(iter(self._genres))]
                self._genres[key] = await asyncio.to_thread(_genres, self._path, key, orders)
            return self._genres[key]

    async def genre(self, libraries: Sequence[LibraryId], name: str) -> GenreMembers:
        """Return what a genre has in a set of libraries, by any of its spellings."""
        return (await self.genres(libraries)).get(name_key(name)) or NO_MEMBERS

    async def vocabulary(self) -> Vocabulary:
        """Return the words of all libraries, loading them at the first call."""
        if self._vocabulary is None:
            async with self._loading:
                if self._vocabulary is None:
                    self._vocabulary = await asyncio.to_thread(load_vocabulary, self._path)
        return self._vocabulary

    async def refresh(self) -> None:
        """Load anew what was asked for so far, after the library has changed, then swap it."""
        async with self._loading:
            fresh = {key: await asyncio.to_thread(_load, self._path, key) for key in self._sets}
            counted = {
                key: await asyncio.to_thread(_genres, self._path, key, fresh[key])
                for key in self._genres
                if key in fresh
            }
            if self._vocabulary is not None:
                self._vocabulary = await asyncio.to_thread(load_vocabulary, self._path)
            self.successors = await asyncio.to_thread(_load_successors, self._path)
            self._sets, self._genres = fresh, counted
            self.version += 1

    async def run(self, everything: Sequence[LibraryId]) -> None:
        """Load ahead what takes longest, for whoever sees all these libraries."""
        await self.genres(everything)
        await self.vocabulary()
        # Work in the background is begun again when it ends.
        await asyncio.get_running_loop().create_future()


def _genres(path: Path, libraries: frozenset[LibraryId], orders: Orders) -> Genres:
    with connect(path, durable=False) as connection:
        return genres.members(connection, libraries, orders.albums[AlbumListKind.BY_NAME])


def _load_successors(path: Path) -> dict[str, str]:
    with connect(path, durable=False) as connection:
        return catalogue.successors(connection)


def _load(path: Path, libraries: frozenset[LibraryId]) -> Orders:
    """Read all orders; blocking, about 0.1 s per 100,000 tracks, so it runs in a thread."""
    with connect(path, durable=False) as plain:
        connection = plain.execution_options(**_STREAMED)
        # First: what comes after may be too new for it, never too old.
        modified = counters.changed(connection, counters.LIBRARY)
        there = albums.is_there(libraries)
        by_year, album_years = _rows_and_years(
            connection,
            select(album.c.row, album.c.year)
            .where(there, album.c.year > 0)
            .order_by(album.c.year, album.c.sort_key, album.c.row),
        )
        by_row, track_years = _rows_and_years(
            connection,
            select(track.c.row, track.c.year)
            .where(tracks.is_there(libraries))
            .order_by(track.c.row),
        )
        artists, artist_letters = letters.of_artists(connection, libraries)
        return Orders(
            modified=modified,
            tracks=by_row,
            track_years=track_years,
            albums={
                AlbumListKind.NEWEST: _rows(
                    connection,
                    select(album.c.row).where(there),
                    album.c.created.desc(),
                    album.c.row.desc(),
                ),
                AlbumListKind.BY_NAME: _rows(
                    connection, select(album.c.row).where(there), album.c.sort_key, album.c.row
                ),
                AlbumListKind.BY_ARTIST: _rows(
                    connection,
                    select(album.c.row).where(there),
                    album.c.artist_sort_key,
                    album.c.year,
                    album.c.sort_key,
                    album.c.row,
                ),
                AlbumListKind.BY_YEAR: by_year,
            },
            album_years=album_years,
            artists=artists,
            artist_letters=artist_letters,
            folder_letters=letters.of_folders(connection, libraries),
        )


def _rows(
    connection: Connection, statement: Select[int], *order: ColumnElement[Any]
) -> Sequence[int]:
    return array("I", connection.execute(statement.order_by(*order)).scalars())


def _rows_and_years(
    connection: Connection, statement: Select[int, int]
) -> tuple[Sequence[int], Sequence[int]]:
    rows, years = array("I"), array("i")
    for row, year in connection.execute(statement):
        rows.append(row)
        years.append(year)
    return rows, years
