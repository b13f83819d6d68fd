"""What is asked about: things of the library, and those that a request uses up."""

import json
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from contrib.bench import smart_playlists
from contrib.bench.serving import USER, Client, command

from hydrophone.domain.ids import CHANNEL, EPISODE, encode_id

_MANY = 200
"""Songs that are starred, heard or put into a playlist by one request."""
LONG = 2000
"""Songs of a long playlist, and of a play queue: a line of a request has room for so many."""
_PAGE = 500
"""What `search3` gives at once."""
_CHANNELS = 100
_EPISODES = 100
"""Of each channel."""
_USERS = 30
_MESSAGES = 4
"""A user may send 20 a minute, and most of these are for what is measured."""
_WORDS = [
    "".join(random.Random(number).choices("etaoinshrdlu", k=3 + number % 6))
    for number in range(500)
]
_RULES = {
    "smart_by_year": {"all": [{"gt": {"year": 1990}}], "sort": "title", "limit": 500},
    "smart_by_marks": {"all": [{"gt": {"rating": 3}}], "sort": "-lastplayed", "limit": 100},
    "smart_by_genre": {"all": [{"is": {"genre": "jazz"}}], "sort": "random", "limit": 500},
    "smart_by_path": {
        "all": [{"contains": {"filepath": "ban"}}, {"isMissing": {"comment": True}}],
        "sort": "artist",
        "limit": 100,
    },
    "smart_by_date": {"all": [{"gt": {"duration": -1}}], "sort": "-date, album", "limit": 500},
}
"""What smart playlists of these names ask for: of each kind of field one, and of all tracks."""
_FIELD = re.compile(r"{(\w+)}")


