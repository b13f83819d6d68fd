"""Artists: one with the albums, and all of them by letter."""

from collections.abc import Mapping, Sequence

import msgspec

from hydrophone.domain.collation import sort_key
from hydrophone.domain.ids import ArtistId, LibraryId
from hydrophone.domain.library import ArtistLetter, ArtistWithAlbums
from hydrophone.domain.music import Album, Artist, PartialDate
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.reading import every_page
from hydrophone.storage.database import Database
from hydrophone.storage.queries import albums, artists
from hydrophone.storage.queries.artists import ARTISTS
from hydrophone.storage.queries.remote import Version
from hydrophone.storage.read_model import ReadModel


class Artists:
    """Shows artists of the libraries that the asking user sees, and of sources."""

    def __init__(self, *, database: Database, read_model: ReadModel, catalogue: Catalogue) -> None:
        self._database = database
        self._read_model = read_model
        self._catalogue = catalogue

    async def artist(self, viewer: User, artist_id: str) -> ArtistWithAlbums:
        """Return an artist with the albums, or those that it features on if it has none.

        What sources have of the artist stands among what is here, the oldest first, and versions
        of one work side by side, the best one first: the order stays when something of it becomes
        a part of the library. Sources are waited for only if nothing is here but theirs. Raises
        NotFoundError.
        """
        here = await self._find_here(viewer, artist_id)
        known_id = artist_id if here is None else here.artist.id
        is_on_disk = here is not None and any(
            not self._catalogue.has(album.library_id) for album in here.albums
        )
        remote = await self._catalogue.artist(viewer, known_id, waits=not is_on_disk)
        if remote is None:
            if here is None:
                raise NotFoundError("There is no such artist.")
            return here
        albums = {album.id: album for album in remote.albums}
        if here is not None:
            albums |= {album.id: album for album in here.albums}
        versions = await self._catalogue.versions(tuple(albums))
        every = _oldest_first(tuple(albums.values()), versions)
        artist = remote.artist if here is None else here.artist
        counted = msgspec.structs.replace(artist, album_count=len(every))
        return ArtistWithAlbums(artist=counted, albums=every)

    async def here(self, viewer: User, artist_id: str) -> ArtistWithAlbums:
        """Do what `artist` does without what only sources have: for what takes all of it along.

        Raises NotFoundError.
        """
        found = await self._find_here(viewer, artist_id)
        if found is None:
            raise NotFoundError("There is no such artist.")
        return found

    async def letters(self, libraries: tuple[LibraryId, ...]) -> tuple[ArtistLetter, ...]:
        """Return which album artists these libraries have, in collation order by letter."""
        return (await self._read_model.orders(libraries)).artist_letters

    async def plain(self, letter: ArtistLetter, offset: int, count: int) -> dict[int, Artist]:
        """Return {row: artist} for a part (at most 500) of a letter, without anybody's traces.

        What is gone meanwhile is left out.
        """
        end = offset + count
        rows = letter.keys[offset:end]
        found = await self._database.read(ARTISTS.plain_by_rows, rows)
        return {
            row: msgspec.structs.replace(found[row], album_count=album_count)
            for row, album_count in zip(rows, letter.album_counts[offset:end], strict=True)
            if row in found
        }

    async def starred(self, viewer: User, letters: Sequence[ArtistLetter]) -> dict[int, Artist]:
        """Return those artists of some letters that the viewer has starred, in any order."""
        starred = dict(
            await every_page(
                self._database,
                lambda connection, page: artists.with_star(connection, viewer.id, page),
            )
        )
        if not starred:
            return {}
        return {
            row: msgspec.structs.replace(starred[row], album_count=album_count)
            for letter in letters
            for row, album_count in zip(letter.keys, letter.album_counts, strict=True)
            if row in starred
        }

    async def _find_here(self, viewer: User, artist_id: str) -> ArtistWithAlbums | None:
        artist = await self._database.read(artists.one, viewer.id, viewer.libraries, artist_id)
        if artist is None:
            return None
        return ArtistWithAlbums(artist=artist, albums=await self._albums_of(viewer, artist.id))

    async def _albums_of(self, viewer: User, artist_id: ArtistId) -> tuple[Album, ...]:
        """Return the albums that bear the artist's name, else those that it features on."""
        own = await every_page(
            self._database,
            lambda connection, page: albums.by_artist(
                connection, viewer.id, viewer.libraries, artist_id, page
            ),
        )
        return own or await every_page(
            self._database,
            lambda connection, page: albums.featuring(
                connection, viewer.id, viewer.libraries, artist_id, page
            ),
        )


def _oldest_first(albums: Sequence[Album], versions: Mapping[str, Version]) -> tuple[Album, ...]:
    """Order albums as `queries.albums.by_artist` does; those of one year by their dates first.

    A work stands where its best version would, whatever dates and names the others have.
    """
    works: dict[str, list[Album]] = {}
    for album in albums:
        version = versions.get(album.id)
        works.setdefault(version.work if version else album.id, []).append(album)
    for those in works.values():
        those.sort(key=lambda one: versions[one.id].rank if one.id in versions else 0)
    ordered = sorted(works.values(), key=lambda those: _age(those[0]))
    return tuple(album for those in ordered for album in those)


def _age(album: Album) -> tuple[int, int, int, str]:
    date = album.original_date or album.release_date
    # A reissue's day says nothing of the year in which it first came out.
    if date is None or date.year != album.year:
        date = PartialDate(year=album.year)
    return date.year, date.month, date.day, sort_key(album.name, album.sort_name)
