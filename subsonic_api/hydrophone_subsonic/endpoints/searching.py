"""Searching."""

from hydrophone.domain.library import Page
from hydrophone.domain.search import FieldQuery, SearchQuery, SearchResult
from hydrophone.domain.units import Timestamp
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.browsing import OfLibrary
from hydrophone_subsonic.mapping.album import album_id3
from hydrophone_subsonic.mapping.artist import artist, artist_id3
from hydrophone_subsonic.mapping.child import album_directory, song
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.parameters import Count, Natural, Parameters, Time
from hydrophone_subsonic.responses.lists import SearchHits, ThreeLists, ThreeListsID3

_EVERYTHING = '""'
"""What Feishin and aonsoku send for an empty query."""


class Search(OfLibrary, frozen=True, kw_only=True):
    """Words, and which part of each kind of result; a count of 0 means none of that kind."""

    query: str = ""
    """Absent is as good as empty: everything, page by page, for offline copies."""
    artist_count: Count = 20
    artist_offset: Natural = 0
    album_count: Count = 20
    album_offset: Natural = 0
    song_count: Count = 20
    song_offset: Natural = 0


class SearchByFields(Parameters, frozen=True, kw_only=True):
    """The search of Subsonic 1.0: words in single fields."""

    artist: str = ""
    album: str = ""
    title: str = ""
    any: str = ""
    count: Count = 20
    song_count: Count | None = None
    """What DSub and Ultrasonic send instead of `count`."""
    offset: Natural = 0
    newer_than: Time = 0
    """Milliseconds since 1970."""


@endpoint("search", element="searchResult")
async def search(call: Call, parameters: SearchByFields) -> SearchHits:
    """Search for songs by single fields; deprecated since 1.4, and there for old apps."""
    count = parameters.count if parameters.song_count is None else parameters.song_count
    newer = Timestamp(parameters.newer_than) if parameters.newer_than else None
    query = FieldQuery(
        artist=parameters.artist,
        album=parameters.album,
        title=parameters.title,
        any=parameters.any,
        newer_than=newer,
    )
    page = Page(offset=parameters.offset, size=count)
    hits = await call.services.search.by_fields(call.user, query, page)
    matches = await in_steps(song, hits.tracks)
    return SearchHits(offset=parameters.offset, total_hits=hits.total, match=matches)


@endpoint("search2", element="searchResult2")
async def search2(call: Call, parameters: Search) -> ThreeLists:
    """Search, for the folder view."""
    result = await _search(call, parameters)
    return ThreeLists(
        artist=await in_steps(artist, result.artists),
        album=await in_steps(album_directory, result.albums),
        song=await in_steps(song, result.tracks),
    )


@endpoint("search3", element="searchResult3")
async def search3(call: Call, parameters: Search) -> ThreeListsID3:
    """Search, for the tag view."""
    result = await _search(call, parameters)
    return ThreeListsID3(
        artist=await in_steps(artist_id3, result.artists),
        album=await in_steps(album_id3, result.albums),
        song=await in_steps(song, result.tracks),
    )


async def _search(call: Call, parameters: Search) -> SearchResult:
    text = parameters.query.strip()
    query = SearchQuery(
        # DSub's search from Android's own search field ends in an asterisk.
        text="" if text == _EVERYTHING else text.rstrip("*").rstrip(),
        artists=Page(offset=parameters.artist_offset, size=parameters.artist_count),
        albums=Page(offset=parameters.album_offset, size=parameters.album_count),
        tracks=Page(offset=parameters.song_offset, size=parameters.song_count),
    )
    return await call.services.search.search(call.user, query, parameters.music_folder_id)
