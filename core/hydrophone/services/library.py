"""Browsing: artists, albums, tracks, genres, folders and lists of albums."""

import random
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from hydrophone.domain.collation import IGNORED_ARTICLES
from hydrophone.domain.ids import ArtistId, LibraryId
from hydrophone.domain.library import (
    AlbumListKind,
    AlbumListQuery,
    AlbumPage,
    AlbumsByRow,
    AlbumWithTracks,
    ArtistLetter,
    ArtistWithAlbums,
    Folder,
    FolderLetter,
    FolderListing,
    Library,
    MarkedFolder,
    Page,
    RandomTracksQuery,
)
from hydrophone.domain.music import Album, Artist, Genre, Track
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.domain.video import Video
from hydrophone.errors import NotFoundError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.reading import by_rows, every_page, steps, visible_libraries
from hydrophone.storage.database import Database
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import albums, artists, counters, folders, tracks, videos
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.artists import ARTISTS
from hydrophone.storage.queries.genres import NO_MEMBERS, GenreMembers
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.read_model import ReadModel

_BY_USER = (
    AlbumListKind.FREQUENT,
    AlbumListKind.RECENT,
    AlbumListKind.HIGHEST,
    AlbumListKind.STARRED,
)

_LAST_YEAR = 9999
_FEW = 50
"""Rows that are looked for in 0.1 ms: a page on a phone, which a thread would take longer for."""


