"""Music folders, letters, directories, genres."""

from collections.abc import Iterable

from msgspec import UNSET, Raw

from hydrophone.domain import library, music, podcast
from hydrophone.domain.collation import index_letter
from hydrophone_subsonic.mapping.values import optional_date
from hydrophone_subsonic.responses.artist import Artist
from hydrophone_subsonic.responses.browsing import Directory, Genre, Index, MusicFolder
from hydrophone_subsonic.responses.child import Child


def music_folder(library: library.Library) -> MusicFolder:
    """Describe a library."""
    return MusicFolder(id=library.id, name=library.name)


def genre(genre: music.Genre) -> Genre:
    """Describe a genre."""
    return Genre(value=genre.name, song_count=genre.track_count, album_count=genre.album_count)


def top_folder(identifier: str, name: str) -> Artist:
    """Describe a folder at the top, without anything that users have left."""
    return Artist(id=identifier, name=name)


def marked_folder(folder: library.MarkedFolder) -> Artist:
    """Describe a folder at the top, with the traces left on what it stands for."""
    return Artist(
        id=folder.id,
        name=folder.name,
        starred=optional_date(folder.annotation.starred),
        user_rating=folder.annotation.rating or UNSET,
        average_rating=folder.average_rating or UNSET,
    )


def folder_contents(
    folder: library.Folder, requested_id: str, children: tuple[Child | Raw, ...]
) -> Directory:
    """Describe a real folder under the id by which it was asked for."""
    album = folder.album
    annotation = folder.annotation if album is None else album.annotation
    return Directory(
        id=requested_id,
        parent=folder.parent_id or UNSET,
        name=folder.name,
        starred=optional_date(annotation.starred),
        user_rating=annotation.rating or UNSET,
        average_rating=(folder if album is None else album).average_rating or UNSET,
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
        average_rating=album.average_rating or UNSET,
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
        average_rating=artist.average_rating or UNSET,
        play_count=artist.annotation.play_count,
        child=children,
    )


def channel_contents(channel: podcast.Channel, children: tuple[Child, ...]) -> Directory:
    """Describe a podcast as a directory at the top."""
    return Directory(id=channel.id, name=channel.title, child=children)


def sources_index(roots: Iterable[library.Folder]) -> tuple[Index, ...]:
    """List the tops of sources by themselves: they have no letter, and come last."""
    entries = tuple(Artist(id=root.id, name=root.name) for root in roots)
    return (Index(name="Sources", artist=entries),) if entries else ()


def place_index(place: library.FolderListing) -> tuple[Index, ...]:
    """List what lies at the top of a source, in the source's own order, by letter."""
    letters: dict[str, list[Artist]] = {}
    names: list[tuple[str, str]] = [(folder.id, folder.name) for folder in place.folders]
    names += [(album.id, album.name) for album in place.albums]
    for identifier, name in names:
        letters.setdefault(index_letter(name), []).append(Artist(id=identifier, name=name))
    return tuple(Index(name=letter, artist=tuple(those)) for letter, those in letters.items())
