"""A music service on loopback, with a small catalogue and every whim that services have."""

import hashlib
import itertools
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Struct

from hydrophone.domain.music import PartialDate
from hydrophone.domain.remote import RemoteAlbum, RemoteArtist, RemoteFolder, RemoteTrack
from hydrophone.domain.units import ByteCount, Kbps, Seconds
from hydrophone.plugin.capabilities.source import (
    AlbumDetails,
    ArtistDetails,
    BrowsePage,
    Checksum,
    Refusal,
    RefusalReason,
    SearchHits,
    StreamHandle,
)
from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.loopback import Loopback, Request, respond, send_file

T = TypeVar("T")
_JSON = {"Content-Type": "application/json"}
_BIT_RATE = Kbps(128)


class Resolved(Struct, frozen=True):
    """How a track can be had, or why not."""

    found: StreamHandle | Refusal


class SyntheticService:
    """What `hydrophone.testing.synthetic_source` asks: documents in core's own shapes.

    It has `The Emitters` with `First Signal` and `Second Signal`, `Zoë Wave` with two versions of
    one concert, each with three tracks, all MP3. Faults of the transport are for
    `loopback.fail`; what the service itself may do wrong is here. Native ids are `artist-1`,
    `album-1`, `track-1` and so on, counted through.
    """

    def __init__(self, loopback: Loopback, folder: Path, *, seconds: float = 3.0) -> None:
        """Make audio files of this length in a folder, and serve them; it takes a second."""
        self.loopback = loopback
        self.url = loopback.url
        self.artists: dict[str, RemoteArtist] = {}
        self.albums: dict[str, AlbumDetails] = {}
        self.tracks: dict[str, RemoteTrack] = {}
        self.files: dict[str, bytes] = {}
        """By the track's native id: what is sent. A test may change it."""
        self.refusals: dict[str, Refusal] = {}
        """By the track's native id: why it is not given."""
        self.sizes: dict[str, ByteCount | None] = {}
        """By the track's native id: the size to be told in place of the true one."""
        self.has_checksums = True
        self.marks_previews = True
        """Whether it says of a preview that it is one."""
        self.extra_hits = 0
        """How many made-up tracks every search finds besides."""
        self._previews: set[str] = set()
        self._folder = folder
        self._seconds = seconds
        self._link = 1
        self._token = 1
        self._numbers = itertools.count(1)
        self._serve("/token", self._give_token, is_open=True)
        self._serve("/search", self._search)
        self._serve("/browse", self._browse)
        self._serve("/resolve", self._resolve)
        for artist, titles in (("The Emitters", ("First Signal", "Second Signal")),):
            for title in titles:
                self.add_album(title, artist=artist)
        for rank, edition in enumerate(("Soundboard", "Audience")):
            self.add_album(
                "Live at the Pier", artist="Zoë Wave", edition=edition, group="pier", rank=rank
            )

    @property
    def track_ids(self) -> list[str]:
        """Return native ids of all tracks, in the order of their making."""
        return list(self.tracks)

    def add_album(
        self,
        title: str,
        *,
        artist: str,
        edition: str = "",
        group: str = "",
        rank: int = 0,
        count: int = 3,
    ) -> str:
        """Add an album of so many tracks; return its native id."""
        number = next(self._numbers)
        album = RemoteAlbum(
            native_id=f"album-{number}",
            title=title,
            artists=(self._artist(artist),),
            edition=edition,
            group_id=group,
            rank=rank,
            date=PartialDate(year=2000 + number),
            genres=("Test",),
            track_count=count,
            duration=Seconds(count * self._seconds),
            artwork_url=self.loopback.serve(
                f"/cover/album-{number}.jpg",
                make_picture(color="navy", size=64 + number),
                headers={"Content-Type": "image/jpeg"},
            ),
        )
        tracks = tuple(self._track(album, place) for place in range(1, count + 1))
        self.albums[album.native_id] = AlbumDetails(album=album, tracks=tracks)
        self._serve(f"/album/{album.native_id}", lambda _: self._album(album.native_id))
        return album.native_id

    def expire_links(self) -> None:
        """Answer 403 to all addresses of audio that were given so far."""
        self._link += 1

    def expire_token(self) -> None:
        """Answer 401 to all until a new token was fetched."""
        self._token += 1

    def remove(self, track_id: str) -> None:
        """Take a track away, as if it had never been."""
        del self.tracks[track_id]
        del self.loopback.routes[f"/track/{track_id}"]
        del self.loopback.routes[f"/audio/{track_id}.mp3"]

    def change_file(self, track_id: str) -> None:
        """Have other bytes of the same length under the same address from now on."""
        self.files[track_id] = bytes(len(self.files[track_id]) // 2) + self.files[track_id][::2]

    def send_preview(self, track_id: str) -> None:
        """Send but the first third of a track, which the documents still call a whole one."""
        self.files[track_id] = self._audio(track_id, self._seconds / 3)
        self._previews.add(track_id)

    def downloads(self, track_id: str) -> list[Request]:
        """Return the requests for the audio of a track."""
        return self.loopback.asked(f"/audio/{track_id}.mp3")

    def _artist(self, name: str) -> RemoteArtist:
        known = [artist for artist in self.artists.values() if artist.name == name]
        if known:
            return known[0]
        artist = RemoteArtist(native_id=f"artist-{len(self.artists) + 1}", name=name)
        self.artists[artist.native_id] = artist
        self._serve(f"/artist/{artist.native_id}", lambda _: self._artist_details(artist))
        return artist

    def _track(self, album: RemoteAlbum, place: int) -> RemoteTrack:
        native_id = f"track-{len(self.files) + 1}"
        self.files[native_id] = self._audio(native_id, self._seconds)
        track = RemoteTrack(
            native_id=native_id,
            title=f"{album.title} {place}",
            artists=album.artists,
            album=album,
            disc_number=1,
            track_number=place,
            duration=Seconds(self._seconds),
            year=album.date.year if album.date else 0,
            suffix="mp3",
            content_type="audio/mpeg",
            codec="mp3",
            size=ByteCount(len(self.files[native_id])),
            bit_rate=_BIT_RATE,
        )
        self.tracks[native_id] = track
        self._serve(f"/track/{native_id}", lambda _: self.tracks[native_id])
        self.loopback.routes[f"/audio/{native_id}.mp3"] = self._send_audio
        return track

    def _audio(self, native_id: str, seconds: float) -> bytes:
        number = int(native_id.rpartition("-")[2])
        path = self._folder / f"{native_id}-{seconds:.1f}.mp3"
        return make_audio(path, seconds=seconds, frequency=300 + 20 * number).read_bytes()

    def _serve(self, path: str, find: Callable[[Request], T], *, is_open: bool = False) -> None:
        def route(request: Request, connection: socket.socket) -> None:
            if not is_open and request.headers.get("authorization") != f"Bearer {self._token}":
                respond(connection, b"expired", status="401 Unauthorized")
                return
            found = find(request)
            if found is None:
                respond(connection, b"nothing here", status="404 Not Found")
            else:
                respond(connection, msgspec.json.encode(found), headers=_JSON)

        self.loopback.routes[path] = route

    def _give_token(self, _: Request) -> dict[str, str]:
        return {"token": str(self._token)}

    def _search(self, request: Request) -> SearchHits:
        words = _parameter(request, "q").casefold().split()
        offset = int(_parameter(request, "offset") or 0)

        def found(things: list[tuple[str, T]], kind: str) -> tuple[T, ...]:
            hits = [one for text, one in things if all(word in text.casefold() for word in words)]
            return tuple(hits[offset : offset + int(_parameter(request, kind) or 0)])

        extra = (
            RemoteTrack(native_id=f"extra-{number}", title=f"Extra {number}")
            for number in range(self.extra_hits)
        )
        albums = [(_text(one.album), one.album) for one in self.albums.values()]
        tracks = [(f"{one.title} {_text(one.album)}", one) for one in self.tracks.values()]
        return SearchHits(
            artists=found([(one.name, one) for one in self.artists.values()], "artists"),
            albums=found(albums, "albums"),
            tracks=(*found(tracks, "tracks"), *extra),
        )

    def _browse(self, request: Request) -> BrowsePage | None:
        """The top has a folder for each artist, which has his albums: pages of `limit`."""
        place = _parameter(request, "folder")
        limit = int(_parameter(request, "limit"))
        start = int(_parameter(request, "cursor") or 0)
        if not place:
            everyone = [
                RemoteFolder(native_id=one.native_id, title=one.name)
                for one in self.artists.values()
            ]
            following = str(start + limit) if start + limit < len(everyone) else ""
            folders = tuple(everyone[start : start + limit])
            return BrowsePage(title="Synthetic", folders=folders, next_cursor=following)
        if place not in self.artists:
            return None
        details = self._artist_details(self.artists[place])
        following = str(start + limit) if start + limit < len(details.albums) else ""
        page = details.albums[start : start + limit]
        return BrowsePage(title=details.artist.name, albums=page, next_cursor=following)

    def _artist_details(self, artist: RemoteArtist) -> ArtistDetails:
        albums = [one.album for one in self.albums.values() if artist in one.album.artists]
        newest_first = sorted(albums, key=lambda one: (one.group_id != "", one.rank, one.title))
        return ArtistDetails(artist=artist, albums=tuple(newest_first), biography="Made up.")

    def _album(self, native_id: str) -> AlbumDetails:
        details = self.albums[native_id]
        group = details.album.group_id
        versions = [one.album for one in self.albums.values() if one.album.group_id == group]
        ranked = tuple(sorted(versions, key=lambda one: one.rank)) if group else ()
        tracks = tuple(one for one in details.tracks if one.native_id in self.tracks)
        return AlbumDetails(album=details.album, tracks=tracks, versions=ranked)

    def _resolve(self, request: Request) -> Resolved | None:
        native_id = _parameter(request, "id")
        if native_id in self.refusals:
            return Resolved(self.refusals[native_id])
        if native_id not in self.tracks:
            return None
        content = self.files[native_id]
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        is_preview = native_id in self._previews
        handle = StreamHandle(
            representation=f"{native_id}-mp3",
            url=f"{self.url}/audio/{native_id}.mp3?link={self._link}",
            suffix="mp3",
            content_type="audio/mpeg",
            codec="mp3",
            bit_rate=_BIT_RATE,
            size=self.sizes.get(native_id, ByteCount(len(content))),
            duration=Seconds(self._seconds),
            checksum=Checksum(algorithm="sha1", digest=digest) if self.has_checksums else None,
            is_preview=is_preview and self.marks_previews,
        )
        return Resolved(handle)

    def _send_audio(self, request: Request, connection: socket.socket) -> None:
        if _parameter(request, "link") != str(self._link):
            respond(connection, b"expired", status="403 Forbidden")
            return
        content = self.files[request.path.removeprefix("/audio/").removesuffix(".mp3")]
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        send_file(request, connection, content, etag=f'"{digest}"')


def refusal(reason: RefusalReason) -> Refusal:
    """Make an answer for `SyntheticService.refusals`."""
    return Refusal(reason=reason, sentence=f"It is {reason.value.replace('_', ' ')}.")


def _parameter(request: Request, name: str) -> str:
    return parse_qs(urlsplit(request.target).query).get(name, [""])[-1]


def _text(album: RemoteAlbum | None) -> str:
    if album is None:
        return ""
    return " ".join([album.title, album.edition, *(artist.name for artist in album.artists)])
