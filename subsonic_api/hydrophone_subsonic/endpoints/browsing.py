"""Browsing: by folders, and by artists, albums and genres."""

from functools import partial

from hydrophone.domain.collation import IGNORED_ARTICLES
from hydrophone.domain.ids import ALBUM, ARTIST, CHANNEL, kind_of
from hydrophone.domain.library import Folder, FolderListing
from hydrophone.domain.units import Timestamp
from hydrophone.services.folders import newest_stars
from hydrophone.services.reading import visible_libraries
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.listings import Top, marked_folders
from hydrophone_subsonic.mapping.album import album_id3, album_with_songs
from hydrophone_subsonic.mapping.artist import artist_with_albums
from hydrophone_subsonic.mapping.browsing import (
    album_contents,
    artist_contents,
    channel_contents,
    folder_contents,
    genre,
    marked_folder,
    music_folder,
    place_index,
    sources_index,
)
from hydrophone_subsonic.mapping.child import album_directory, folder_directory, song
from hydrophone_subsonic.mapping.podcast import episode_child
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.mapping.video import video_child
from hydrophone_subsonic.parameters import Parameters, Since
from hydrophone_subsonic.responses.album import AlbumID3WithSongs
from hydrophone_subsonic.responses.artist import ArtistWithAlbumsID3
from hydrophone_subsonic.responses.browsing import (
    ArtistsID3,
    Directory,
    Genres,
    Index,
    Indexes,
    IndexID3,
    MusicFolders,
)
from hydrophone_subsonic.responses.child import Child

_MOST_SHORTCUTS = 20
"""More would push the letters off the screen of a phone."""


class OfLibrary(Parameters, frozen=True, kw_only=True):
    """Of one library only; an unknown one is empty."""

    music_folder_id: int | None = None


class OfLibrarySince(OfLibrary, frozen=True, kw_only=True):
    """The same, if it has changed since then (milliseconds since 1970)."""

    if_modified_since: Since | None = None


class ById(Parameters, frozen=True, kw_only=True):
    """One thing."""

    id: str


@endpoint("getMusicFolders", element="musicFolders")
async def get_music_folders(call: Call, parameters: Parameters) -> MusicFolders:
    """List the libraries that the user may see."""
    libraries = await call.services.libraries.all(call.user)
    return MusicFolders(music_folder=tuple(map(music_folder, libraries)))


@endpoint("getIndexes", element="indexes")
async def get_indexes(call: Call, parameters: OfLibrarySince) -> Indexes:
    """List the folders at the top by letter, and the songs and videos beside them.

    Folders that the user has starred come once more above the letters, the newest 20. If nothing
    has changed, the lists are empty, as Navidrome does it.
    """
    services = call.services
    if parameters.music_folder_id is not None:
        top = await services.source_trees.top(call.user, parameters.music_folder_id)
        if top is not None:
            return await _source_indexes(top)
    libraries = visible_libraries(call.user, parameters.music_folder_id)
    # Before the list: an app that keeps an older one must not think that it is of this time.
    modified = await services.libraries.modified(libraries)
    since = parameters.if_modified_since
    if since is not None and modified <= since:
        return Indexes(
            last_modified=modified, ignored_articles=IGNORED_ARTICLES, index=(), child=()
        )
    marked = await services.folders.marked(call.user, await services.folders.letters(libraries))
    index = await call.written.folders.of(call.user, libraries, marked=marked_folders(marked))
    starred = newest_stars(marked, _MOST_SHORTCUTS)
    songs = await in_steps(song, await services.folders.root_tracks(call.user, libraries))
    videos = await in_steps(video_child, await services.folders.root_videos(call.user, libraries))
    sources = await services.source_trees.roots(call.user, libraries)
    return Indexes(
        last_modified=modified,
        ignored_articles=IGNORED_ARTICLES,
        shortcut=tuple(map(marked_folder, starred)),
        index=(
            *(Index(name=name, artist=(artists,)) for name, artists in index.items()),
            *sources_index(sources),
        ),
        child=(*songs, *videos),
    )


async def _source_indexes(top: FolderListing) -> Indexes:
    """Show the top of a source's tree; nobody knows when that has changed, so it always has."""
    return Indexes(
        last_modified=Timestamp(0),
        ignored_articles=IGNORED_ARTICLES,
        index=place_index(top),
        child=await in_steps(song, top.tracks),
    )


