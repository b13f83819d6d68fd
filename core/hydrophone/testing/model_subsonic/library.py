"""Six songs of three albums by two artists in two folders, and what a user has left on them."""

from copy import deepcopy
from typing import Any

Json = dict[str, Any]
Params = dict[str, list[str]]

DATE = "2026-01-31T12:00:00.000Z"
FILE = bytes(range(1, 256)) * 8
"""What each song is made of."""
ARTISTS = {1: "Anna", 2: "Bert"}
"""From the number of a folder to whose albums it has."""
ROLES = (
    "adminRole", "settingsRole", "downloadRole", "uploadRole", "playlistRole", "coverArtRole",
    "commentRole", "podcastRole", "streamRole", "jukeboxRole", "shareRole", "videoConversionRole",
)  # fmt: skip


class Failed(Exception):  # noqa: N818 - an answer, not an error
    """The request is refused with this code."""

    def __init__(self, code: int, message: str = "No.") -> None:
        super().__init__(message)
        self.code = code


def folder_of(album: int) -> int:
    """Return the number of the folder, and of the artist, of an album."""
    return 2 if album == 3 else 1


def is_asked_for(params: Params, album: int) -> bool:
    """Tell whether an album is in the folder that is asked for, if one is."""
    return params.get("musicFolderId", [""])[0] in ("", str(folder_of(album)))


class Library:
    """All that the server holds, in the form in which the protocol shows it."""

    def __init__(self) -> None:
        self.counter = 0
        self.songs = {f"so-{n}x": self._song(n) for n in range(1, 7)}
        self.users: dict[str, Json] = {"admin": dict.fromkeys(ROLES, True)}
        self.passwords = {"admin": "sesame-street"}
        self.stars: dict[tuple[str, str, str], str] = {}
        self.ratings: dict[tuple[str, str], int] = {}
        self.plays: set[tuple[str, str, str]] = set()
        self.playing: dict[str, Json] = {}
        self.playlists: dict[str, Json] = {}
        self.bookmarks: dict[tuple[str, str], Json] = {}
        self.queues: dict[str, Json] = {}
        self.shares: dict[str, Json] = {}
        self.radios: dict[str, Json] = {}
        self.user = ""
        """Who asks at this moment."""
        self.body = b""
        """What came with the request."""
        self._add_playlist("admin", "Mine", ["so-1x", "so-2x", "so-1x"])

    def _add_playlist(self, owner: str, name: str, ids: list[str]) -> str:
        id_ = self._new("pl")
        self.playlists[id_] = {"id": id_, "name": name, "owner": owner, "public": False,
                               "ids": list(ids)}  # fmt: skip
        return id_

    @staticmethod
    def _song(n: int) -> Json:
        album = (n + 1) // 2
        return {
            "id": f"so-{n}x", "parent": f"al-{album}x", "isDir": False, "title": f"Song {n}",
            "album": f"Album {album}", "artist": ARTISTS[folder_of(album)], "track": n,
            "year": 2000 + album, "genre": "Rock", "coverArt": f"co-{album}",
            "size": len(FILE), "duration": 2, "bitRate": 100,
            "contentType": "audio/flac", "suffix": "flac", "albumId": f"al-{album}x",
            "artistId": f"ar-{folder_of(album)}x", "type": "music", "created": DATE,
            "genres": [{"name": "Rock"}], "moods": [],
        }  # fmt: skip

    def song(self, id_: str) -> Json:
        """Show a song to the user; raise `Failed` if there is none."""
        if id_ not in self.songs:
            raise Failed(70)
        found = self._traced("song", self.songs[id_])
        count = sum(1 for play in self.plays if play[:2] == (self.user, id_))
        return found | ({"playCount": count} if count else {})

    def album(self, number: int) -> Json:
        """Show an album without its songs."""
        return self._traced("album", {
            "id": f"al-{number}x", "name": f"Album {number}",
            "artist": ARTISTS[folder_of(number)], "artistId": f"ar-{folder_of(number)}x",
            "coverArt": f"co-{number}", "songCount": 2, "duration": 4,
            "created": f"2026-01-0{number}T12:00:00.000Z", "year": 2000 + number, "genre": "Rock",
        })  # fmt: skip

    def artist(self, number: int = 1) -> Json:
        """Show an artist."""
        count = sum(1 for album in (1, 2, 3) if folder_of(album) == number)
        known = {"id": f"ar-{number}x", "name": ARTISTS[number], "albumCount": count}
        return self._traced("artist", known)

    def _traced(self, kind: str, thing: Json) -> Json:
        found = deepcopy(thing)
        if date := self.stars.get((self.user, kind, found["id"])):
            found["starred"] = date
        if rating := self.ratings.get((self.user, found["id"])):
            found["userRating"] = rating
        return found

    def top_directory(self, number: int) -> Json:
        """Show an artist as a directory, which is starred by `id` as songs are."""
        return self._traced("song", {"id": f"di-{number}x", "name": ARTISTS[number]})

    def directory(self, number: int) -> Json:
        """Show an album as a directory."""
        album = self.album(number)
        return {"id": album["id"], "parent": f"di-{folder_of(number)}x", "isDir": True,
                "title": album["name"], "album": album["name"], "artist": album["artist"],
                "coverArt": album["coverArt"], "created": album["created"],
                "year": album["year"]}  # fmt: skip

    def _new(self, kind: str) -> str:
        self.counter += 1
        return f"{kind}-{self.counter}y"
