"""A call that must succeed for each endpoint that only reads: its parameters, from the facts.

Two have none: `getVideoInfo` needs the id of a video, and `getPodcastEpisode` that of an episode,
for which a rule of its chapter asks.
"""

from collections.abc import Callable, Mapping

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.facts import Facts
from hydrophone_subsonic.conformance.probe import Value

Parameters = dict[str, Value]


def _nothing(_: Facts) -> Parameters:
    return {}


def _sung_or_any(facts: Facts) -> Json:
    """Return a song that has lyrics if there is one: an empty answer is right, but shows little."""
    return facts.sung_song() if facts.sung else facts.song()


def _fullest(facts: Facts) -> Json:
    """Return the song of which the most is known."""
    return max(facts.songs, key=len, default=None) or facts.song()


def _album_list(facts: Facts) -> Parameters:
    facts.album()
    return {"type": "alphabeticalByName", "size": 20}


CALLS: Mapping[str, Callable[[Facts], Parameters]] = {
    **dict.fromkeys(
        (
            "ping", "getLicense", "getOpenSubsonicExtensions", "getMusicFolders", "getIndexes",
            "getGenres", "getArtists", "getNowPlaying", "getStarred", "getStarred2",
            "getPlaylists", "getShares", "getPodcasts", "getNewestPodcasts",
            "getInternetRadioStations", "getChatMessages", "getUsers", "getBookmarks",
            "getPlayQueue", "getPlayQueueByIndex", "getScanStatus", "getVideos", "tokenInfo",
        ),
        _nothing,
    ),
    "getMusicDirectory": lambda facts: {"id": facts.directory()["id"]},
    "getArtist": lambda facts: {"id": facts.artist()["id"]},
    "getAlbum": lambda facts: {"id": facts.album()["id"]},
    "getSong": lambda facts: {"id": _fullest(facts)["id"]},
    "getArtistInfo": lambda facts: {"id": facts.directory()["id"], "count": 5},
    "getArtistInfo2": lambda facts: {"id": facts.artist()["id"], "count": 5},
    "getAlbumInfo": lambda facts: {"id": facts.album()["id"]},
    "getAlbumInfo2": lambda facts: {"id": facts.album()["id"]},
    "getSimilarSongs": lambda facts: {"id": facts.song()["id"], "count": 5},
    "getSimilarSongs2": lambda facts: {"id": facts.artist()["id"], "count": 5},
    "getTopSongs": lambda facts: {"artist": facts.artist()["name"], "count": 5},
    "getSonicSimilarTracks": lambda facts: {"id": facts.song()["id"], "count": 5},
    "findSonicPath": lambda facts: {
        "startSongId": facts.song()["id"], "endSongId": facts.song(1)["id"], "count": 5,
    },
    "getAlbumList": _album_list,
    "getAlbumList2": _album_list,
    "getRandomSongs": lambda _: {"size": 5},
    "getSongsByGenre": lambda facts: {"genre": facts.genre(), "count": 5},
    "search": lambda facts: {"any": facts.song()["title"], "count": 5},
    "search2": lambda facts: {"query": facts.song()["title"], "songCount": 5},
    "search3": lambda facts: {"query": facts.song()["title"], "songCount": 5},
    "getPlaylist": lambda facts: {"id": facts.playlist()["id"]},
    "getLyrics": lambda facts: {
        "artist": _sung_or_any(facts).get("artist", ""), "title": _sung_or_any(facts)["title"],
    },
    "getLyricsBySongId": lambda facts: {"id": _sung_or_any(facts)["id"]},
    "getUser": lambda facts: {"username": facts.user},
    "jukeboxControl": lambda _: {"action": "status"},
}  # fmt: skip

UNSTEADY: Mapping[str, frozenset[str]] = {
    "getRandomSongs": frozenset({"randomSongs"}),
    "getSimilarSongs": frozenset({"similarSongs"}),
    "getSimilarSongs2": frozenset({"similarSongs2"}),
    "getPlaylists": frozenset({"validUntil"}),
    "getPlaylist": frozenset({"validUntil"}),
    "getNowPlaying": frozenset({"minutesAgo", "positionMs"}),
    "getScanStatus": frozenset({"count", "scanning", "lastScan"}),
    "jukeboxControl": frozenset({"position"}),
}
"""What may differ between two equal calls; such an answer is not compared in these."""
