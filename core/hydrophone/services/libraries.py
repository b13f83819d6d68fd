"""The libraries: folders of the configuration, and sources, each as a user sees them."""

from collections.abc import Mapping, Sequence

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.services.catalogue import Catalogue
from hydrophone.storage.read_model import ReadModel


class Libraries:
    """Says which libraries there are, and what has happened to them."""

    def __init__(
        self, *, read_model: ReadModel, libraries: Sequence[Library], catalogue: Catalogue
    ) -> None:
        self._read_model = read_model
        self._libraries = {library.id: library for library in libraries}
        self._catalogue = catalogue

    async def all(self, viewer: User) -> tuple[Library, ...]:
        """Return the libraries that a user sees, in the order of the configuration.

        Behind them come sources that can be browsed, or of which something is here.
        """
        own = tuple(
            self._libraries[library] for library in viewer.libraries if library in self._libraries
        )
        return own + await self._catalogue.libraries(viewer)

    @property
    def everything(self) -> tuple[LibraryId, ...]:
        """All libraries in the order of the configuration, then sources, as who sees them all."""
        return (*self._libraries, *self._catalogue.library_ids)

    @property
    def folders(self) -> tuple[LibraryId, ...]:
        """All libraries that are folders, in the order of the configuration."""
        return tuple(self._libraries)

    async def modified(self, libraries: tuple[LibraryId, ...]) -> Timestamp:
        """Return when a scan last changed what is listed by letter; 0 before the first."""
        return (await self._read_model.orders(libraries)).modified

    @property
    def successors(self) -> Mapping[str, str]:
        """Return {id: present id} of what has become something else, for those who come with it."""
        return self._read_model.successors