@endpoint("getMusicDirectory", element="directory")
async def get_music_directory(call: Call, parameters: ById) -> Directory:
    """List a folder or a whole library; also an artist or an album, whose ids clients mix in.

    And a podcast, which is what episodes among songs have as their `parent`.
    """
    match kind_of(parameters.id):
        case kind if kind == ARTIST:
            return await _artist_directory(call, parameters.id)
        case kind if kind == ALBUM:
            return await _album_directory(call, parameters.id)
        case kind if kind == CHANNEL:
            return await _channel_directory(call, parameters.id)
    root = await call.services.folders.root(call.user, parameters.id)
    if root is not None:
        return await _root_directory(call, root, parameters.id)
    listing = await call.services.folders.folder(call.user, parameters.id)
    folder = partial(folder_directory, parent=parameters.id)
    folders = await in_steps(call.written.each("child", folder), listing.folders)
    albums = await in_steps(album_directory, listing.albums)
    songs = await in_steps(partial(song, parent=parameters.id), listing.tracks)
    videos = await in_steps(partial(video_child, parent=parameters.id), listing.videos)
    return folder_contents(listing.folder, parameters.id, (*folders, *albums, *songs, *videos))


async def _root_directory(call: Call, root: Folder, identifier: str) -> Directory:
    """List what lies at the top of a library, where there may be ten thousand folders."""
    top = Top(root.library_id, identifier)
    letters = await call.written.directories.of(call.user, top)
    tracks = await call.services.folders.root_tracks(call.user, [root.library_id])
    videos = await call.services.folders.root_videos(call.user, [root.library_id])
    songs = await in_steps(partial(song, parent=identifier), tracks)
    films = await in_steps(partial(video_child, parent=identifier), videos)
    return folder_contents(root, identifier, (*letters.values(), *songs, *films))


async def _artist_directory(call: Call, identifier: str) -> Directory:
    found = await call.services.artists.artist(call.user, identifier)
    albums: tuple[Child, ...] = await in_steps(album_directory, found.albums)
    return artist_contents(found.artist, albums)


async def _album_directory(call: Call, identifier: str) -> Directory:
    found = await call.services.albums.album(call.user, identifier)
    return album_contents(
        found.album, await in_steps(partial(song, parent=found.album.id), found.tracks)
    )


async def _channel_directory(call: Call, identifier: str) -> Directory:
    podcasts = call.services.podcasts
    channel = await podcasts.channel(identifier)
    episodes = await podcasts.episodes(call.user, channel)
    return channel_contents(channel, await in_steps(episode_child, episodes))


@endpoint("getGenres", element="genres")
async def get_genres(call: Call, parameters: Parameters) -> Genres:
    """List all genres that have a name."""
    genres = await call.services.genres.all(call.user)
    return Genres(genre=await in_steps(genre, [one for one in genres if one.name]))


@endpoint("getArtists", element="artists")
async def get_artists(call: Call, parameters: OfLibrary) -> ArtistsID3:
    """List the album artists by letter; those who only feature are found from their albums."""
    libraries = visible_libraries(call.user, parameters.music_folder_id)
    index = await call.written.artists.of(call.user, libraries)
    return ArtistsID3(
        ignored_articles=IGNORED_ARTICLES,
        index=tuple(IndexID3(name=name, artist=(artists,)) for name, artists in index.items()),
    )


@endpoint("getArtist", element="artist")
async def get_artist(call: Call, parameters: ById) -> ArtistWithAlbumsID3:
    """Show an artist with the albums."""
    found = await call.services.artists.artist(call.user, parameters.id)
    return artist_with_albums(found.artist, await in_steps(album_id3, found.albums))


@endpoint("getAlbum", element="album")
async def get_album(call: Call, parameters: ById) -> AlbumID3WithSongs:
    """Show an album with its songs."""
    found = await call.services.albums.album(call.user, parameters.id)
    return album_with_songs(found.album, await in_steps(song, found.tracks))


@endpoint("getSong", element="song")
async def get_song(call: Call, parameters: ById) -> Child:
    """Show a song."""
    return song(await call.services.tracks.track(call.user, parameters.id))
