"""The real server over a small library that has something of everything."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.loopback import Loopback, loopback
from hydrophone.testing.plugin_site import make_site
from hydrophone.testing.server import RunningServer, running_server
from hydrophone.testing.video_files import FilmStock

LONG_TITLE = 'She said "no" & <left>, didn\'t she?'


KARAOKE = """<tt xmlns="http://www.w3.org/ns/ttml" xmlns:m="http://www.w3.org/ns/ttml#metadata"
  xml:lang="en"><head><metadata>
  <m:agent xml:id="v1"><m:name>Anna</m:name></m:agent></metadata></head>
<body><p begin="0.5" end="1.5" m:agent="v1"><span begin="0.5" end="1.0">Tea</span>
  <span begin="1.0" end="1.5">&amp; söng</span>
  <span m:role="x-bg"><span begin="1.2">(ooh)</span></span>
  <span m:role="x-translation" xml:lang="de">Tee und Gesang</span></p></body></tt>"""


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, films: FilmStock) -> Path:
    """Make an album of two discs with all tags there are, a compilation, a loose file, a film."""
    root = tmp_path_factory.mktemp("library")
    both_sides = {
        "albumartist": "Anna & Björn",
        "albumartists": ["Anna", "Björn"],
        "albumartistsort": ["Anna", "Bjorn"],
        "musicbrainz_albumartistid": [
            "11111111-1111-4111-8111-111111111111",
            "22222222-2222-4222-8222-222222222222",
        ],
        "album": "Both Sides",
        "albumsort": "Sides, Both",
        "albumversion": "Deluxe",
        "musicbrainz_albumid": "33333333-3333-4333-8333-333333333333",
        "date": "2009-03-02",
        "originaldate": "1999",
        "releasetype": ["album", "live"],
        "label": "Sea Records",
        "genre": ["Rock", "Art/Rock & Pop"],
        "mood": ["Calm", "Wet"],
    }
    make_audio(
        root / "Anna & Björn" / "Both Sides" / "1-01.flac",
        seconds=2.0,
        frequency=300,
        tags={
            **both_sides,
            "title": LONG_TITLE,
            "titlesort": "said, She",
            "artist": "Anna feat. Carl",
            "artists": ["Anna", "Carl"],
            "discnumber": "1/2",
            "tracknumber": "1/2",
            "discsubtitle": "The First Side",
            "composer": "Clara Composer",
            "performer": "Paul (violin)",
            "grouping": "Sea",
            "work": "Op. 1",
            "movement": "Adagio",
            "isrc": "USSM18300073",
            "bpm": "120",
            "comment": "Heard\tunder water",
            "explicit": "1",
            "musicbrainz_recordingid": "44444444-4444-4444-8444-444444444444",
            "replaygain_track_gain": "-6.50 dB",
            "replaygain_track_peak": "0.988",
            "replaygain_album_gain": "-7 dB",
            "lyrics": "[00:00.50]First line\n[00:01.00]Second & last line",
        },
        picture=make_picture(color="teal", size=300),
    )
    make_audio(
        root / "Anna & Björn" / "Both Sides" / "1-02.mp3",
        seconds=2.0,
        frequency=320,
        tags={**both_sides, "title": "Plain", "artist": "Anna", "discnumber": "1/2",
              "tracknumber": "2/2", "lyrics": "Only\nwords"},
    )  # fmt: skip
    make_audio(
        root / "Anna & Björn" / "Both Sides" / "2-01.ogg",
        seconds=2.0,
        frequency=340,
        tags={**both_sides, "title": "Other Side", "artist": "Björn", "discnumber": "2/2",
              "tracknumber": "1/1", "discsubtitle": "The Second Side"},
    )  # fmt: skip
    artists = ("Кино", "봄날", "AC/DC")
    sampler = root / "Various Artists" / "Sampler"
    for number, (artist, suffix) in enumerate(zip(artists, ("opus", "m4a", "mp3"), strict=True), 1):
        make_audio(
            sampler / f"{number:02} {artist.replace('/', '_')}.{suffix}",
            seconds=2.0,
            frequency=400 + 20 * number,
            tags={"title": f"Песня {number}", "artist": artist, "albumartist": "Various Artists",
                  "album": "Sampler", "compilation": "1", "tracknumber": str(number),
                  "date": "2004", "genre": "Rock"},
        )  # fmt: skip
    make_audio(root / "loose.mp3", seconds=2.0, frequency=500)
    (root / "loose.ttml").write_text(KARAOKE, "utf-8")
    film = films.put(
        root / "Films" / 'A "film" & more.mkv', sounds=["eng", "ger"], captions=["fre"]
    )
    words = "1\n00:00:00,500 --> 00:00:01,500\nTee & <b>söng</b>\n"
    film.with_suffix(".de.srt").write_text(words, "utf-8")
    return root


@pytest.fixture(scope="session")
def remote(library: Path) -> Iterator[Loopback]:
    """Stand for other servers: a podcast with all there can be, one that is broken, a station."""
    with loopback() as running:
        episode = running.serve_file("/1.mp3", (library / "loose.mp3").read_bytes())
        picture = running.serve("/cover.png", make_picture(color="navy", size=100))
        items = (
            f'<item><title>First &amp; "best"</title><guid>1</guid><description>Words</description>'
            "<pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate>"
            f'<enclosure url="{episode}" length="5" type="audio/mpeg"/></item>'
            f'<item><title>Bare</title><guid>2</guid><enclosure url="{running.url}/2.mp3" length=""'
            ' type="audio/mpeg"/></item>'
            f'<item><title>Spare</title><guid>3</guid><enclosure url="{running.url}/3.ogg"'
            ' length="" type="audio/ogg"/></item>'
        )
        running.serve(
            "/feed",
            (
                "<rss><channel><title>Sea &amp; Talk</title><description>All about it</description>"
                f"<image><url>{picture}</url></image>{items}</channel></rss>"
            ).encode(),
        )
        running.serve("/broken", b"<rss>")
        yield running


EARS = """
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin, hookimpl
from hydrophone.plugin.capabilities.similarity import SonicMatch


