"""The report on the libraries, page by page."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from hydrophone.domain.library import Page
from hydrophone.domain.report import Duplicates, Remark, RemarkKind
from hydrophone.media.in_thread import in_thread
from hydrophone.storage.connection import connect
from hydrophone.storage.queries import remarks as queries

_Item = TypeVar("_Item")


class ScanReports:
    """Reads what the scans have left for a library's owner."""

    def __init__(self, path: Path) -> None:
        """`path` is the database's: long lists are read in a thread, by a connection of its own."""
        self._path = path

    async def remarks(self, page: Page, kind: RemarkKind | None = None) -> tuple[Remark, ...]:
        """Return a page of the remarks, all or those of one kind; a late page takes longer."""

        def read(connection: Connection) -> Iterator[Remark]:
            found = queries.remarks(connection)
            return (remark for remark in found if kind in (None, remark.kind))

        return await self._page(read, page)

    async def duplicates(self, page: Page) -> tuple[Duplicates, ...]:
        """Return a page of the groups of files with the same sound."""
        return await self._page(queries.duplicates, page)

    async def _page(
        self, read: Callable[[Connection], Iterable[_Item]], page: Page
    ) -> tuple[_Item, ...]:
        def in_turn() -> tuple[_Item, ...]:
            with connect(self._path, durable=False) as connection:
                return tuple(islice(read(connection), page.offset, page.offset + page.size))

        return await in_thread(in_turn)
