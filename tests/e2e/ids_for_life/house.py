"""An album on a real server, and what a user has left on it: it is to be there for life."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient

NUMBERS = count(1)
"""For artists and sounds that are like no other."""
_SECONDS = 60.0


@dataclass
class House:
    """One album of an artist of its own, with all that a user can leave on it."""

    client: SubsonicClient
    root: Path
    artist: str

    def __post_init__(self) -> None:
        self.folder = self.root / self.artist / "Album"
        self.songs = [self.song(number) for number in (1, 2)]
        self.scan(lambda: len(self.found()) == 2)
        first, second = (song["id"] for song in self.found())
        album, artist = self.found()[0]["albumId"], self.found()[0]["artistId"]
        self.client.ask("star", id=first, albumId=album, artistId=artist)
        self.client.ask("setRating", id=first, rating=4)
        self.client.ask("scrobble", id=first, time=1_600_000_000_000)
        self.client.ask("createPlaylist", name=self.artist, songId=[first, second, first])
        self.client.ask("createBookmark", id=second, position=1234, comment="here")
        queue = [first, second]
        self.client.ask("savePlayQueue", id=queue, current=second, position=500)
        self.before = self.state()

    def song(self, number: int, suffix: str = "mp3", **tags: str) -> Path:
        """Make a song that sounds like no other."""
        common = {"artist": self.artist, "albumartist": self.artist, "album": "Album"}
        return make_audio(
            self.folder / f"{number} Song {number}.{suffix}",
            seconds=0.4,
            frequency=300 + next(NUMBERS) * 7,
            tags=common | {"title": f"Song {number}", "tracknumber": str(number)} | tags,
        )

    def found(self) -> list[dict[str, Any]]:
        """Return the songs that a search finds, by number."""
        found = self.client.ask("search3", query=self.artist, songCount=50)["searchResult3"]
        return sorted(found.get("song", []), key=lambda song: (song["track"], song["path"]))

    def scan(self, is_done: Callable[[], bool]) -> None:
        """Scan until it shows."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            self.client.ask("startScan")
            while self.client.ask("getScanStatus")["scanStatus"]["scanning"]:
                time.sleep(0.02)
            if is_done():
                return
        raise AssertionError(f"Not after {_SECONDS:g} s: {self.found()}")

    def state(self) -> dict[str, Any]:
        """Return ids and all that the user has left, by number of the song."""
        songs = {
            song["track"]: {
                name: song.get(name)
                for name in ("id", "albumId", "starred", "userRating", "playCount", "played")
            }
            for song in self.found()
        }
        starred = self.client.ask("getStarred2")["starred2"]
        lists = self.client.ask("getPlaylists")["playlists"]["playlist"]
        [playlist] = [one["id"] for one in lists if one["name"] == self.artist]
        entries = self.client.ask("getPlaylist", id=playlist)["playlist"]["entry"]
        queue = self.client.ask("getPlayQueue")["playQueue"]
        ids = {song["id"] for song in songs.values()}
        marks = self.client.ask("getBookmarks")["bookmarks"]["bookmark"]
        return {
            "songs": songs,
            "albums": {album["id"] for album in starred["album"] if album["artist"] == self.artist},
            "artists": {
                artist["id"] for artist in starred["artist"] if artist["name"] == self.artist
            },
            "playlist": [entry["id"] for entry in entries],
            "queue": ([entry["id"] for entry in queue["entry"]], queue["current"]),
            "bookmarks": [
                (mark["entry"]["id"], mark["position"], mark["comment"])
                for mark in marks
                if mark["entry"]["id"] in ids
            ],
        }