class Ears(Plugin):
    manifest = Manifest(name="ears", version="1", summary="Compares sounds.", api=PLUGIN_API)

    @hookimpl
    def sonic_similarities(self):
        return (self,)

    async def neighbours(self, request):
        track = await self.context.library.track(request.track_id)
        found = await self.context.library.album_tracks(track.album_id)
        return tuple(
            SonicMatch(track_id=one.id, likeness=1 / (2 + number))
            for number, one in enumerate(found)
            if one.id != track.id
        )

    async def path(self, request):
        start = await self.context.library.track(request.start_id)
        found = await self.context.library.album_tracks(start.album_id)
        others = [one.id for one in found if one.id not in (request.start_id, request.end_id)]
        return tuple(
            SonicMatch(track_id=one, likeness=1.0) for one in (request.start_id, *others)
        )
"""


@pytest.fixture(scope="session")
def ears(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Install a plugin that compares sounds; return the environment that switches it on."""
    environment = make_site(tmp_path_factory.mktemp("site"), {"ears": EARS})
    return environment | {"HYDROPHONE_PLUGINS__EARS__ENABLED": "true"}


@pytest.fixture(scope="session")
def server(
    library: Path,
    remote: Loopback,
    ears: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningServer]:
    """Run a server that has scanned the library and knows two more users."""
    # A jukebox that nobody starts to play needs a program to be there, not to work.
    jukebox = {"HYDROPHONE_JUKEBOX__ENABLED": "true", "HYDROPHONE_JUKEBOX__MPV": "true"}
    allow = {"HYDROPHONE_OUTBOUND__ALLOW": remote.place}
    data = tmp_path_factory.mktemp("data")
    with running_server(data, music=[library], environment=jukebox | allow | ears) as running:
        with running.client() as client:
            client.await_scan(tracks=7)
        yield running


