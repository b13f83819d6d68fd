"""Lists of albums and songs."""

from msgspec import Raw

from hydrophone.domain.library import (
    AlbumListKind,
    AlbumListQuery,
    AlbumPage,
    Page,
    RandomTracksQuery,
    Starred,
)
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.browsing import OfLibrary
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.mapping.artist import artist, artist_id3
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.mapping.lists import now_playing_entry
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.mapping.video import video_child
from hydrophone_subsonic.parameters import Count, Natural, Parameters
from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.lists import (
    AlbumList,
    AlbumList2,
    NowPlaying,
    Songs,
    ThreeLists,
    ThreeListsID3,
)


class GetAlbumList(OfLibrary, frozen=True, kw_only=True):
    """Which albums: of one order or kind, from a place in the list."""

    type: AlbumListKind
    size: Count = 10
    offset: Natural = 0
    from_year: int | None = None
    to_year: int | None = None
    """For byYear; before `from_year` means the newest first, as DSub asks."""
    genre: str = ""
    """For byGenre."""


class GetRandomSongs(OfLibrary, frozen=True, kw_only=True):
    """Which songs may be drawn; aonsoku and Ultrasonic send empty texts for no limit."""

    size: Count = 10
    genre: str = ""
    from_year: int = 0
    to_year: int = 0


class GetSongsByGenre(OfLibrary, frozen=True, kw_only=True):
    """Songs of a genre, by its name in getGenres."""

    genre: str
    count: Count = 10
    offset: Natural = 0


@endpoint("getAlbumList", element="albumList")
async def get_album_list(call: Call, parameters: GetAlbumList) -> AlbumList:
    """List albums as directories."""
    page = await _albums(call, parameters)
    return AlbumList(album=await call.written.album_directories.of(call.user, page.rows))


@endpoint("getAlbumList2", element="albumList2")
async def get_album_list2(call: Call, parameters: GetAlbumList) -> AlbumList2:
    """List albums."""
    page = await _albums(call, parameters)
    return AlbumList2(album=await call.written.albums.of(call.user, page.rows))


async def _albums(call: Call, parameters: GetAlbumList) -> AlbumPage:
    """Fetch the albums, and say how many there are in all: aonsoku reads that in a header."""
    kind = parameters.type
    if kind is AlbumListKind.BY_GENRE and not parameters.genre:
        raise MissingParameterError("Required parameter genre is missing.")
    if kind is AlbumListKind.BY_YEAR and None in (parameters.from_year, parameters.to_year):
        raise MissingParameterError("Required parameter fromYear or toYear is missing.")
    query = AlbumListQuery(
        kind=kind,
        page=Page(offset=parameters.offset, size=parameters.size),
        library_id=parameters.music_folder_id,
        from_year=parameters.from_year or 0,
        to_year=parameters.to_year or 0,
        genre=parameters.genre,
    )
    page = await call.services.albums.page(call.user, query)
    call.headers.append((b"x-total-count", b"%d" % page.total))
    return page


@endpoint("getRandomSongs", element="randomSongs")
async def get_random_songs(call: Call, parameters: GetRandomSongs) -> Songs:
    """Draw songs."""
    query = RandomTracksQuery(
        size=parameters.size,
        genre=parameters.genre,
        from_year=parameters.from_year,
        to_year=parameters.to_year,
        library_id=parameters.music_folder_id,
    )
    tracks = await call.services.tracks.draw(call.user, query)
    return Songs(song=await in_steps(song, tracks))


@endpoint("getSongsByGenre", element="songsByGenre")
async def get_songs_by_genre(call: Call, parameters: GetSongsByGenre) -> Songs:
    """List songs that have a genre, be it one of several."""
    page = Page(offset=parameters.offset, size=parameters.count)
    tracks = await call.services.tracks.of_genre(
        call.user, parameters.genre, page, parameters.music_folder_id
    )
    return Songs(song=await in_steps(song, tracks))


@endpoint("getNowPlaying", element="nowPlaying")
async def get_now_playing(call: Call, parameters: Parameters) -> NowPlaying:
    """List who is listening to what."""
    playing = await call.services.plays.now_playing(call.user)
    return NowPlaying(entry=tuple(map(now_playing_entry, playing)))


@endpoint("getStarred", element="starred")
async def get_starred(call: Call, parameters: OfLibrary) -> ThreeLists:
    """List what the user has starred, for the folder view (and for Feishin)."""
    starred = await call.services.annotations.starred(
        call.user, parameters.music_folder_id, counts_albums=False
    )
    return ThreeLists(
        artist=await in_steps(artist, starred.artists),
        album=await call.written.album_directories.of(call.user, starred.albums),
        song=await _starred_songs(call, starred),
    )


async def _starred_songs(call: Call, starred: Starred) -> tuple[Child | Raw, ...]:
    """List songs, and after them videos, for which the answer has no place of their own."""
    songs = await in_steps(call.written.songs.each("song"), starred.tracks)
    return songs + await in_steps(video_child, starred.videos)


@endpoint("getStarred2", element="starred2")
async def get_starred2(call: Call, parameters: OfLibrary) -> ThreeListsID3:
    """List what the user has starred, for the tag view."""
    starred = await call.services.annotations.starred(call.user, parameters.music_folder_id)
    return ThreeListsID3(
        artist=await in_steps(artist_id3, starred.artists),
        album=await call.written.albums.of(call.user, starred.albums),
        song=await _starred_songs(call, starred),
    )
