"""An album whose files are saved one after the other, as taggers do, with the server watching."""

import time
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.ids_for_life.house import NUMBERS, House
from tests.e2e.waiting import until

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.client import SubsonicClient

RELEASE = "0bd97fd6-2a5c-4b7f-9b9a-3c8f9e1d2a3b"


def _tags(artist: str, number: int) -> dict[str, str]:
    common = {"artist": artist, "albumartist": artist, "album": "Album"}
    return common | {"title": f"Song {number}", "tracknumber": str(number)}


def _songs(client: SubsonicClient, artist: str) -> list[dict[str, Any]]:
    return [song for song in client.songs() if song["artist"] == artist]


@pytest.mark.parametrize(
    "changes",
    [{"album": "Renamed"}, {"musicbrainz_albumid": RELEASE}],
    ids=["title", "release"],
)
def test_saved_one_after_the_other(
    client: SubsonicClient, root: Path, changes: dict[str, str]
) -> None:
    artist = f"Artist{next(NUMBERS)}"
    files = [
        make_audio(
            root / artist / f"{number}.flac",
            frequency=300 + next(NUMBERS) * 7,
            tags=_tags(artist, number),
        )
        for number in range(1, 5)
    ]
    until(lambda: len(_songs(client, artist)) == 4, "the album")
    before = {song["title"]: song["id"] for song in _songs(client, artist)}
    [album] = {song["albumId"] for song in _songs(client, artist)}
    client.ask("star", albumId=album)
    client.ask("setRating", id=album, rating=5)
    seen = set()
    for number, file in enumerate(files, 1):
        write_tags(file, _tags(artist, number) | changes)
        time.sleep(0.7)
        seen |= {song["albumId"] for song in _songs(client, artist)}
    title = changes.get("album", "Album")

    def shown() -> bool:
        answer = client.ask("getAlbum", id=album)["album"]
        return len(answer.get("song", [])) == 4 and answer["name"] == title

    until(shown, "all four on one album")
    found = client.ask("getAlbum", id=album)["album"]
    assert ("starred" in found, found["userRating"]) == (True, 5)
    assert {song["title"]: song["id"] for song in found["song"]} == before
    # Ids that an app has seen on the way are other names of the album.
    until(
        lambda: {client.ask("getAlbum", id=one)["album"]["id"] for one in seen} == {album},
        "the album by the ids of the meantime",
    )


def test_ids_of_the_meantime_go_on_working(root: Path, client: SubsonicClient) -> None:
    house = House(client, root, "Tagger")
    ask = client.ask
    write_tags(house.songs[0], _tags(house.artist, 1) | {"album": "Renamed"})
    house.scan(lambda: {song["album"] for song in house.found()} == {"Album", "Renamed"})
    [album] = {song["albumId"] for song in house.found() if song["album"] == "Album"}
    [interim] = {song["albumId"] for song in house.found() if song["album"] == "Renamed"}
    share = ask("createShare", id=interim)["shares"]["share"][0]["id"]
    ask("setRating", id=interim, rating=4)

    write_tags(house.songs[1], _tags(house.artist, 2) | {"album": "Renamed"})
    house.scan(lambda: {song["album"] for song in house.found()} == {"Renamed"})
    assert house.state() == house.before

    def by_interim(endpoint: str, kind: str, **more: str) -> dict[str, Any]:
        found: dict[str, Any] = ask(endpoint, id=interim, **more)[kind]
        assert found.get("id", album) == album
        return found

    assert by_interim("getAlbum", "album")["userRating"] == 4
    assert len(by_interim("getMusicDirectory", "directory")["child"]) == 2
    by_interim("getAlbumInfo2", "albumInfo")
    by_interim("getSimilarSongs", "similarSongs")
    for endpoint in ("getCoverArt", "download"):
        assert client.get(endpoint, id=interim).status_code == 200
    ask("unstar", albumId=interim)
    assert "starred" not in ask("getAlbum", id=album)["album"]
    ask("star", albumId=interim)
    ask("setRating", id=interim, rating=3)
    assert ask("getAlbum", id=album)["album"]["userRating"] == 3
    assert album in {one["id"] for one in ask("getStarred2")["starred2"]["album"]}
    made = ask("createShare", id=interim)["shares"]["share"][0]["id"]
    shares = {one["id"]: one["entry"] for one in ask("getShares")["shares"]["share"]}
    for entries in (shares[share], shares[made]):
        assert {entry["albumId"] for entry in entries} == {album}
        assert len(entries) == 2


def test_id_of_an_album_that_joined_another(root: Path, client: SubsonicClient) -> None:
    house = House(client, root, "Joiner")
    other = house.song(3, album="Second")
    house.scan(lambda: len(house.found()) == 3)
    [joined] = {song["albumId"] for song in house.found() if song["album"] == "Second"}
    [album] = {song["albumId"] for song in house.found() if song["album"] == "Album"}
    client.ask("setRating", id=joined, rating=3)
    write_tags(other, _tags(house.artist, 3))
    house.scan(lambda: {song["album"] for song in house.found()} == {"Album"})
    found = client.ask("getAlbum", id=joined)["album"]
    assert (found["id"], found["songCount"], found["userRating"]) == (album, 3, 3)
    write_tags(other, _tags(house.artist, 3) | {"album": "Second"})
    house.scan(lambda: {song["album"] for song in house.found()} == {"Album", "Second"})
    found = client.ask("getAlbum", id=joined)["album"]
    assert (found["id"], found["name"], found["songCount"]) == (joined, "Second", 1)
    assert found["userRating"] == 3
