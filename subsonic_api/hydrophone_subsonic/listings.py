"""Which long lists are kept written, by `WrittenLists`: what is in them, and for whom."""

import asyncio
from collections.abc import AsyncIterator, Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from hydrophone.domain.annotation import UNTOUCHED
from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import ArtistLetter, Folder, FolderLetter, MarkedFolder, Page
from hydrophone.domain.music import Artist
from hydrophone.domain.podcast import Channel, Episode
from hydrophone.domain.user import User
from hydrophone.services.artists import Artists
from hydrophone.services.folders import Folders
from hydrophone.services.podcasts import Podcasts
from hydrophone_subsonic.mapping.artist import artist_id3
from hydrophone_subsonic.mapping.browsing import marked_folder, top_folder
from hydrophone_subsonic.mapping.child import album_folder_marks, folder_marks, plain_folder
from hydrophone_subsonic.mapping.podcast import podcast_episode
from hydrophone_subsonic.responses.wire import Wire
from hydrophone_subsonic.written_lists import Items, Listed, Marked, Part, Split
from hydrophone_subsonic.written_marks import WrittenMarks

Letter = TypeVar("Letter", ArtistLetter, FolderLetter)
Libraries = tuple[LibraryId, ...]

_NAMES = 500
"""Artists, or names of folders, that are read, mapped and written in about 3 ms."""
_FOLDERS = 100
"""Folders with their albums that take about 2 ms; so the next one."""
_EPISODES = 100
_MARKS = 1000


class Top(NamedTuple):
    """The root of a library as a directory."""

    library_id: LibraryId
    shown_as: str
    """The id that it was asked by, which its entries name as their parent."""


def listed_artists(artists: Artists) -> Listed[Libraries, ArtistLetter]:
    """List the album artists of the tag view, for `getArtists`."""

    async def parts(libraries: Libraries) -> tuple[Part[ArtistLetter], ...]:
        return _letters(await artists.letters(libraries))

    async def items(libraries: Libraries, letter: ArtistLetter) -> AsyncIterator[Items]:
        for offset in range(0, len(letter.keys), _NAMES):
            yield _artists(await artists.plain(letter, offset, _NAMES))

    async def marked(
        viewer: User, libraries: Libraries, parts: tuple[Part[ArtistLetter], ...]
    ) -> Items:
        return _artists(await artists.starred(viewer, [part.thing for part in parts]))

    return Listed(element="artist", parts=parts, items=items, marked=marked)


def listed_folders(folders: Folders) -> Listed[Libraries, FolderLetter]:
    """List the folders at the top, for `getIndexes`."""

    async def parts(libraries: Libraries) -> tuple[Part[FolderLetter], ...]:
        return _letters(await folders.letters(libraries))

    async def items(libraries: Libraries, letter: FolderLetter) -> AsyncIterator[Items]:
        for offset in range(0, len(letter.keys), _NAMES):
            end = offset + _NAMES
            named = zip(letter.keys[offset:end], letter.names[offset:end], strict=True)
            yield {key: top_folder(key, name) for key, name in named}

    async def marked(
        viewer: User, libraries: Libraries, parts: tuple[Part[FolderLetter], ...]
    ) -> Items:
        return marked_folders(await folders.marked(viewer, [part.thing for part in parts]))

    return Listed(element="artist", parts=parts, items=items, marked=marked)


def listed_directories(folders: Folders, written: WrittenMarks) -> Listed[Top, FolderLetter]:
    """List the folders at the top as entries of the root, for `getMusicDirectory`."""

    async def parts(top: Top) -> tuple[Part[FolderLetter], ...]:
        return _letters(await folders.letters((top.library_id,)))

    async def items(top: Top, letter: FolderLetter) -> AsyncIterator[Mapping[Hashable, Split]]:
        for offset in range(0, len(letter.keys), _FOLDERS):
            page = Page(offset=offset, size=_FOLDERS)
            found = await folders.plain_at_top(top.library_id, letter, page)
            yield {folder.id: entry(top, folder) for folder in found}

    async def marked(viewer: User, _: Top, parts: tuple[Part[FolderLetter], ...]) -> Marked:
        # Somebody may have heard something of each of 10,000 albums.
        left = await folders.left_at_top(viewer, [part.thing for part in parts])
        marks: dict[Hashable, bytes] = {}
        for of_folders, describe in (
            (left.albums, album_folder_marks),
            (left.artists, folder_marks),
        ):
            for number, (folder, mark) in enumerate(of_folders.items(), start=1):
                marks[folder] = written.of(describe, *mark)
                if number % _MARKS == 0:
                    await asyncio.sleep(0)
        return marks

    def entry(top: Top, folder: Folder) -> Split:
        describe = folder_marks if folder.album is None else album_folder_marks
        return Split(plain_folder(folder, top.shown_as), written.of(describe, UNTOUCHED, 0.0))

    return Listed(element="child", parts=parts, items=items, marked=marked)


def listed_episodes(podcasts: Podcasts) -> Listed[None, Channel]:
    """List the episodes of all channels, for `getPodcasts`."""

    async def parts(_: None) -> tuple[Part[Channel], ...]:
        # What an episode shows of its channel counts, too.
        return tuple(
            Part(
                name=channel.id,
                mark=hash((channel.mark, channel.title, channel.artwork_id)),
                thing=channel,
            )
            for channel in await podcasts.channels()
        )

    async def items(_: None, channel: Channel) -> AsyncIterator[Items]:
        offset = 0
        while found := await podcasts.plain(channel, Page(offset=offset, size=_EPISODES)):
            yield episodes(found)
            offset += _EPISODES

    async def marked(viewer: User, _: None, parts: tuple[Part[Channel], ...]) -> Items:
        channels = {part.thing.id for part in parts}
        heard = await podcasts.touched(viewer)
        return episodes(episode for episode in heard if episode.channel_id in channels)

    def episodes(found: Iterable[Episode]) -> dict[Hashable, Wire]:
        return {episode.id: podcast_episode(episode) for episode in found}

    return Listed(element="episode", parts=parts, items=items, marked=marked)


def marked_folders(found: Iterable[MarkedFolder]) -> dict[Hashable, Wire]:
    """Describe folders at the top on which something was left, as items of their list."""
    return {one.id: marked_folder(one) for one in found}


def _letters(letters: Iterable[Letter]) -> tuple[Part[Letter], ...]:
    return tuple(Part(name=letter.name, mark=letter.mark, thing=letter) for letter in letters)


def _artists(found: Mapping[int, Artist]) -> dict[Hashable, Wire]:
    return {row: artist_id3(artist) for row, artist in found.items()}
