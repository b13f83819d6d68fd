"""What a source has, through an app: browsed, opened, starred, listed, and still there later."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from PIL import Image

from hydrophone.domain.units import Seconds
from hydrophone.services.remote_music import album_id, track_id
from hydrophone.testing import faults
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_place import SyntheticPlace


@pytest.fixture(scope="module")
def server(place: SyntheticPlace) -> Iterator[RunningServer]:
    with place.start("data") as running:
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as opened:
        yield opened


def folders(client: SubsonicClient) -> dict[str, int]:
    listed = client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
    return {one["name"]: one["id"] for one in listed}


def entries(indexes: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["id"] for letter in indexes["index"] for one in letter["artist"]}


def test_a_source_is_a_music_folder_with_a_tree(client: SubsonicClient) -> None:
    number = folders(client)["Synthetic"]
    top = entries(client.ask("getIndexes", musicFolderId=number)["indexes"])
    assert list(top) == ["The Emitters", "Zoë Wave"]
    directory = client.ask("getMusicDirectory", id=top["Zoë Wave"])["directory"]
    assert directory["name"] == "Zoë Wave"
    assert [one["title"] for one in directory["child"]] == ["Live at the Pier"] * 2
    opened = client.ask("getMusicDirectory", id=directory["child"][0]["id"])["directory"]
    assert [one["title"] for one in opened["child"]] == [f"Live at the Pier {n}" for n in (1, 2, 3)]
    everywhere = entries(client.ask("getIndexes")["indexes"])
    again = client.ask("getMusicDirectory", id=everywhere["Synthetic"])["directory"]
    assert {one["title"] for one in again["child"]} == set(top)
    assert client.ask("getMusicDirectory", id=number)["directory"]["child"] != []


def test_versions_of_one_concert_are_albums_the_best_first(client: SubsonicClient) -> None:
    number = folders(client)["Synthetic"]
    top = entries(client.ask("getIndexes", musicFolderId=number)["indexes"])
    directory = client.ask("getMusicDirectory", id=top["Zoë Wave"])["directory"]
    artist = client.ask("getArtist", id=directory["child"][0]["artistId"])["artist"]
    assert [one["version"] for one in artist["album"]] == ["Soundboard", "Audience"]
    assert artist["albumCount"] == 2
    album = client.ask("getAlbum", id=artist["album"][1]["id"])["album"]
    assert (album["version"], album["songCount"], album["year"]) == ("Audience", 3, 2004)
    assert [one["track"] for one in album["song"]] == [1, 2, 3]


def test_a_source_tells_of_its_artists(client: SubsonicClient) -> None:
    artist = client.ask("getAlbum", id=opened_album(client, "First Signal"))["album"]["artistId"]
    for endpoint, element in (("getArtistInfo", "artistInfo"), ("getArtistInfo2", "artistInfo2")):
        assert client.ask(endpoint, id=artist)[element]["biography"] == "Made up."


def test_an_admin_is_told_of_the_terms_of_a_source(server: RunningServer) -> None:
    login = httpx.BasicAuth(server.user, server.password)
    [source] = httpx.get(f"{server.url}/api/v1/sources", auth=login).json()
    assert (source["title"], source["notice"]) == ("Synthetic", "For tests.")


def test_what_was_only_shown_is_in_no_list(client: SubsonicClient) -> None:
    client.ask("getAlbum", id=opened_album(client, "First Signal"))
    listed = client.ask("getAlbumList2", type="newest")["albumList2"]["album"]
    assert "First Signal" not in [one["name"] for one in listed]
    assert client.ask("search3", query="")["searchResult3"]["song"] == []


def opened_album(client: SubsonicClient, name: str) -> str:
    number = folders(client)["Synthetic"]
    top = entries(client.ask("getIndexes", musicFolderId=number)["indexes"])
    for place_id in top.values():
        for child in client.ask("getMusicDirectory", id=place_id)["directory"]["child"]:
            if child["title"] == name:
                return str(child["id"])
    raise AssertionError(f"There is no {name}.")


def test_ids_follow_from_the_source_alone(client: SubsonicClient) -> None:
    assert opened_album(client, "First Signal") == album_id("synthetic", "album-1")
    album = client.ask("getAlbum", id=opened_album(client, "First Signal"))["album"]
    assert album["song"][0]["id"] == track_id("synthetic", "track-1")


def test_everything_works_for_an_id_after_a_restart(place: SyntheticPlace) -> None:
    with place.start("again") as first, first.client() as client:
        emitters = client.ask("getAlbum", id=opened_album(client, "Second Signal"))["album"]
    one, two, three = (song["id"] for song in emitters["song"])
    with place.start("again") as second, second.client() as client:
        assert client.ask("getSong", id=one)["song"]["title"] == "Second Signal 1"
        client.ask("star", id=one)
        client.ask("setRating", id=two, rating=4)
        made = client.ask("createPlaylist", name="Mixed", songId=[three, one])["playlist"]
        assert [entry["id"] for entry in made["entry"]] == [three, one]
        client.ask("savePlayQueue", id=[two, three], current=two)
        assert len(client.ask("getPlayQueue")["playQueue"]["entry"]) == 2
        client.ask("createBookmark", id=one, position=500)
        client.ask("scrobble", id=two, submission="false")
        client.ask("scrobble", id=two)
        assert client.ask("getSong", id=two)["song"]["playCount"] == 1
        starred = client.ask("getStarred2")["starred2"]["song"]
        assert [song["id"] for song in starred] == [one]


def test_an_artist_can_be_starred_of_whom_nothing_is_here(place: SyntheticPlace) -> None:
    with place.start("artist") as server, server.client() as client:
        zoe = client.ask("search3", query="zoë wave")["searchResult3"]["artist"][0]["id"]
        client.ask("star", artistId=zoe)
        starred = client.ask("getStarred2")["starred2"]["artist"]
        assert [one["id"] for one in starred] == [zoe]
        again = client.ask("search3", query="zoë wave")["searchResult3"]["artist"]
        assert [(one["id"], "starred" in one) for one in again] == [(zoe, True)]
        assert len(client.ask("getArtist", id=zoe)["artist"]["album"]) == 2


def test_an_artists_albums_keep_their_order_when_one_becomes_ours(
    own_place: SyntheticPlace,
) -> None:
    """By age, and versions of one night side by side, where the best one stands."""
    service = own_place.service
    # Each is a year younger than the one before.
    service.add_album("Night, by me", artist="Zelda", edition="Audience", group="night", rank=1)
    service.add_album("Early", artist="Zelda")
    service.add_album("At the pier", artist="Zelda", edition="Soundboard", group="night")
    service.add_album("Late", artist="Zelda")
    expected = ["Early", "At the pier", "Night, by me", "Late"]

    def albums(client: SubsonicClient) -> list[dict[str, Any]]:
        zelda = client.ask("search3", query="zelda")["searchResult3"]["artist"][0]["id"]
        return list(client.ask("getArtist", id=zelda)["artist"]["album"])

    with own_place.start("order") as server, server.client() as client:
        shown = albums(client)
        assert [one["name"] for one in shown] == expected
        for which in (2, 3):
            album = client.ask("getAlbum", id=shown[which]["id"])["album"]
            client.ask("star", id=album["song"][0]["id"])
            assert [one["name"] for one in albums(client)] == expected
        assert [one["version"] for one in albums(client)[1:3]] == ["Soundboard", "Audience"]


@pytest.mark.parametrize("what", ["artist", "album"])
def test_who_is_starred_has_all_his_albums_at_once(place: SyntheticPlace, what: str) -> None:
    """One of them was shown before: the source is asked, as for an artist who is not starred."""
    with place.start(f"starred {what}") as server, server.client() as client:
        [album] = client.ask("search3", query="first signal")["searchResult3"]["album"]
        if what == "artist":
            client.ask("star", artistId=album["artistId"])
        else:
            client.ask("star", albumId=album["id"])
        albums = client.ask("getArtist", id=album["artistId"])["artist"]["album"]
        assert {one["name"] for one in albums} == {"First Signal", "Second Signal"}


def test_an_album_is_as_long_as_its_tracks_where_its_source_does_not_say(
    place: SyntheticPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    details = place.service.albums["album-1"]
    silent = replace(details, album=replace(details.album, duration=Seconds(0), track_count=0))
    monkeypatch.setitem(place.service.albums, "album-1", silent)
    with place.start("silent") as server, server.client() as client:
        client.ask("star", albumId=opened_album(client, "First Signal"))
        [album] = client.ask("getStarred2")["starred2"]["album"]
        assert album["songCount"] == len(details.tracks)
        assert album["duration"] == round(sum(track.duration for track in details.tracks))


def test_covers_are_fetched_once_and_stay(place: SyntheticPlace) -> None:
    album, song = album_id("synthetic", "album-2"), track_id("synthetic", "track-5")
    with place.start("covers") as first, first.client() as client:
        shown = client.ask("getAlbum", id=opened_album(client, "Second Signal"))["album"]
        assert shown["coverArt"] == album
        pictures = [client.get("getCoverArt", id=one) for one in (album, song)]
        assert {one.headers["content-type"] for one in pictures} == {"image/jpeg"}
        assert pictures[0].content == pictures[1].content
        small = client.get("getCoverArt", id=album, size=32)
        assert len(place.service.loopback.asked("/cover/album-2.jpg")) == 1
    with place.start("covers") as second, second.client() as client:
        client.ask("star", albumId=album)
        assert client.get("getCoverArt", id=album, size=32).content == small.content
        assert client.get("getCoverArt", id=song).content == pictures[0].content
    assert len(place.service.loopback.asked("/cover/album-2.jpg")) == 1


def test_a_page_in_place_of_a_cover_is_no_picture(
    place: SyntheticPlace, client: SubsonicClient
) -> None:
    place.service.loopback.fail(faults.web_page(), path="/cover/album-4.jpg")
    try:
        opened_album(client, "Live at the Pier")
        drawn = client.get("getCoverArt", id=album_id("synthetic", "album-4"), size=100)
        # The cover itself has 68 pixels, and would not be made larger.
        assert Image.open(BytesIO(drawn.content)).size == (100, 100)
    finally:
        place.service.loopback.recover()


@pytest.mark.parametrize(
    ("endpoint", "parameter"),
    [
        ("getSong", "song"),
        ("getLyricsBySongId", "song"),
        ("getSimilarSongs2", "artist"),
        ("getSimilarSongs", "song"),
        ("getAlbumInfo2", "album"),
        ("getAlbumInfo", "album"),
        ("getArtistInfo2", "artist"),
        ("getArtist", "artist"),
        ("getMusicDirectory", "album"),
        ("getMusicDirectory", "artist"),
    ],
)
def test_no_app_is_refused_what_it_asks_of_a_remote_thing(
    client: SubsonicClient, endpoint: str, parameter: str
) -> None:
    album = client.ask("getAlbum", id=opened_album(client, "First Signal"))["album"]
    ids = {"album": album["id"], "artist": album["artistId"], "song": album["song"][0]["id"]}
    client.ask(endpoint, id=ids[parameter])


def test_kept_things_are_there_while_the_source_is_down(place: SyntheticPlace) -> None:
    concert = album_id("synthetic", "album-3")
    with place.start("down") as first, first.client() as client:
        opened_album(client, "Live at the Pier")
        client.ask("star", albumId=concert)
        artist = client.ask("getAlbum", id=concert)["album"]["artistId"]
    place.service.loopback.fail(faults.status())
    try:
        with place.start("down") as second, second.client() as client:
            listed = client.ask("getAlbumList2", type="starred")["albumList2"]["album"]
            assert [album["version"] for album in listed] == ["Soundboard"]
            assert len(client.ask("getAlbum", id=concert)["album"]["song"]) == 3
            assert [one["id"] for one in client.ask("getArtist", id=artist)["artist"]["album"]]
            assert client.ask("search3", query="")["searchResult3"]["album"][0]["id"] == concert
            # What was answered once is shown; what was not is refused in words.
            assert client.ask("getMusicDirectory", id=folders(client)["Synthetic"])
            assert client.error("getAlbum", id=album_id("synthetic", "album-1")) == 0
    finally:
        place.service.loopback.recover()
