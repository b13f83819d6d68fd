"""What plugins know about what is here: shown by the real server, and never waited for."""

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.e2e.waiting import until

from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.loopback import Loopback, loopback
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.plugin_site import make_site
from hydrophone.testing.server import RunningServer

SAGE = """
import asyncio

from hydrophone.domain.facts import AlbumFacts, ArtistFacts
from hydrophone.plugin import PLUGIN_API, Manifest, Permission, Plugin, hookimpl
from hydrophone.plugin.capabilities.source import Picture
from hydrophone.plugin.capabilities.similarity import (
    KnownArtist,
    KnownTrack,
    SimilarArtist,
    SimilarTrack,
)
from msgspec import Struct


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    base_url: str


class Sage(Plugin[Config]):
    manifest = Manifest(
        name="sage",
        version="1.2",
        summary="Knows.",
        api=PLUGIN_API,
        config=Config,
        permissions=(Permission(kind="network", target="base_url", reason="To ask it."),),
    )

    async def asked(self, what):
        with (self.context.data_dir / "asked").open("a") as file:
            file.write(what + chr(10))
        while (self.context.data_dir / "slow").exists():
            await asyncio.sleep(0.02)

    async def artist(self, request):
        await self.asked(request.name)
        return ArtistFacts(
            biography=f"{request.name} sings.", url="https://example.org/anna", musicbrainz_id=MBID
        )

    async def album(self, request):
        await self.asked(f"{request.artists[0]}: {request.title}")
        if request.title == "Second":
            return None
        return AlbumFacts(notes="The first one.", url="https://example.org/first")

    async def artwork(self, request):
        await self.asked(f"picture of {request.name}")
        if request.subject == "album":
            return None
        return Picture(url=self.config.base_url + "/anna.png")

    async def similar_artists(self, request):
        await self.asked(f"like {request.artist.name}")
        return tuple(
            SimilarArtist(artist=KnownArtist(name=name), likeness=0.5)
            for name in ("Nobody", "BERTA", request.artist.name)
        )

    async def similar_tracks(self, request):
        return (
            SimilarTrack(track=KnownTrack(title="Else", artists=("Nobody",)), likeness=1),
            SimilarTrack(track=KnownTrack(title="song 4", artists=("ANNA",)), likeness=0.9),
            SimilarTrack(
                track=KnownTrack(title="?", artists=("Berta",), isrcs=("DEA000000001",)),
                likeness=0.8,
            ),
        )

    async def top_tracks(self, request):
        return (KnownTrack(title="Song 5", artists=("Anna",)),)

    @hookimpl
    def similarity_providers(self):
        return (self,)

    @hookimpl
    def metadata_providers(self):
        return (self,)

    @hookimpl
    def artwork_providers(self):
        return (self,)


MBID = "9f5a2a3c-0c5e-4b34-8d5c-1f1f8b3f0a11"
"""
MBID = "9f5a2a3c-0c5e-4b34-8d5c-1f1f8b3f0a11"
PORTRAIT = make_picture(color="red")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return make_site(tmp_path_factory.mktemp("site"), {"sage": SAGE})


@pytest.fixture(scope="module")
def place() -> Iterator[Loopback]:
    with loopback() as running:
        running.serve("/anna.png", PORTRAIT, headers={"Content-Type": "image/jpeg"})
        yield running


