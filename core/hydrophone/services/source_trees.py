"""The trees of sources: what they show as folders, place by place."""

from collections.abc import Sequence

from hydrophone.domain.ids import FOLDER, LibraryId, kind_of
from hydrophone.domain.library import Folder, FolderListing, Library
from hydrophone.domain.user import User
from hydrophone.errors import UnavailableError
from hydrophone.host.guard import Answer
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.inquiries import Inquiries, raise_fault
from hydrophone.services.reading import by_ids, every_page
from hydrophone.services.remote_music import folder_id
from hydrophone.services.sources import Sources
from hydrophone.storage.database import Database
from hydrophone.storage.queries import albums, remote, remote_origins
from hydrophone.storage.queries.remote import FoundFolder


class SourceTrees:
    """Browses sources; what they show is stored before anybody sees it."""

    def __init__(
        self, *, database: Database, sources: Sources, inquiries: Inquiries, catalogue: Catalogue
    ) -> None:
        self._database = database
        self._sources = sources
        self._inquiries = inquiries
        self._catalogue = catalogue

    async def top(self, viewer: User, library_id: int) -> FolderListing | None:
        """Return the top of a source's tree; `None` if the library is no source."""
        library = self._sources.library(library_id)
        if library is None or library_id not in viewer.libraries:
            return None
        folder = _root(library)
        return await self._listing(viewer, library, folder, native_id="")

    async def folder(self, viewer: User, identifier: str) -> FolderListing | None:
        """Return a place in the tree of a source; `None` if no source has shown it.

        Raises UnavailableError if the source does not tell now what is there.
        """
        for library_id in self._sources.among(viewer.libraries):
            library = self._sources.library(library_id)
            if library is not None and identifier in (str(library_id), _root(library).id):
                return await self.top(viewer, library_id)
        if kind_of(identifier) != FOLDER:
            return None
        found = await self._database.read(remote.folder_one, viewer.libraries, identifier)
        origin = await self._database.read(remote_origins.folder_origin, identifier)
        library = None if origin is None else self._sources.library(origin.library_id)
        if found is None or library is None:
            return None
        return await self._listing(viewer, library, _folder(library, found), found.native_id)

    async def roots(self, viewer: User, library_ids: Sequence[LibraryId]) -> tuple[Folder, ...]:
        """Return the tops of the trees of those of these libraries that are sources."""
        return tuple(
            _root(library)
            for library in await self._catalogue.libraries(viewer)
            if library.id in library_ids
        )

    async def _listing(
        self, viewer: User, library: Library, folder: Folder, native_id: str
    ) -> FolderListing:
        if not self._sources.is_browsable(library.id):
            if native_id:
                raise UnavailableError(f"{library.name} does not run now.")
            return await self._kept(viewer, library, folder)
        provider = self._sources.provider(library.id)
        if provider is None:
            raise UnavailableError(f"{library.name} does not run now.")
        outcome = await self._inquiries.browse(library, provider, native_id)
        if not isinstance(outcome, Answer):
            raise_fault(outcome)
        shown = outcome.value
        places = await self._database.read(remote.folders_by_ids, shown.folders)
        albums = await by_ids(self._database, remote.ALBUMS, viewer, shown.albums)
        return FolderListing(
            folder=folder,
            folders=tuple(_folder(library, one) for one in places),
            albums=albums,
            tracks=await by_ids(self._database, remote.TRACKS, viewer, shown.tracks),
            videos=(),
        )

    async def _kept(self, viewer: User, library: Library, folder: Folder) -> FolderListing:
        """Show what is there of a source that has no tree, or does not run."""
        kept = await every_page(
            self._database,
            lambda connection, page: albums.in_library(connection, viewer.id, library.id, page),
        )
        return FolderListing(folder=folder, folders=(), albums=kept, tracks=(), videos=())


def _root(library: Library) -> Folder:
    return Folder(
        id=folder_id(library.source, ""), library_id=library.id, parent_id=None, name=library.name
    )


def _folder(library: Library, found: FoundFolder) -> Folder:
    return Folder(id=found.id, library_id=library.id, parent_id=found.parent_id, name=found.title)
