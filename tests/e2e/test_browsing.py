"""A library that grows, changes and shrinks, as apps see it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import running_server


@pytest.fixture
def own_music(music: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(music, tmp_path / "music"))


@pytest.fixture
def own(own_music: Path, tmp_path: Path) -> Iterator[SubsonicClient]:
    """Log in at a server over a library that the test may change."""
    with (
        running_server(tmp_path / "data", music=[own_music]) as server,
        server.client() as client,
    ):
        client.await_scan(tracks=5)
        yield client


def titles(client: SubsonicClient, query: str) -> set[str]:
    found = client.ask("search3", query=query, songCount=500)["searchResult3"]
    return {song["title"] for song in found["song"]}


def test_from_the_top_to_every_song(client: SubsonicClient) -> None:
    """By artists and albums, and by folders: both ways lead to the same songs."""
    by_tags = [
        song["id"]
        for index in client.ask("getArtists")["artists"]["index"]
        for artist in index["artist"]
        for album in client.ask("getArtist", id=artist["id"])["artist"]["album"]
        for song in client.ask("getAlbum", id=album["id"])["album"]["song"]
    ]
    pending = [
        folder["id"]
        for index in client.ask("getIndexes")["indexes"]["index"]
        for folder in index["artist"]
    ]
    by_folders: list[str] = []
    while pending:
        for child in client.ask("getMusicDirectory", id=pending.pop())["directory"]["child"]:
            (pending if child["isDir"] else by_folders).append(child["id"])
    assert sorted(by_tags) == sorted(by_folders) == sorted(song["id"] for song in client.songs())
    assert len(by_tags) == 5


def test_albums_are_in_the_order_of_their_discs(client: SubsonicClient) -> None:
    albums = client.ask("getAlbumList2", type="alphabeticalByName")["albumList2"]["album"]
    assert [album["name"] for album in albums] == ["First", "Second"]
    songs = client.ask("getAlbum", id=albums[0]["id"])["album"]["song"]
    assert [song["track"] for song in songs] == [1, 2, 3]


def test_words_that_begin_something_are_found(client: SubsonicClient) -> None:
    """Also when nothing bears just this name."""
    assert titles(client, "son") == {f"Song {number}" for number in range(1, 6)}
    assert titles(client, "song 3") == {"Song 3"}
    assert titles(client, "ann sec") == {"Song 4", "Song 5"}


def test_a_song_keeps_its_id_wherever_it_goes(own: SubsonicClient, own_music: Path) -> None:
    """With the id go star, rating and place in a playlist."""
    song = next(one for one in own.songs() if one["title"] == "Song 2")
    own.ask("star", id=song["id"])
    own.ask("setRating", id=song["id"], rating=3)
    playlist = own.ask("createPlaylist", name="Kept", songId=song["id"])["playlist"]["id"]
    moved = own_music / "Elsewhere" / "renamed.flac"
    moved.parent.mkdir()
    (own_music / "Anna" / "First" / "02 Song.flac").rename(moved)
    own.ask("startScan")
    own.await_scan(tracks=5)
    found = own.ask("getSong", id=song["id"])["song"]
    assert found["path"] == "Elsewhere/renamed.flac"
    assert (bool(found["starred"]), found["userRating"]) == (True, 3)
    assert own.ask("getPlaylist", id=playlist)["playlist"]["entry"][0]["id"] == song["id"]
    assert own.get("stream", id=song["id"]).content == moved.read_bytes()


def test_what_comes_is_found_and_what_goes_is_not(own: SubsonicClient, own_music: Path) -> None:
    before = own.ask("getIndexes")["indexes"]["lastModified"]
    make_audio(own_music / "New" / "Neu.ogg", frequency=900, tags={"title": "Newcomer"})
    (own_music / "Anna" / "Second" / "05 Song.m4a").unlink()
    own.ask("startScan")
    own.await_scan(tracks=5)
    assert titles(own, "newcomer") == {"Newcomer"}
    assert titles(own, "song 5") == set()
    assert titles(own, "song 4") == {"Song 4"}
    after = own.ask("getIndexes", ifModifiedSince=before)["indexes"]
    assert after["lastModified"] > before
    assert [index["name"] for index in after["index"]] == ["A", "N"]


def test_a_scan_that_found_nothing_new_changes_nothing(own: SubsonicClient) -> None:
    before = [own.ask("getArtists"), own.ask("getAlbumList2", type="newest"), own.songs()]
    own.ask("startScan")
    own.await_scan(tracks=5)
    after = [own.ask("getArtists"), own.ask("getAlbumList2", type="newest"), own.songs()]
    assert after == before