class Things:
    """Fills the fields of the queries in `endpoint_requests`."""

    def __init__(self, client: Client, data: Path) -> None:
        """Look for what there is, and leave what a user leaves behind in some years."""
        self._client = client
        self._numbers = count()
        songs = [
            song
            for offset in range(0, LONG, _PAGE)
            for song in self._ask(
                "search3", "song", query="", songCount=_PAGE, songOffset=_PAGE + offset
            )
        ]
        self._songs = [song["id"] for song in songs]
        self._albums = list(dict.fromkeys(song["albumId"] for song in songs))
        first = songs[0]
        index = self._ask("getIndexes", "index")
        self._known = {
            "song": first["id"],
            "title": quote(first["title"]),
            "album": first["albumId"],
            "artist": first["artistId"],
            "name": quote(first["artist"]),
            "folder": index[0]["artist"][0]["id"],
            "video": self._ask("getVideos", "video")[0]["id"],
            "user": USER,
            "songs": _pairs("id", self._songs[:_MANY]),
            "playlist_songs": _pairs("songId", self._songs[:_MANY]),
            "playlist": self._long_playlist(),
        }
        key = command(data, "users", "api-key", USER, "--device", "bench")
        self.api_key = key["secret"]
        self._known |= smart_playlists.make(client, data, _RULES)
        playlists = client.get("hls.m3u8", id=first["id"], bitRate=[64, 128]).decode()
        self._known["token"] = playlists.partition("token=")[2].split()[0]
        self._makers: dict[str, Callable[[], str]] = {
            "unborn": lambda: f"name-{next(self._numbers)}",
            "new_playlist": self._new_playlist,
            "new_share": self._new_share,
            "new_user": self._new_user,
            "new_station": self._new_station,
            "channel": _channels().__next__,
            "episode": _episodes().__next__,
        }
        self._use()

    def fill(self, query: str) -> str:
        """Put ids and names into a query, and make what it wants for itself."""
        return _FIELD.sub(self._value, query)

    def _value(self, field: re.Match[str]) -> str:
        name = field[1]
        return self._known[name] if name in self._known else self._makers[name]()

    def _use(self) -> None:
        for kind in ("alphabeticalByName", "newest"):
            albums = self._ask("getAlbumList2", "album", type=kind, size=500)
            identifiers = [album["id"] for album in albums[:_MANY]]
            artists = [album["artistId"] for album in albums[:_MANY]]
            self._client.get("star", albumId=identifiers, artistId=artists)
            for number, identifier in enumerate(identifiers):
                self._client.get("setRating", id=identifier, rating=1 + number % 5)
        for start in range(0, _PAGE, _MANY):
            part = self._songs[start : start + _MANY]
            self._client.get("star", id=part)
            self._client.get("scrobble", id=part)
        for number, song in enumerate(self._songs[:_PAGE]):
            self._client.get("createBookmark", id=song, position=number)
        for album in self._albums[:100]:
            self._client.get("createShare", id=album)
            self._new_playlist()
            self._new_station()
        for number in range(_MESSAGES):
            self._client.get("addChatMessage", message=f"Have you heard {number}?")
        for _ in range(_USERS):
            self._new_user()
        self._client.get("savePlayQueueByIndex", id=self._songs, currentIndex=0)

    def _long_playlist(self) -> str:
        return self._new("createPlaylist", "playlist", name="Long", songId=self._songs)

    def _new_playlist(self) -> str:
        return self._new("createPlaylist", "playlist", name="New", songId=self._songs[:_MANY])

    def _new_share(self) -> str:
        made = self._ask("createShare", "share", id=self._known["album"])
        return str(made[0]["id"])

    def _new_user(self) -> str:
        name = f"user-{next(self._numbers)}"
        self._client.get("createUser", username=name, password="sesame", email="")
        return name

    def _new_station(self) -> str:
        name = f"station-{next(self._numbers)}"
        where = {"name": name, "streamUrl": "http://radio.example/"}
        self._client.get("createInternetRadioStation", **where)
        stations = self._ask("getInternetRadioStations", "internetRadioStation")
        return str(next(one["id"] for one in stations if one["name"] == name))

    def _new(self, endpoint: str, element: str, **parameters: object) -> str:
        answer = json.loads(self._client.get(endpoint, f="json", **parameters))
        return str(answer["subsonic-response"][element]["id"])

    def _ask(self, endpoint: str, item: str, **parameters: object) -> list[dict[str, Any]]:
        """Return the items of the only element of an answer."""
        answer = json.loads(self._client.get(endpoint, f="json", **parameters))
        (element,) = (one for one in answer["subsonic-response"].values() if isinstance(one, dict))
        return list(element[item])


def add_podcasts(database: Path) -> None:
    """Write channels and episodes, as if their feeds had been read; the server must not run."""
    channels = [(one, f"http://podcast.example/{one}", one) for one in _channels(0)]
    episodes = [
        (one, channels[number % _CHANNELS][0], f"Episode {number}", _description(number))
        for number, one in enumerate(_episodes())
    ]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany(
            "INSERT INTO podcast_channel (id, url, title, status, created)"
            " VALUES (?, ?, ?, 'completed', 1600000000000)",
            channels,
        )
        connection.executemany(
            "INSERT INTO podcast_episode (id, channel_id, title, description, published, url,"
            " duration, size, suffix, content_type, status, created) VALUES (?, ?, ?, ?,"
            " 1600000000000, 'http://podcast.example/e.mp3', 1800, 30000000, 'mp3',"
            " 'audio/mpeg', 'skipped', 1600000000000)",
            episodes,
        )


def _description(number: int) -> str:
    """Make some 400 letters that are not those of another episode: they are compressed."""
    return " ".join(random.Random(number).choices(_WORDS, k=60))


def _channels(first: int = 1) -> Iterator[str]:
    """Yield ids of channels; not the first one, of which the episodes shall stay."""
    return (encode_id(CHANNEL, number) for number in range(first, _CHANNELS))


def _episodes() -> Iterator[str]:
    return (encode_id(EPISODE, number) for number in range(_CHANNELS * _EPISODES))


def _pairs(name: str, values: list[str]) -> str:
    return urlencode({name: values}, doseq=True)
