"""What comes with a track of a source: the next one of its album, and the cover."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hydrophone.services.remote_music import album_id, track_id
from hydrophone.testing import faults
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.synthetic_place import SyntheticPlace, synthetic_place

ALBUM = album_id("synthetic", "album-1")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[SyntheticPlace]:
    with synthetic_place(tmp_path) as made:
        yield made


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def show(client: SubsonicClient) -> None:
    client.ask("search3", query="First Signal")
    client.ask("getAlbum", id=ALBUM)


def test_the_next_of_an_album_comes_by_itself_and_no_more(place: SyntheticPlace) -> None:
    with place.start("data") as server, server.client() as client:
        show(client)
        client.get("stream", id=track_id("synthetic", "track-1"))
        until(lambda: place.service.downloads("track-2"))
        assert client.get("stream", id=track_id("synthetic", "track-2")).is_success
        until(lambda: place.service.downloads("track-3"))
        counts = [len(place.service.downloads(f"track-{one}")) for one in (1, 2, 3)]
        assert counts == [1, 1, 1]


def test_a_saved_play_queue_says_better_what_comes(place: SyntheticPlace) -> None:
    with place.start("data") as server, server.client() as client:
        show(client)
        songs: list[str] = [track_id("synthetic", f"track-{one}") for one in (1, 3)]
        client.ask("savePlayQueue", id=songs, current=songs[0])
        client.get("stream", id=songs[0])
        until(lambda: place.service.downloads("track-3"))
        assert place.service.downloads("track-2") == []


def test_a_cover_comes_with_what_is_kept(place: SyntheticPlace) -> None:
    with place.start("data") as server, server.client() as client:
        show(client)
        asked = len(place.service.loopback.asked("/cover/album-1.jpg"))
        client.ask("star", id=track_id("synthetic", "track-1"))
        until(lambda: len(place.service.loopback.asked("/cover/album-1.jpg")) > asked)
        time.sleep(0.5)
        place.service.loopback.fail(faults.status(), path="/")
        seen = client.get("getCoverArt", id=ALBUM)
        assert seen.headers["content-type"] == "image/jpeg"


def test_a_star_keeps_the_whole_album_of_which_a_track_was_played(place: SyntheticPlace) -> None:
    with place.start("data") as server, server.client() as client:
        show(client)
        client.get("stream", id=track_id("synthetic", "track-1"))
        client.ask("star", albumId=ALBUM)
        until(lambda: place.service.downloads("track-3"))
