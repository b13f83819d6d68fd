"""Music folders, letters, directories, genres."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec import UNSET

from hydrophone.domain import library, music
from hydrophone.domain.annotation import UNTOUCHED
from hydrophone.domain.collation import index_letter, sort_key
from hydrophone_subsonic.mapping.values import optional_date
from hydrophone_subsonic.responses.artist import Artist
from hydrophone_subsonic.responses.browsing import Directory, Genre, Index, MusicFolder
from hydrophone_subsonic.responses.child import Child

T = TypeVar("T")


def music_folder(library: library.Library) -> MusicFolder:
    """Describe a library."""
    return MusicFolder(id=library.id, name=library.name)


def genre(genre: music.Genre) -> Genre:
    """Describe a genre."""
    return Genre(value=genre.name, song_count=genre.track_count, album_count=genre.album_count)


def lettered_folder(folder: library.Folder) -> tuple[str, str, Artist]:
    """Describe a folder, with its place among folders and the letter under which it stands."""
    annotation = UNTOUCHED if folder.album is None else folder.album.annotation
    described = Artist(
        id=folder.id,
        name=folder.name,
        starred=optional_date(annotation.starred),
        user_rating=annotation.rating or UNSET,
    )
    return sort_key(folder.name), index_letter(folder.name), described


def folder_index(folders: Iterable[tuple[str, str, Artist]]) -> tuple[Index, ...]:
    """Gather the folders of all libraries under their letters."""
    ordered = sorted(folders, key=lambda folder: (folder[0], folder[2].id))
    letters = _by_letter((letter, artist) for _, letter, artist in ordered)
    return tuple(Index(name=letter, artist=tuple(those)) for letter, those in letters.items())


def _by_letter(things: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    letters: dict[str, list[T]] = {}
    for letter, thing in things:
        letters.setdefault(letter, []).append(thing)
    return letters


def folder_contents(
    folder: library.Folder, requested_id: str, children: tuple[Child, ...]
) -> Directory:
    """Describe a real folder under the id by which it was asked for."""
    annotation = UNTOUCHED if folder.album is None else folder.album.annotation
    return Directory(
        id=requested_id,
        parent=folder.parent_id or UNSET,
        name=folder.name,
        starred=optional_date(annotation.starred),
        user_rating=annotation.rating or UNSET,
        play_count=annotation.play_count,
        child=children,
    )


def album_contents(album: music.Album, children: tuple[Child, ...]) -> Directory:
    """Describe an album as a directory in its artist's."""
    return Directory(
        id=album.id,
        parent=album.artists[0].id if album.artists else UNSET,
        name=album.name,
        starred=optional_date(album.annotation.starred),
        user_rating=album.annotation.rating or UNSET,
        play_count=album.annotation.play_count,
        child=children,
    )


def artist_contents(artist: music.Artist, children: tuple[Child, ...]) -> Directory:
    """Describe an artist as a directory at the top."""
    return Directory(
        id=artist.id,
        name=artist.name,
        starred=optional_date(artist.annotation.starred),
        user_rating=artist.annotation.rating or UNSET,
        play_count=artist.annotation.play_count,
        child=children,
    )
