"""The real server with this plugin alone: what a Subsonic app gets of the Archive."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from archive_emulator import Emulator
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.installed import environment, install
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.server import RunningServer


@pytest.fixture(scope="module")
def tables(running_archive: Emulator) -> Mapping[str, Mapping[str, object]]:
    """What stands in the configuration."""
    return {"internet_archive": {"base_url": running_archive.url}}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a server that finds the plugin, installed or not."""
    site = tmp_path_factory.mktemp("site")
    install(site, "internet_archive", "hydrophone_internet_archive:InternetArchive")
    return environment(site)


@pytest.fixture(scope="module")
def server(
    tables: Mapping[str, Mapping[str, object]],
    installed: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("data")
    with running_plugin_server(data, tables, environment=installed) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as logged_in:
        yield logged_in


def albums(client: SubsonicClient, words: str) -> list[dict[str, Any]]:
    found = client.ask("search3", query=words, songCount=50)["searchResult3"]
    albums: list[dict[str, Any]] = found.get("album", [])
    return albums


def test_search_shows_the_best_recording_of_a_night_first(client: SubsonicClient) -> None:
    found = albums(client, "barton hall")
    assert [one["version"].partition(",")[0] for one in found] == [
        "Soundboard",
        "Matrix",
        "FM",
        "Audience",
        "Soundboard",
    ]
    album = client.ask("getAlbum", id=found[0]["id"])["album"]
    assert [song["title"] for song in album["song"]][-1] == "Morning Dew"
    assert [song["suffix"] for song in album["song"]] == ["mp3"] * 9


def test_apps_are_told_of_place_source_taper_and_lineage(client: SubsonicClient) -> None:
    told = {
        line.partition(": ")[0]
        for one in albums(client, "barton hall")
        for line in client.ask("getAlbumInfo2", id=one["id"])["albumInfo"]["notes"].splitlines()
    }
    assert {"Place", "Date", "Source", "Lineage", "Taper", "Transferred by", "Rating"} <= told


def test_apps_come_down_to_a_night_by_folders(client: SubsonicClient) -> None:
    [folder] = client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
    assert folder["name"] == "Internet Archive"
    indexes = client.ask("getIndexes", musicFolderId=folder["id"])["indexes"]["index"]
    places = {one["name"]: one["id"] for index in indexes for one in index["artist"]}
    children: list[dict[str, Any]] = []
    for step in (
        "Artists",
        "Grateful Dead",
        "1977",
        "1977-05-08 Barton Hall, Cornell University, Ithaca, NY",
    ):
        children = client.ask("getMusicDirectory", id=places[step])["directory"]["child"]
        places = {one["title"]: one["id"] for one in children}
    assert len(children) == 5
    tracks = client.ask("getMusicDirectory", id=children[1]["id"])["directory"]["child"]
    assert [one["title"] for one in tracks][:2] == ["New Minglewood Blues", "Loser"]
    assert tracks[0]["suffix"] == "flac"


def test_what_was_taken_down_says_so_where_it_is_opened(client: SubsonicClient) -> None:
    [found] = albums(client, "quiet ones 2005-01-05")
    for endpoint in ("getAlbum", "getMusicDirectory"):
        answer = client.get(endpoint, id=found["id"]).json()["subsonic-response"]
        assert answer["error"]["message"] == "The Internet Archive has taken this recording down."


def test_covers_come_from_the_archive(client: SubsonicClient) -> None:
    [found, *_] = albums(client, "barton hall")
    cover = client.get("getCoverArt", id=found["id"])
    assert cover.headers["content-type"] == "image/jpeg"


def test_ids_outlive_the_server_and_its_database(
    client: SubsonicClient,
    tables: Mapping[str, Mapping[str, object]],
    installed: Mapping[str, str],
    tmp_path: Path,
) -> None:
    before = [one["id"] for one in albums(client, "barton hall")]
    with (
        running_plugin_server(tmp_path, tables, environment=installed) as again,
        again.client() as other,
    ):
        assert [one["id"] for one in albums(other, "barton hall")] == before
