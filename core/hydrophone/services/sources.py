"""Sources as libraries: each that ever ran has an id, and running ones can be asked."""

import asyncio
from collections.abc import Callable, Sequence

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library
from hydrophone.host.capabilities import SOURCE
from hydrophone.host.registry import Provider, Registry
from hydrophone.plugin.capabilities.source import Source, SourceInfo
from hydrophone.services.membership import Membership
from hydrophone.storage.database import Database
from hydrophone.storage.queries import libraries

_LOOK_SECONDS = 1.0
"""A plugin that could not start, or is slow to, may do so at any time."""


class Sources:
    """Knows the libraries of sources and who answers for them."""

    def __init__(
        self,
        *,
        database: Database,
        registry: Registry,
        membership: Membership,
        added: Callable[[], None],
    ) -> None:
        """`added` is called when users have been given another library to see."""
        self._database = database
        self._registry = registry
        self._membership = membership
        self._added = added
        self._libraries: dict[LibraryId, Library] = {}
        self._info: dict[str, SourceInfo] = {}
        """Of sources that have run since the start, by instance."""

    async def refresh(self) -> None:
        """Take up sources that have begun to run, and at first all that ever ran."""
        if not self._libraries:
            for library in await self._database.read(libraries.sources):
                self._put(library)
        for provider in self._registry.all(SOURCE):
            source = provider.instance
            if source not in self._info:
                info = provider.it.info
                registered = await self._database.write(
                    libraries.register_source, source, info.title
                )
                self._info[source] = info
                self._put(registered)

    async def run(self) -> None:
        """Keep up with sources that come later, for ever; cancel it to end."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self.refresh()

    def all(self) -> tuple[Library, ...]:
        """Return the libraries of all sources that ever ran."""
        return tuple(self._libraries.values())

    @property
    def library_ids(self) -> tuple[LibraryId, ...]:
        """The libraries of all sources that ever ran."""
        return tuple(self._libraries)

    def library(self, library_id: int) -> Library | None:
        """Return the library of a source; `None` for any other."""
        return self._libraries.get(LibraryId(library_id))

    def among(self, library_ids: Sequence[LibraryId]) -> tuple[LibraryId, ...]:
        """Return which of these libraries are sources."""
        return tuple(one for one in library_ids if one in self._libraries)

    def running(
        self, library_ids: Sequence[LibraryId]
    ) -> tuple[tuple[Library, Provider[Source]], ...]:
        """Return those of these sources that can be asked, in the order of the configuration."""
        own = {
            library.source: library
            for number, library in self._libraries.items()
            if number in library_ids
        }
        return tuple(
            (own[provider.instance], provider)
            for provider in self._registry.all(SOURCE)
            if provider.instance in own and provider.instance in self._info
        )

    def provider(self, library_id: LibraryId) -> Provider[Source] | None:
        """Return who answers for a source; `None` while its plugin does not run."""
        found = self.running((library_id,))
        return found[0][1] if found else None

    def is_browsable(self, library_id: LibraryId) -> bool:
        """Say whether a source has a tree that can be shown now."""
        return any(
            self._info[provider.instance].is_browsable
            for _, provider in self.running((library_id,))
        )

    def notice(self, source: str) -> str:
        """Return the terms or licence that a source tells; empty if none, or it has not run."""
        info = self._info.get(source)
        return "" if info is None else info.notice

    def _put(self, library: Library) -> None:
        self._libraries[library.id] = library
        self._membership.add(library.id)
        self._added()
