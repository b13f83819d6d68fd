"""One search over the libraries and sources: at once, the same on every page, never in the way."""

import json
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any
from zipfile import ZipFile

import pytest
from tests.e2e.commands import run
from tests.e2e.waiting import until

from hydrophone.services.remote_music import track_id
from hydrophone.testing import faults
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_place import SyntheticPlace


@pytest.fixture(autouse=True)
def recovered(place: SyntheticPlace) -> Iterator[None]:
    yield
    place.service.loopback.recover()
    place.service.extra_hits = 0


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One song that the source has as well, and twelve that it has not."""
    folder = tmp_path_factory.mktemp("music")
    for number in range(12):
        path = folder / f"home {number}.mp3"
        make_audio(
            path, seconds=1, frequency=1000 + number, tags={"title": f"Signal Home {number:02}"}
        )
    same = {"title": "First Signal 1", "artist": "The Emitters", "album": "First Signal"}
    make_audio(folder / "same.mp3", seconds=1, frequency=900, tags=same)
    return folder


@pytest.fixture(scope="module")
def server(place: SyntheticPlace, music: Path) -> Iterator[RunningServer]:
    with place.start("data", music=[music]) as running:
        with running.client() as client:
            client.await_scan(tracks=13)
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as opened:
        yield opened


def search(client: SubsonicClient, query: str, **parameters: Any) -> dict[str, Any]:
    result: dict[str, Any] = client.ask("search3", query=query, **parameters)["searchResult3"]
    return result


def titles(client: SubsonicClient, query: str, **parameters: Any) -> list[str]:
    return [song["title"] for song in search(client, query, **parameters)["song"]]


def eventually_everything(client: SubsonicClient) -> list[str]:
    """Return all titles once there are any: the server notices its own changes in a moment."""
    until(lambda: titles(client, ""), "any title")
    return titles(client, "")


def test_hits_of_sources_stand_among_those_of_the_libraries(client: SubsonicClient) -> None:
    found = titles(client, "signal", songCount=20)
    assert found[:10] == [f"Signal Home {n:02}" for n in range(10)]
    assert found[10:14] == ["Signal Home 10", "First Signal 2", "Signal Home 11", "First Signal 3"]
    assert len(found) == 12 + 1 + 5


def test_one_recording_is_shown_once_and_the_own_file_wins(client: SubsonicClient) -> None:
    hits = search(client, "first signal 1")["song"]
    assert [song["title"] for song in hits] == ["First Signal 1"]
    assert hits[0]["id"] != track_id("synthetic", "track-1")


def test_one_artist_has_albums_here_and_there(client: SubsonicClient) -> None:
    (emitters,) = search(client, "emitters")["artist"]

    def artist() -> dict[str, Any]:
        found: dict[str, Any] = client.ask("getArtist", id=emitters["id"])["artist"]
        return found

    # The source is asked, and not waited for.
    until(lambda: len(artist()["album"]) == 3, "all albums")
    # Who takes all of an artist along means what is here.
    archive = client.get("download", id=emitters["id"])
    assert archive.headers["content-type"] == "application/zip"
    assert len(ZipFile(BytesIO(archive.content)).namelist()) == 1
    names = [album["name"] for album in artist()["album"]]
    assert names[0] == "First Signal"
    assert sorted(names) == ["First Signal", "First Signal", "Second Signal"]
    assert artist()["albumCount"] == 3


def test_page_two_never_repeats_page_one(place: SyntheticPlace, client: SubsonicClient) -> None:
    whole = titles(client, "signal", songCount=100)
    pages: list[str] = []
    for offset in range(0, 100, 7):
        pages += titles(client, "signal", songCount=7, songOffset=offset)
        # What the source finds from now on is not of this search.
        place.service.extra_hits = 5
    assert pages == whole
    assert len(set(pages)) == len(pages)


def test_who_does_not_see_a_source_finds_and_opens_nothing_of_it(
    server: RunningServer, client: SubsonicClient
) -> None:
    hits = search(client, "second signal")
    own = next(
        one["id"]
        for one in client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
        if one["name"] != "Synthetic"
    )
    login = {"username": "eve", "password": "eve-pass-eve"}
    client.ask("createUser", **login, email="eve@localhost", musicFolderId=own)
    with SubsonicClient(server.url, "eve", "eve-pass-eve") as eve:
        eve.login = {"u": "eve", "p": "eve-pass-eve", "v": "1.16.1", "c": "test"}
        assert search(eve, "second signal") == {"artist": [], "album": [], "song": []}
        assert len(titles(eve, "signal", songCount=50)) == 13
        song, album = hits["song"][0]["id"], hits["album"][0]["id"]
        artist = search(client, "zoë")["artist"][0]["id"]
        for endpoint, identifier in (
            ("getSong", song),
            ("getAlbum", album),
            ("getArtist", artist),
            ("getCoverArt", album),
            ("getMusicDirectory", album),
            ("star", song),
            ("setRating", album),
            ("scrobble", song),
        ):
            assert eve.error(endpoint, id=identifier, rating=1) == 70, endpoint
        folders = eve.ask("getMusicFolders")["musicFolders"]["musicFolder"]
        assert [one["id"] for one in folders] == [own]


@pytest.mark.parametrize("query", ["", '""', "  ", "*"])
def test_an_empty_query_goes_to_no_source(
    place: SyntheticPlace, client: SubsonicClient, query: str
) -> None:
    before = len(place.service.loopback.requests)
    search(client, query)
    assert len(place.service.loopback.requests) == before


def test_an_answer_is_asked_for_once(place: SyntheticPlace, client: SubsonicClient) -> None:
    for query in ("Pier", "PIER", "pier "):
        search(client, query, songCount=3, artistCount=0)
    asked = [one for one in place.service.loopback.asked("/search") if "ier" in one.target.lower()]
    assert len(asked) == 1


def test_versions_of_one_work_stand_side_by_side_best_first(client: SubsonicClient) -> None:
    albums = search(client, "live at the pier")["album"]
    assert [album["version"] for album in albums] == ["Soundboard", "Audience"]


def test_a_slow_source_takes_no_longer_than_the_deadline(place: SyntheticPlace) -> None:
    """And what it finds after that is there the next time."""
    answer, before = Event(), len(place.service.loopback.asked("/search"))
    place.service.loopback.fail(faults.held(answer), path="/search", times=1)
    deadline = "[search]\ndeadline = 0.5\n"
    with place.start("slow", settings=deadline) as server, server.client() as client:
        began = time.monotonic()
        assert titles(client, "second") == []
        assert time.monotonic() - began > 0.4
        answer.set()
        until(lambda: titles(client, "second"), "what came late")
        assert len(place.service.loopback.asked("/search")) <= before + 2
        assert titles(client, "second") == [f"Second Signal {n}" for n in (1, 2, 3)]


def test_a_source_that_fails_costs_its_own_answers_only(
    place: SyntheticPlace, client: SubsonicClient, server: RunningServer
) -> None:
    place.service.loopback.fail(faults.web_page(), path="/search")
    assert titles(client, "home 03") == ["Signal Home 03"]
    assert "synthetic.source" in server.log.read_text()


def test_a_million_hits_are_refused_and_the_rest_is_bounded(
    place: SyntheticPlace, client: SubsonicClient
) -> None:
    place.service.extra_hits = 400
    assert len(titles(client, "wave live", songCount=500)) == 100
    place.service.extra_hits = 6000
    assert titles(client, "home 07") == ["Signal Home 07"]


def test_two_sources_share_artists_and_come_in_order(place: SyntheticPlace) -> None:
    settings = '[providers]\nsource = ["second", "first"]\n'
    two = place.start("two", sources=["first", "second"], settings=settings)
    with two as server, server.client() as client:
        hits = search(client, "emitters", songCount=4)
        assert [one["name"] for one in hits["artist"]] == ["The Emitters"]
        expected = [
            track_id(source, f"track-{n}") for n in (1, 2) for source in ("second", "first")
        ]
        assert [song["id"] for song in hits["song"]] == expected
        names = [
            one["name"] for one in client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
        ]
        assert sorted(names) == ["Synthetic", "Synthetic (first)"]


def test_a_hit_can_be_starred_after_a_restart_and_has_the_same_id_in_a_new_database(
    place: SyntheticPlace,
) -> None:
    with place.start("restart") as first, first.client() as client:
        hit = search(client, "second signal 2")["song"][0]["id"]
    with place.start("restart") as second, second.client() as client:
        client.ask("star", id=hit)
        assert client.ask("getStarred2")["starred2"]["song"][0]["title"] == "Second Signal 2"
        assert [song["id"] for song in search(client, "second signal 2")["song"]] == [hit]
        assert "Second Signal 2" in eventually_everything(client)
    with place.start("rebuilt") as third, third.client() as client:
        assert search(client, "second signal 2")["song"][0]["id"] == hit


def command(data: Path, *words: str) -> str:
    """Run `hydrophone sources`; return what it wrote."""
    done = run("sources", *words, "--data", data, code=0)
    return done.stdout + done.stderr


def test_answers_are_listed_and_cleared(place: SyntheticPlace) -> None:
    with place.start("answers") as server, server.client() as client:
        for _ in range(3):
            search(client, "emitters")
        (kept,) = json.loads(command(server.data, "--json"))
        assert (kept["source"], kept["count"], kept["hits"]) == ("synthetic", 1, 2)
        assert "synthetic" in command(server.data)
        assert "Forgot 1 answers." in command(server.data, "clear", "synthetic")
        before = len(place.service.loopback.asked("/search"))
        search(client, "emitters")
        assert len(place.service.loopback.asked("/search")) == before + 1


def test_pages_fit_together_to_their_end(place: SyntheticPlace, tmp_path: Path) -> None:
    """More hits of the library than of the source, and later pages than there are hits."""
    for number in range(25):
        tags = {"title": f"Signal {number}", "artist": "Own", "album": "Own"}
        make_audio(tmp_path / f"{number}.mp3", frequency=500 + 10 * number, tags=tags)
    with place.start("paged", music=[tmp_path]) as server, server.client() as client:
        client.await_scan(tracks=25)

        def page(offset: int, size: int) -> list[str]:
            found = client.ask(
                "search3", query="signal", artistCount=0, songOffset=offset, songCount=size
            )
            return [one["id"] for one in found["searchResult3"]["song"]]

        whole = page(0, 100)
        assert len(whole) == len(set(whole)) == 31
        assert [one for offset in range(0, 42, 7) for one in page(offset, 7)] == whole
        assert [one for offset in range(31) for one in page(offset, 1)] == whole
        assert page(31, 10) == page(500, 10) == []
        few = client.ask("search3", query="first signal", songOffset=4, songCount=5)
        assert few["searchResult3"]["song"] == []