@pytest.fixture(scope="module")
def server(
    music: Path,
    environment: dict[str, str],
    place: Loopback,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("data")
    more = tmp_path_factory.mktemp("more")
    make_audio(
        more / "coded.mp3",
        seconds=3.0,
        frequency=900,
        tags={"title": "Coded", "artist": "Berta", "album": "Hers", "isrc": "DEA000000001"},
    )
    with running_plugin_server(
        data, {"sage": {"base_url": place.url}}, music=[music, more], environment=environment
    ) as running:
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as logged_in:
        logged_in.await_scan(tracks=6)
        yield logged_in


def asked(server: RunningServer, what: str) -> int:
    path = server.data / "plugins" / "sage" / "asked"
    return path.read_text().splitlines().count(what) if path.exists() else 0


def found(client: SubsonicClient, kind: str, query: str) -> dict[str, Any]:
    result = client.ask("search3", query=query)["searchResult3"]
    return dict(result[kind][0])


def test_artists_and_albums_are_told_about_and_asked_for_once(
    server: RunningServer, client: SubsonicClient
) -> None:
    anna = found(client, "artist", "anna")["id"]
    for endpoint in ("getArtistInfo2", "getArtistInfo"):
        info = client.ask(endpoint, id=anna)[endpoint[3].lower() + endpoint[4:]]
        assert info["biography"] == "Anna sings."
        assert info["lastFmUrl"] == "https://example.org/anna"
        assert info["musicBrainzId"] == MBID
    first, second = (found(client, "album", name)["id"] for name in ("first", "second"))
    for endpoint in ("getAlbumInfo2", "getAlbumInfo"):
        info = client.ask(endpoint, id=first)["albumInfo"]
        assert info["notes"] == "The first one."
        assert info["lastFmUrl"] == "https://example.org/first"
        # Nothing is an answer, too.
        assert client.ask(endpoint, id=second)["albumInfo"] == {}
    assert asked(server, "Anna") == 1
    assert asked(server, "Anna: Second") == 1


def color(client: SubsonicClient, identifier: str, size: int) -> tuple[int, ...]:
    data = client.get("getCoverArt", id=identifier, size=size).content
    with Image.open(BytesIO(data)) as picture:
        pixel = picture.convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    return tuple(round(value / 64) for value in pixel)


def test_pictures_come_from_plugins_where_files_have_none(
    server: RunningServer, client: SubsonicClient, place: Loopback
) -> None:
    anna = found(client, "artist", "anna")["id"]
    first, second = (found(client, "album", name)["id"] for name in ("first", "second"))
    red, teal = (4, 0, 0), (0, 2, 2)
    for size in (40, 50, 60):
        assert color(client, anna, size) == red
        assert color(client, first, size) == teal
        assert color(client, second, size) not in (red, teal)
    assert len(place.asked("/anna.png")) == 1
    assert asked(server, "picture of Anna") == 1
    assert asked(server, "picture of Second") == 1
    assert asked(server, "picture of First") == 0


def test_what_plugins_find_alike_comes_first(server: RunningServer, client: SubsonicClient) -> None:
    anna = found(client, "artist", "anna")["id"]
    one = found(client, "song", "song 1")["id"]
    info = client.ask("getArtistInfo2", id=anna)["artistInfo2"]
    assert [artist["name"] for artist in info["similarArtist"]] == ["Berta"]
    assert asked(server, "like Anna") == 1
    for endpoint in ("getSimilarSongs", "getSimilarSongs2"):
        songs = client.ask(endpoint, id=one, count=4)[endpoint[3].lower() + endpoint[4:]]["song"]
        titles = [song["title"] for song in songs]
        assert titles[:2] == ["Song 4", "Coded"]
        assert len(set(titles)) == 4
        assert "Song 1" not in titles
    top = client.ask("getTopSongs", artist="Anna", count=2)["topSongs"]["song"]
    assert top[0]["title"] == "Song 5"
    assert len(top) == 2


def test_who_is_slow_is_waited_for_once_and_shown_later(
    server: RunningServer, music: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "plugins" / "sage"
    folder.mkdir(parents=True)
    (folder / "slow").touch()
    with (
        running_plugin_server(
            tmp_path,
            {"sage": {"base_url": "http://127.0.0.1:9"}},
            music=[music],
            environment=environment,
        ) as slow,
        slow.client() as client,
    ):
        client.await_scan(tracks=5)
        anna = found(client, "artist", "anna")["id"]

        def is_shown() -> bool:
            return "biography" in client.ask("getArtistInfo2", id=anna)["artistInfo2"]

        started = time.monotonic()
        assert not is_shown()
        # After ten seconds the host itself gives such a call up.
        assert time.monotonic() - started < 8
        (folder / "slow").unlink()
        until(is_shown, "what came late")
        assert asked(slow, "Anna") == 1
