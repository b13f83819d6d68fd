"""Plugins that hang when they are asked for pictures or words: how long an app waits for them."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.e2e.waiting import until

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.plugin_site import make_site
from hydrophone.testing.server import RunningServer

SLEEPER = """
import asyncio
from io import BytesIO
from pathlib import Path

from hydrophone.domain.lyrics import Lyrics, LyricsLine
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin, hookimpl
from hydrophone.plugin.capabilities.source import Picture
from msgspec import Struct
from PIL import Image


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    waits_for: str = ""


class Sleeper(Plugin[Config]):
    manifest = Manifest(
        name="sleeper", version="1.0", summary="Takes its time.", api=PLUGIN_API, config=Config
    )

    async def slept(self):
        while self.config.waits_for and not Path(self.config.waits_for).exists():
            await asyncio.sleep(0.02)

    async def artwork(self, request):
        await self.slept()
        data = BytesIO()
        Image.new("RGB", (50, 50), "red").save(data, "PNG")
        return Picture(content=data.getvalue())

    async def lyrics(self, request):
        await self.slept()
        return (Lyrics(is_synced=False, lines=(LyricsLine(text=f"La {request.title}"),)),)

    @hookimpl
    def artwork_providers(self):
        return (self,)

    @hookimpl
    def lyrics_providers(self):
        return (self,)
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return make_site(tmp_path_factory.mktemp("site"), {"sleeper": SLEEPER})


def found(client: SubsonicClient, kind: str, query: str) -> str:
    return str(client.ask("search3", query=query)["searchResult3"][kind][0]["id"])


def is_red(client: SubsonicClient, identifier: str) -> bool:
    data = client.get("getCoverArt", id=identifier, size=40).content
    with Image.open(BytesIO(data)) as picture:
        pixel = picture.convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    return [round(value / 64) for value in pixel] == [4, 0, 0]


def words(client: SubsonicClient, track: str) -> list[str]:
    listed = client.ask("getLyricsBySongId", id=track)["lyricsList"].get("structuredLyrics", [])
    return [line["value"] for one in listed for line in one["line"]]


def words_by_name(client: SubsonicClient, title: str) -> str:
    return str(client.ask("getLyrics", artist="Anna", title=title)["lyrics"].get("value", ""))


def timed(server: RunningServer, ask: Callable[[SubsonicClient], object]) -> tuple[object, float]:
    with server.client() as client:
        began = time.monotonic()
        return ask(client), time.monotonic() - began


def test_all_that_hang_have_one_time_and_what_comes_late_is_there_next_time(
    music: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """Which is before the host gives a call up: after 15 s for lyrics, and 20 s for pictures."""
    go = tmp_path / "go"
    late = {"plugin": "sleeper", "waits_for": str(go)}
    with (
        running_plugin_server(
            tmp_path, {"one": late, "two": late}, music=[music], environment=environment
        ) as server,
        server.client() as client,
    ):
        client.await_scan(tracks=5)
        anna, second = found(client, "artist", "anna"), found(client, "album", "second")
        song = found(client, "song", "song 1")
        asked: tuple[tuple[Callable[[SubsonicClient], object], float], ...] = (
            (lambda one: is_red(one, anna), 3),
            (lambda one: is_red(one, second), 8),
            (lambda one: bool(words(one, song)), 8),
            (lambda one: bool(words_by_name(one, "Song 2")), 8),
        )
        with ThreadPoolExecutor(len(asked)) as pool:
            answers = pool.map(lambda one: timed(server, one[0]), asked)
            for (has_any, took), (_, limit) in zip(answers, asked, strict=True):
                assert not has_any
                assert limit - 0.5 < took < limit + 6
        go.touch()
        until(lambda: words_by_name(client, "Song 2") == "La Song 2", "words by name")
        until(lambda: words(client, song) == ["La Song 1"], "words")
        until(lambda: is_red(client, second), "the album's picture")
        until(lambda: is_red(client, anna), "the artist's picture")


def test_one_that_hangs_leaves_time_to_the_others(
    music: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    plugins = {
        "hangs": {"plugin": "sleeper", "waits_for": str(tmp_path / "never")},
        "knows": {"plugin": "sleeper"},
    }
    with (
        running_plugin_server(tmp_path, plugins, music=[music], environment=environment) as server,
        server.client() as client,
    ):
        client.await_scan(tracks=5)
        anna, song = found(client, "artist", "anna"), found(client, "song", "song 1")
        # Its share is a second and a half; what a busy machine brings later is there next time.
        until(lambda: is_red(client, anna), "the artist's picture")
        began = time.monotonic()
        assert words(client, song) == ["La Song 1"]
        # The share of the one that hangs: without it nothing is left of eight seconds.
        assert time.monotonic() - began > 3.5
