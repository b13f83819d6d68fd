"""Which artists are near to one as far as the library alone tells, remembered until it changes."""

from collections import OrderedDict
from collections.abc import Collection, Sequence

from msgspec import Struct

from hydrophone.domain.ids import ArtistId, LibraryId
from hydrophone.services.genre_kinship import albums_to_look_at, nearest_artists
from hydrophone.services.reading import steps
from hydrophone.storage.database import Database
from hydrophone.storage.queries import similarity
from hydrophone.storage.queries.genres import GenreMembers
from hydrophone.storage.read_model import ReadModel

MOST = 200
"""Artists of each kind of nearness."""
KEPT = 32
"""Artists whose kin is remembered, some 15 kB each: a radio asks for the same ones."""


class Kin(Struct, frozen=True, kw_only=True):
    """Who is near to an artist, the nearest first."""

    by_genre: Sequence[ArtistId]
    by_albums: Sequence[ArtistId]


class LibraryKinship:
    """Finds the kin of artists; the same for all users who see the same libraries."""

    def __init__(self, *, database: Database, read_model: ReadModel) -> None:
        self._database = database
        self._read_model = read_model
        self._version = read_model.version
        self._kept: OrderedDict[tuple[tuple[LibraryId, ...], ArtistId], Kin] = OrderedDict()

    async def of(self, libraries: tuple[LibraryId, ...], artist_id: ArtistId) -> Kin:
        """Return the kin of an artist in these libraries."""
        version = self._read_model.version
        if version != self._version:
            self._kept.clear()
            self._version = version
        key = (libraries, artist_id)
        kin = self._kept.get(key)
        if kin is None:
            kin = await self._find(libraries, artist_id)
            if version != self._read_model.version:
                return kin
            self._kept[key] = kin
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return kin

    async def genres(
        self, libraries: tuple[LibraryId, ...], keys: Collection[str]
    ) -> list[GenreMembers]:
        """Return those of some genres of which these libraries have something."""
        genres = await self._read_model.genres(libraries)
        return [genres[key] for key in sorted(keys) if key in genres]

    async def _find(self, libraries: tuple[LibraryId, ...], artist_id: ArtistId) -> Kin:
        read = self._database.read
        genres = await self.genres(libraries, await read(similarity.genres_of, artist_id))
        artists_of: dict[int, list[ArtistId]] = {}
        for step in steps(list({row for one in genres for row in albums_to_look_at(one)})):
            for row, one in await read(similarity.artists_of_albums, step):
                artists_of.setdefault(row, []).append(one)
        near = nearest_artists(genres, artists_of)
        return Kin(
            by_genre=[one for one in near if one != artist_id][:MOST],
            by_albums=await read(similarity.artists_by_albums, libraries, artist_id, MOST),
        )
