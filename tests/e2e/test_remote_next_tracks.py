"""What comes with a track of a source: the next one of its album, and the cover."""

import time

from tests.e2e.waiting import until

from hydrophone.services.remote_music import album_id, track_id
from hydrophone.testing import faults
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.synthetic_place import SyntheticPlace

ALBUM = album_id("synthetic", "album-1")


def show(client: SubsonicClient) -> None:
    client.ask("search3", query="First Signal")
    client.ask("getAlbum", id=ALBUM)


def test_the_next_of_an_album_comes_by_itself_and_no_more(own_place: SyntheticPlace) -> None:
    with own_place.start("data") as server, server.client() as client:
        show(client)
        client.get("stream", id=track_id("synthetic", "track-1"))
        until(lambda: own_place.service.downloads("track-2"))
        assert client.get("stream", id=track_id("synthetic", "track-2")).is_success
        until(lambda: own_place.service.downloads("track-3"))
        counts = [len(own_place.service.downloads(f"track-{one}")) for one in (1, 2, 3)]
        assert counts == [1, 1, 1]


def test_a_saved_play_queue_says_better_what_comes(own_place: SyntheticPlace) -> None:
    with own_place.start("data") as server, server.client() as client:
        show(client)
        songs: list[str] = [track_id("synthetic", f"track-{one}") for one in (1, 3)]
        client.ask("savePlayQueue", id=songs, current=songs[0])
        client.get("stream", id=songs[0])
        until(lambda: own_place.service.downloads("track-3"))
        assert own_place.service.downloads("track-2") == []


def test_in_a_playlist_the_next_of_it_comes(own_place: SyntheticPlace) -> None:
    with own_place.start("data") as server, server.client() as client:
        client.ask("search3", query="signal")
        songs: list[str] = [track_id("synthetic", f"track-{one}") for one in (3, 1, 5)]
        client.ask("createPlaylist", name="Mine", songId=songs)
        for song in songs[:2]:
            client.get("stream", id=song)
            time.sleep(0.3)
        until(lambda: own_place.service.downloads("track-5"))
        assert own_place.service.downloads("track-2") == []


def test_a_cover_comes_with_what_is_kept(own_place: SyntheticPlace) -> None:
    with own_place.start("data") as server, server.client() as client:
        show(client)
        asked = len(own_place.service.loopback.asked("/cover/album-1.jpg"))
        client.ask("star", id=track_id("synthetic", "track-1"))
        until(lambda: len(own_place.service.loopback.asked("/cover/album-1.jpg")) > asked)
        own_place.service.loopback.fail(faults.status(), path="/")

        def is_here() -> bool:
            return client.get("getCoverArt", id=ALBUM).headers["content-type"] == "image/jpeg"

        until(is_here)


def test_a_star_keeps_the_whole_album_of_which_a_track_was_played(
    own_place: SyntheticPlace,
) -> None:
    with own_place.start("data") as server, server.client() as client:
        show(client)
        client.get("stream", id=track_id("synthetic", "track-1"))
        client.ask("star", albumId=ALBUM)
        until(lambda: own_place.service.downloads("track-3"))
