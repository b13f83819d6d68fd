"""Folders: one with what lies in it, and those at the top by letter."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from hydrophone.domain.annotation import UNTOUCHED, Annotation
from hydrophone.domain.ids import FolderId, LibraryId
from hydrophone.domain.library import (
    Folder,
    FolderLetter,
    FolderListing,
    LeftAtTop,
    Mark,
    MarkedFolder,
    Page,
)
from hydrophone.domain.music import Album, Track
from hydrophone.domain.user import User
from hydrophone.domain.video import Video
from hydrophone.errors import NotFoundError
from hydrophone.services.reading import by_rows, every_page, every_step, steps
from hydrophone.services.source_trees import SourceTrees
from hydrophone.storage.database import Database
from hydrophone.storage.queries import annotatable, folders, tracks, videos
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.marks import ALBUM_MARKS, ARTIST_MARKS, Marks
from hydrophone.storage.read_model import ReadModel

_LOOKED_AT = 2000
"""Folders of which it is looked up in about a millisecond whether anything was left on them."""


class Folders:
    """Shows folders of the libraries that the asking user sees, and places of sources."""

    def __init__(
        self, *, database: Database, read_model: ReadModel, source_trees: SourceTrees
    ) -> None:
        self._database = database
        self._read_model = read_model
        self._source_trees = source_trees

    async def folder(self, viewer: User, folder_id: str) -> FolderListing:
        """Return a folder's content; the number of a library stands for its root.

        Raises NotFoundError, and UnavailableError for a place of a source that does not tell now
        what is there.
        """
        in_source = await self._source_trees.folder(viewer, folder_id)
        if in_source is not None:
            return in_source
        found = await self._found(viewer, folder_id)
        if found is None:
            raise NotFoundError("There is no such folder.")
        return await self._listing(viewer, found)

    async def root(self, viewer: User, folder_id: str) -> Folder | None:
        """Return the root of a library by its own id or the library's number.

        `None` for any other folder, one that does not exist, and what is no folder.
        """
        found = await self._found(viewer, folder_id)
        return found if found is not None and found.parent_id is None else None

    async def _found(self, viewer: User, folder_id: str) -> Folder | None:
        number = next((number for number in viewer.libraries if str(number) == folder_id), None)
        if number is not None:
            return await self._database.read(folders.root, number)
        return await self._database.read(folders.one, viewer.libraries, folder_id)

    async def subject(self, viewer: User, folder_id: str) -> str:
        """Return the id of the album or artist that a folder stands for.

        The first of several albums. Raises NotFoundError for a folder that stands for none.
        """
        found = await self._database.read(annotatable.folders, viewer.libraries, [folder_id])
        if folder_id not in found:
            raise NotFoundError("There is no artist or album that this folder stands for.")
        return found[folder_id][0]

    async def letters(self, libraries: tuple[LibraryId, ...]) -> tuple[FolderLetter, ...]:
        """Return which folders these libraries have at the top, in natural order by letter."""
        return (await self._read_model.orders(libraries)).folder_letters

    async def plain_at_top(
        self, library_id: LibraryId, letter: FolderLetter, page: Page
    ) -> tuple[Folder, ...]:
        """Return some folders of a letter (at most 500), without anybody's traces."""
        part = msgspec.structs.replace(
            letter,
            keys=page.of(letter.keys),
            names=page.of(letter.names),
            albums=page.of(letter.albums),
            artists=page.of(letter.artists),
        )
        root = await self._database.read(folders.root, library_id)
        albums = await self._database.read(ALBUMS.plain_by_rows, part.albums)
        return () if root is None else tuple(_at_top(root, part, albums, {}))

    async def left_at_top(self, viewer: User, letters: Sequence[FolderLetter]) -> LeftAtTop:
        """Return what the viewer has left on folders of some letters, and how they are rated.

        Folders on whose albums the viewer has left nothing, and nobody a rating, are left out, and
        so are those on whose artists there is neither star nor rating.
        """
        rated: dict[int, float] = {}
        left: dict[int, Annotation] = {}
        of_artists: dict[int, Mark] = {}
        if any(any(letter.albums) for letter in letters):
            rated = await self._rated(ALBUM_MARKS)
            left = await self._database.read(ALBUM_MARKS.left, viewer.id)
        if any(any(letter.artists) for letter in letters):
            of_artists = await self._marks(viewer, ARTIST_MARKS)
        albums: dict[FolderId, Mark] = {}
        artists: dict[FolderId, Mark] = {}
        for letter in letters:
            subjects = zip(letter.keys, letter.albums, letter.artists, strict=True)
            for number, (key, album, artist) in enumerate(subjects):
                if number % _LOOKED_AT == 0:
                    await asyncio.sleep(0)
                if album in left or album in rated:
                    albums[key] = left.get(album, UNTOUCHED), rated.get(album, 0.0)
                elif artist in of_artists:
                    artists[key] = of_artists[artist]
        return LeftAtTop(albums=albums, artists=artists)

    async def marked(
        self, viewer: User, letters: Sequence[FolderLetter]
    ) -> tuple[MarkedFolder, ...]:
        """Return those folders of some letters whose album or artist is starred or rated."""
        of_albums = await self._marks(viewer, ALBUM_MARKS)
        of_artists = await self._marks(viewer, ARTIST_MARKS)
        if not of_albums and not of_artists:
            return ()
        found: list[MarkedFolder] = []
        for letter in letters:
            subjects = enumerate(zip(letter.albums, letter.artists, strict=True))
            # Of thousands of folders few are marked.
            for place in [
                place
                for place, (album, artist) in subjects
                if album in of_albums or artist in of_artists
            ]:
                artist, album = letter.artists[place], letter.albums[place]
                annotation, average = of_artists.get(artist) or of_albums[album]
                found.append(
                    MarkedFolder(
                        id=letter.keys[place],
                        name=letter.names[place],
                        annotation=annotation,
                        average_rating=average,
                    )
                )
        return tuple(found)

    async def _marks(self, viewer: User, marks: Marks) -> dict[int, Mark]:
        """Return {row: what the viewer has left, average} of all that has a star or a rating."""
        rated = await self._rated(marks)
        left = await every_step(
            self._database, lambda connection, after: marks.marked(connection, viewer.id, after)
        )
        marked = {row: annotation for _, row, annotation in left}
        return {
            row: (marked.get(row, UNTOUCHED), rated.get(row, 0.0))
            for row in marked.keys() | rated.keys()
        }

    async def _rated(self, marks: Marks) -> dict[int, float]:
        """Return {row: average rating} of all that anybody has rated."""
        averages = await every_step(self._database, marks.rated)
        return {row: average for _, row, average in averages}

    async def root_tracks(self, viewer: User, libraries: Sequence[LibraryId]) -> tuple[Track, ...]:
        """Return the tracks that lie directly in the roots of libraries, one root after another."""
        found: list[Track] = []
        roots = await self._database.read(folders.roots_with_tracks, libraries)
        for root in (roots[library] for library in libraries if library in roots):
            found += await self._tracks(viewer, root)
        return tuple(found)

    async def root_videos(self, viewer: User, libraries: Sequence[LibraryId]) -> tuple[Video, ...]:
        """Return the videos that lie directly in the roots of libraries, one root after another."""
        found: list[Video] = []
        roots = await self._database.read(folders.roots_with_videos, libraries)
        for root in (roots[library] for library in libraries if library in roots):
            found += await self._videos(viewer, root)
        return tuple(found)

    async def _listing(self, viewer: User, folder: Folder) -> FolderListing:
        (described,) = await self._database.read(folders.with_subjects, viewer.id, [folder])
        return FolderListing(
            folder=described,
            folders=await self._children(viewer, folder),
            tracks=await self._tracks(viewer, folder.id),
            videos=await self._videos(viewer, folder.id),
        )

    async def _children(self, viewer: User, folder: Folder) -> tuple[Folder, ...]:
        found: list[Folder] = []
        if folder.parent_id is None:
            # There may be ten thousand, and which albums they are has been found already.
            artists = await self._marks(viewer, ARTIST_MARKS)
            for letter in await self.letters((folder.library_id,)):
                albums = await by_rows(self._database, ALBUMS, viewer, letter.albums)
                found += _at_top(folder, letter, albums, artists)
        else:
            for step in steps(await self._database.read(folders.children, folder.id)):
                found += await self._database.read(folders.some, viewer.id, step)
        return tuple(found)

    async def _tracks(self, viewer: User, folder: FolderId) -> tuple[Track, ...]:
        return await every_page(
            self._database,
            lambda connection, page: tracks.in_folder(connection, viewer.id, folder, page),
        )

    async def _videos(self, viewer: User, folder: FolderId) -> tuple[Video, ...]:
        return await every_page(
            self._database,
            lambda connection, page: videos.in_folder(connection, viewer.id, folder, page),
        )


def newest_stars(marked: Iterable[MarkedFolder], count: int) -> tuple[MarkedFolder, ...]:
    """Choose those of some folders that are starred, the newest stars first."""
    starred = [one for one in marked if one.annotation.starred is not None]
    starred.sort(key=lambda one: (-(one.annotation.starred or 0), one.id))
    return tuple(starred[:count])


def _at_top(
    root: Folder,
    letter: FolderLetter,
    albums: Mapping[int, Album],
    artists: Mapping[int, Mark],
) -> Iterator[Folder]:
    """Put what folders are called together with what they stand for, by row."""
    subjects = zip(letter.albums, letter.artists, strict=True)
    for key, name, (album, artist) in zip(letter.keys, letter.names, subjects, strict=True):
        annotation, average = artists.get(artist, (UNTOUCHED, 0.0))
        yield Folder(
            id=key,
            library_id=root.library_id,
            parent_id=root.id,
            name=name,
            album=albums.get(album),
            annotation=annotation,
            average_rating=average,
        )