def make_user(server: RunningServer, name: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-m", "hydrophone", "users", "add", name, "--json", "--data", server.data],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return str(json.loads(finished.stdout)["password"])


def make_api_key(server: RunningServer) -> str:
    """Make a key of the first admin's, which stays good when passwords are changed."""
    command = ["users", "api-key", server.user, "--device", uuid4().hex, "--json"]
    finished = subprocess.run(
        [sys.executable, "-m", "hydrophone", *command, "--data", server.data],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return str(json.loads(finished.stdout)["secret"])


@pytest.fixture(scope="session")
def new_api_key() -> Callable[[RunningServer], str]:
    """Give a function that makes a key for a server."""
    return make_api_key


@pytest.fixture(scope="session")
def berta(server: RunningServer) -> Iterator[SubsonicClient]:
    """Log in as somebody who is no admin."""
    with SubsonicClient(server.url, "Berta", make_user(server, "Berta")) as client:
        yield client


@pytest.fixture(scope="session")
def hashed_password(server: RunningServer) -> str:
    """Return the password of `hashed`, who has revoked all app passwords."""
    password = make_user(server, "hashed")
    with closing(sqlite3.connect(server.data / "hydrophone.db")) as database, database:
        database.execute(
            "DELETE FROM app_password WHERE user_id = (SELECT id FROM user WHERE name = 'hashed')"
        )
    return password


@pytest.fixture(scope="session")
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    """Log in as the first admin."""
    with server.client(name="conformance") as logged_in:
        yield logged_in


def follow(client: SubsonicClient, url: str, *names: str) -> list[dict[str, Any]]:
    """Add podcasts, and wait until they were read."""
    for name in names:
        client.ask("createPodcastChannel", url=f"{url}/{name}")
    deadline = time.monotonic() + 60
    while True:
        channels: list[dict[str, Any]] = client.ask("getPodcasts")["podcasts"]["channel"]
        if all(channel["status"] != "new" for channel in channels):
            return channels
        assert time.monotonic() < deadline
        time.sleep(0.05)


def await_status(client: SubsonicClient, status: str, **parameters: str) -> None:
    """Wait until an episode has a status."""
    deadline = time.monotonic() + 60
    while client.ask("getPodcastEpisode", **parameters)["podcastEpisode"]["status"] != status:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="session")
def ids(client: SubsonicClient, berta: SubsonicClient, remote: Loopback) -> dict[str, str]:
    """Leave traces of each kind on the library; return ids by what they are of.

    Tests may add to what is there, but leave these things as they are.
    """
    songs = {song["title"]: song for song in client.songs()}
    song, plain, other = songs[LONG_TITLE], songs["Plain"], songs["Other Side"]
    sampler = songs["Песня 1"]
    client.ask("star", id=song["id"], albumId=song["albumId"], artistId=song["artistId"])
    client.ask("setRating", id=song["id"], rating=4)
    client.ask("setRating", id=song["albumId"], rating=5)
    client.ask("scrobble", id=song["id"], time=1_700_000_000_000)
    client.ask("scrobble", id=plain["id"], submission=False)
    entries = [song["id"], plain["id"], song["id"]]
    playlist = client.ask("createPlaylist", name='My "mix"', songId=entries)["playlist"]["id"]
    client.ask("updatePlaylist", playlistId=playlist, comment="Tea & <biscuits>", public=True)
    private = berta.ask("createPlaylist", name="Private", songId=plain["id"])["playlist"]["id"]
    client.ask("createShare", id=[song["albumId"], playlist], description="For <you> & me")
    client.ask("addChatMessage", message='Hello & "welcome"')
    client.ask("savePlayQueue", id=entries, current=plain["id"], position=1500)
    channel, broken = follow(client, remote.url, "feed", "broken")
    episodes = {episode["title"]: episode for episode in channel["episode"]}
    episode, bare = episodes['First & "best"'], episodes["Bare"]
    client.ask("downloadPodcastEpisode", id=episode["id"])
    await_status(client, "completed", id=episode["id"])
    client.ask("downloadPodcastEpisode", id=bare["id"])
    await_status(client, "error", id=bare["id"])
    client.ask("createBookmark", id=episode["id"], position=700)
    client.ask("scrobble", id=episode["id"], time=1_700_000_000_000)
    page = "http://a.example/?a=1&b=2"
    client.ask("createInternetRadioStation", name="Sea FM", streamUrl=page, homepageUrl=page)
    client.ask("createInternetRadioStation", name="Bare FM", streamUrl=page)
    stations = client.ask("getInternetRadioStations")["internetRadioStations"]
    station = stations["internetRadioStation"][1]["id"]
    berta.ask("scrobble", id=station, submission=False)
    return {
        "channel": channel["id"],
        "broken": broken["id"],
        "episode": episode["id"],
        "bare": bare["id"],
        "spare": episodes["Spare"]["id"],
        "station": station,
        "song": song["id"],
        "plain": plain["id"],
        "other": other["id"],
        "album": song["albumId"],
        "artist": song["artistId"],
        "folder": song["parent"],
        "sampler": sampler["albumId"],
        "sampler_artist": sampler["artistId"],
        "picture": song["coverArt"],
        "playlist": playlist,
        "private": private,
        "sung": songs["loose"]["id"],
        "root": songs["loose"]["parent"],
        "video": client.ask("getVideos")["videos"]["video"][0]["id"],
    }