class LibraryService:
    """Answers what is in the libraries, as far as the asking user may see them."""

    ignored_articles = IGNORED_ARTICLES
    """Words at the start of a name that do not count when names are sorted."""

    def __init__(
        self,
        *,
        database: Database,
        read_model: ReadModel,
        libraries: Sequence[Library],
        catalogue: Catalogue,
    ) -> None:
        self._database = database
        self._read_model = read_model
        self._libraries = {library.id: library for library in libraries}
        self._catalogue = catalogue

    @property
    def successors(self) -> Mapping[str, str]:
        """Return {id: present id} of what has become something else, for those who come with it."""
        return self._read_model.successors

    async def modified(self, libraries: tuple[LibraryId, ...]) -> Timestamp:
        """Return when a scan last changed what is listed by letter; 0 before the first."""
        return (await self._read_model.orders(libraries)).modified

    @property
    def everything(self) -> tuple[LibraryId, ...]:
        """All libraries in the order of the configuration, then sources, as who sees them all."""
        return (*self._libraries, *self._catalogue.library_ids)

    async def libraries(self, viewer: User) -> tuple[Library, ...]:
        """Return the libraries that a user sees, in the order of the configuration.

        Behind them come sources that can be browsed, or of which something is here.
        """
        own = tuple(
            self._libraries[library] for library in viewer.libraries if library in self._libraries
        )
        return own + await self._catalogue.libraries(viewer)

    def is_elsewhere(self, library_id: LibraryId) -> bool:
        """Say whether a library is a source and no folder."""
        return self._catalogue.has(library_id)

    async def artist_letters(self, libraries: tuple[LibraryId, ...]) -> tuple[ArtistLetter, ...]:
        """Return which album artists these libraries have, in collation order by letter."""
        return (await self._read_model.orders(libraries)).artist_letters

    async def plain_artists(
        self, letter: ArtistLetter, offset: int, count: int
    ) -> dict[int, Artist]:
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

    async def starred_artists(
        self, viewer: User, letters: Sequence[ArtistLetter]
    ) -> dict[int, Artist]:
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

    async def folder_letters(self, libraries: tuple[LibraryId, ...]) -> tuple[FolderLetter, ...]:
        """Return which folders these libraries have at the top, in natural order by letter."""
        return (await self._read_model.orders(libraries)).folder_letters

    async def starred_folders(
        self, viewer: User, libraries: tuple[LibraryId, ...], count: int
    ) -> tuple[MarkedFolder, ...]:
        """Return folders at the top whose album the viewer has starred, newest star first."""
        marked = await self.marked_folders(viewer, await self.folder_letters(libraries))
        starred = [one for one in marked if one.annotation.starred is not None]
        starred.sort(key=lambda one: (-(one.annotation.starred or 0), one.id))
        return tuple(starred[:count])

    async def marked_folders(
        self, viewer: User, letters: Sequence[FolderLetter]
    ) -> tuple[MarkedFolder, ...]:
        """Return those folders of some letters whose album the viewer has starred or rated."""
        marked = dict(
            await every_page(
                self._database,
                lambda connection, page: albums.marked(connection, viewer.id, page),
            )
        )
        if not marked:
            return ()
        return tuple(
            MarkedFolder(id=key, name=name, annotation=marked[row])
            for letter in letters
            for key, name, row in zip(letter.keys, letter.names, letter.albums, strict=True)
            if row in marked
        )

    async def artist(self, viewer: User, artist_id: str) -> ArtistWithAlbums:
        """Return an artist with the albums, or those that it features on if it has none.

        What sources have of the artist comes behind; they are waited for only if nothing is
        here. Raises NotFoundError.
        """
        here = await self._artist_here(viewer, artist_id)
        known_id = artist_id if here is None else here.artist.id
        remote = await self._catalogue.artist(viewer, known_id, waits=here is None)
        if here is None or remote is None:
            found = here or remote
            if found is None:
                raise NotFoundError("There is no such artist.")
            return found
        known = {album.id for album in here.albums}
        every = here.albums + tuple(album for album in remote.albums if album.id not in known)
        counted = msgspec.structs.replace(here.artist, album_count=len(every))
        return ArtistWithAlbums(artist=counted, albums=every)

    async def artist_here(self, viewer: User, artist_id: str) -> ArtistWithAlbums:
        """Do what `artist` does without what only sources have: for what takes all of it along.

        Raises NotFoundError.
        """
        found = await self._artist_here(viewer, artist_id)
        if found is None:
            raise NotFoundError("There is no such artist.")
        return found

    async def _artist_here(self, viewer: User, artist_id: str) -> ArtistWithAlbums | None:
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

    async def album(self, viewer: User, album_id: str) -> AlbumWithTracks:
        """Return an album with its tracks by disc and number.

        A source may be asked for one of its own. Raises NotFoundError, and UnavailableError if
        the source does not tell the tracks now.
        """
        album = await self._database.read(ALBUMS.one, viewer.id, album_id)
        if album is None or self._catalogue.has(album.library_id):
            remote = await self._catalogue.album(viewer, album_id)
            if remote is None:
                raise NotFoundError("There is no such album.")
            return remote
        if album.library_id not in viewer.libraries:
            raise NotFoundError("There is no such album.")
        found = await every_page(
            self._database,
            lambda connection, page: tracks.of_album(
                connection, viewer.id, viewer.libraries, album.id, page
            ),
        )
        return AlbumWithTracks(album=album, tracks=found)

    async def track(self, viewer: User, track_id: str) -> Track:
        """Return a track, also one that is missing for now. Raises NotFoundError."""
        track = await self._database.read(TRACKS.one, viewer.id, track_id)
        if track is None:
            track = await self._catalogue.track(viewer, track_id)
        if track is None or track.library_id not in viewer.libraries:
            raise NotFoundError("There is no such track.")
        return track

    async def genres(self, viewer: User) -> tuple[Genre, ...]:
        """Return all genres by name."""
        found = await self._read_model.genres(viewer.libraries)
        return tuple(one.genre for one in found.values())

    async def root_tracks(self, viewer: User, libraries: Sequence[LibraryId]) -> tuple[Track, ...]:
        """Return the tracks that lie directly in the roots of libraries, one root after another."""
        found: list[Track] = []
        for library in libraries:
            root = await self._database.read(folders.root, library)
            if root is not None:
                found += await self._tracks(viewer, root)
        return tuple(found)

    async def root_videos(self, viewer: User, libraries: Sequence[LibraryId]) -> tuple[Video, ...]:
        """Return the videos that lie directly in the roots of libraries, one root after another."""
        found: list[Video] = []
        for library in libraries:
            root = await self._database.read(folders.root, library)
            if root is not None:
                found += await self._videos(viewer, root)
        return tuple(found)

    async def folder(self, viewer: User, folder_id: str) -> FolderListing:
        """Return a folder's content; the number of a library stands for its root.

        Raises NotFoundError, and UnavailableError for a place of a source that does not tell now
        what is there.
        """
        in_source = await self._catalogue.folder(viewer, folder_id)
        if in_source is not None:
            return in_source
        root = next((number for number in viewer.libraries if str(number) == folder_id), None)
        if root is not None:
            found = await self._database.read(folders.root, root)
        else:
            found = await self._database.read(folders.one, viewer.libraries, folder_id)
        if found is None:
            raise NotFoundError("There is no such folder.")
        return await self._listing(viewer, found)

    async def album_list(self, viewer: User, query: AlbumListQuery) -> AlbumPage:
        """Return a window of an album list; beyond the list's end it is empty."""
        libraries = visible_libraries(viewer, query.library_id)
        if query.kind is AlbumListKind.BY_GENRE:
            everything = (await self._genre(libraries, query.genre)).albums
            return AlbumPage(rows=_window(everything, query.page), total=len(everything))
        if query.kind in _BY_USER:
            return await self._database.read(
                albums.by_annotation, viewer.id, libraries, query.kind, query.page
            )
        orders = await self._read_model.orders(libraries)
        if query.kind is AlbumListKind.RANDOM:
            everything = orders.albums[AlbumListKind.NEWEST]
            window: Sequence[int] = random.sample(everything, min(query.page.size, len(everything)))
        else:
            if query.kind is AlbumListKind.BY_YEAR:
                everything = orders.between_years(query.from_year, query.to_year)
            else:
                everything = orders.albums[query.kind]
            window = _window(everything, query.page)
        return AlbumPage(rows=window, total=len(everything))

    async def albums(self, viewer: User, rows: Sequence[int]) -> dict[int, Album]:
        """Return {row: album} in the order of `rows`; what the viewer may not see is left out."""
        found = await by_rows(self._database, ALBUMS, viewer, rows)
        return {row: album for row, album in found.items() if _is_visible(album, viewer)}

    async def touched_albums(self, viewer: User, rows: Sequence[int]) -> AlbumsByRow:
        """Return those of these albums (at most 500) that the viewer has left something on.

        All others are for the viewer what they are for anybody, and in this version what they
        were in it before.
        """

        def read(connection: Connection) -> AlbumsByRow:
            # The version first: what comes between may then be too new for it, never too old.
            version = counters.value(connection, counters.LIBRARY)
            touched = ALBUMS.touched(connection, viewer.id, rows)
            return AlbumsByRow(
                version=version,
                albums={row: album for row, album in touched.items() if _is_visible(album, viewer)},
            )

        if len(rows) <= _FEW:
            return self._database.quick(read)
        return await self._database.read(read)

    async def albums_before(self, row: int, count: int) -> AlbumsByRow:
        """Return the next albums below a row, whoever may see them, without anybody's traces.

        Highest row first, which is about the newest first; empty at the end.
        """

        def read(connection: Connection) -> AlbumsByRow:
            version = counters.value(connection, counters.LIBRARY)
            return AlbumsByRow(version=version, albums=ALBUMS.plain(connection, row, count))

        return await self._database.read(read)

    async def random_tracks(self, viewer: User, query: RandomTracksQuery) -> tuple[Track, ...]:
        """Return tracks drawn by chance, none twice."""
        libraries = visible_libraries(viewer, query.library_id)
        everything: Sequence[int]
        if query.genre:
            genre = await self._genre(libraries, query.genre)
            everything, years = genre.tracks, genre.years
        else:
            orders = await self._read_model.orders(libraries)
            everything, years = orders.tracks, orders.track_years
        if query.from_year or query.to_year:
            first, last = query.from_year, query.to_year or _LAST_YEAR
            everything = [
                row
                for row, year in zip(everything, years, strict=True)
                if year and first <= year <= last
            ]
        rows = random.sample(everything, min(query.size, len(everything)))
        found = await by_rows(self._database, TRACKS, viewer, rows)
        return tuple(found.values())

    async def tracks_by_genre(
        self, viewer: User, genre: str, page: Page, library_id: int | None = None
    ) -> tuple[Track, ...]:
        """Return tracks of a genre in a stable order."""
        rows = (await self._genre(visible_libraries(viewer, library_id), genre)).tracks
        found = await by_rows(self._database, TRACKS, viewer, _window(rows, page))
        return tuple(found.values())

    async def _genre(self, libraries: Sequence[LibraryId], name: str) -> GenreMembers:
        found = await self._read_model.genres(libraries)
        return found.get(name_key(name)) or NO_MEMBERS

    async def _listing(self, viewer: User, folder: Folder) -> FolderListing:
        (described,) = await self._database.read(folders.with_albums, viewer.id, [folder])
        return FolderListing(
            folder=described,
            folders=await self._children(viewer, folder),
            tracks=await self._tracks(viewer, folder),
            videos=await self._videos(viewer, folder),
        )

    async def _children(self, viewer: User, folder: Folder) -> tuple[Folder, ...]:
        found: list[Folder] = []
        for step in steps(await self._database.read(folders.children, folder.id)):
            found += await self._database.read(folders.some, viewer.id, step)
        return tuple(found)

    async def _videos(self, viewer: User, folder: Folder) -> tuple[Video, ...]:
        return await every_page(
            self._database,
            lambda connection, page: videos.in_folder(connection, viewer.id, folder.id, page),
        )

    async def _tracks(self, viewer: User, folder: Folder) -> tuple[Track, ...]:
        return await every_page(
            self._database,
            lambda connection, page: tracks.in_folder(connection, viewer.id, folder.id, page),
        )


def _window(rows: Sequence[int], page: Page) -> Sequence[int]:
    return rows[page.offset : page.offset + page.size]


def _is_visible(album: Album, viewer: User) -> bool:
    return album.library_id in viewer.libraries
