"""py-sonic (libsonic) as the app: JSON, forms, `.view`."""

from pathlib import Path
from typing import Any

import libsonic
import pytest
from libsonic.errors import CredentialError, DataNotFoundError

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer


def connect(server: RunningServer, password: str, *, legacy: bool = False) -> Any:
    address, _, port = server.url.rpartition(":")
    return libsonic.Connection(
        address, server.user, password, port=int(port), legacyAuth=legacy, appName="py-sonic"
    )


@pytest.fixture
def sonic(server: RunningServer) -> Any:
    return connect(server, server.password)


@pytest.fixture
def songs(client: SubsonicClient) -> list[str]:
    return [song["id"] for song in client.songs()]


def test_login_by_token_and_by_password(server: RunningServer) -> None:
    assert connect(server, server.password).ping() is True
    assert connect(server, server.password, legacy=True).ping() is True
    for legacy in (False, True):
        with pytest.raises(CredentialError):
            connect(server, "wrong", legacy=legacy).ping()


def test_browse(sonic: Any) -> None:
    assert sonic.getLicense()["license"]["valid"] is True
    (folder,) = sonic.getMusicFolders()["musicFolders"]["musicFolder"]
    (index,) = sonic.getIndexes(musicFolderId=folder["id"])["indexes"]["index"]
    directory = sonic.getMusicDirectory(index["artist"][0]["id"])["directory"]
    assert [child["title"] for child in directory["child"]] == ["First", "Second"]
    (letter,) = sonic.getArtists()["artists"]["index"]
    artist = sonic.getArtist(letter["artist"][0]["id"])["artist"]
    album = sonic.getAlbum(artist["album"][0]["id"])["album"]
    song = sonic.getSong(album["song"][0]["id"])["song"]
    assert (artist["name"], album["name"], song["title"]) == ("Anna", "First", "Song 1")
    assert {genre["value"] for genre in sonic.getGenres()["genres"]["genre"]} == {"Pop", "Rock"}
    assert len(sonic.getSongsByGenre("Pop")["songsByGenre"]["song"]) == 5
    assert len(sonic.getRandomSongs(size=3)["randomSongs"]["song"]) == 3
    with pytest.raises(DataNotFoundError):
        sonic.getAlbum("al-aaaaaaaaaaaaa")


@pytest.mark.parametrize("kind", ["random", "newest", "alphabeticalByName"])
def test_album_lists(sonic: Any, kind: str) -> None:
    assert len(sonic.getAlbumList(kind)["albumList"]["album"]) == 2
    assert len(sonic.getAlbumList2(kind)["albumList2"]["album"]) == 2


def test_album_lists_of_a_kind(sonic: Any) -> None:
    years = sonic.getAlbumList2("byYear", fromYear=2009, toYear=2000)["albumList2"]["album"]
    assert [album["name"] for album in years] == ["Second", "First"]
    assert len(sonic.getAlbumList2("byGenre", genre="Rock")["albumList2"]["album"]) == 2


def test_search(sonic: Any) -> None:
    assert len(sonic.search2("song")["searchResult2"]["song"]) == 5
    result = sonic.search3("first", artistCount=0)["searchResult3"]
    assert [album["name"] for album in result["album"]] == ["First"]
    assert len(sonic.search3("")["searchResult3"]["song"]) == 5


def test_star_and_rate(sonic: Any, songs: list[str]) -> None:
    album = sonic.getSong(songs[0])["song"]["albumId"]
    assert sonic.star(sids=songs[:2], albumIds=[album])
    assert sonic.setRating(songs[0], 5)
    starred = sonic.getStarred2()["starred2"]
    assert {song["id"] for song in starred["song"]} >= set(songs[:2])
    assert album in [one["id"] for one in starred["album"]]
    assert sonic.getStarred()["starred"]["song"]
    assert sonic.getSong(songs[0])["song"]["userRating"] == 5
    assert sonic.unstar(sids=songs[:2], albumIds=[album])
    assert sonic.setRating(songs[0], 0)
    assert "userRating" not in sonic.getSong(songs[0])["song"]


def test_playlists(sonic: Any, songs: list[str]) -> None:
    made = sonic.createPlaylist(name="py-sonic's", songIds=songs[:2])["playlist"]["id"]
    assert made in [one["id"] for one in sonic.getPlaylists()["playlists"]["playlist"]]
    sonic.updatePlaylist(made, comment="ö", songIdsToAdd=songs[2:4], songIndexesToRemove=[0])
    sonic.createPlaylist(playlistId=made, songIds=songs[1:4])
    playlist = sonic.getPlaylist(made)["playlist"]
    assert [entry["id"] for entry in playlist["entry"]] == songs[1:4]
    assert playlist["comment"] == "ö"
    assert sonic.deletePlaylist(made)
    with pytest.raises(DataNotFoundError):
        sonic.getPlaylist(made)


def test_queue_and_scrobble(sonic: Any, songs: list[str]) -> None:
    assert sonic.savePlayQueue(songs, current=songs[1], position=42)
    queue = sonic.getPlayQueue()["playQueue"]
    assert [entry["id"] for entry in queue["entry"]] == songs
    assert (queue["current"], queue["position"], queue["changedBy"]) == (songs[1], 42, "py-sonic")
    assert sonic.scrobble(songs[2], submission=False)
    playing = sonic.getNowPlaying()["nowPlaying"]["entry"]
    assert (songs[2], "py-sonic") in [(one["id"], one["playerName"]) for one in playing]
    before = sonic.getSong(songs[3])["song"]["playCount"]
    assert sonic.scrobble(songs[3])
    assert sonic.getSong(songs[3])["song"]["playCount"] == before + 1


def test_bytes(sonic: Any, songs: list[str], music: Path) -> None:
    for song in songs:
        file = music / sonic.getSong(song)["song"]["path"]
        assert sonic.stream(song).read() == file.read_bytes()
        assert sonic.download(song).read() == file.read_bytes()
    assert sonic.stream(songs[0], maxBitRate=64, tformat="mp3").read()
    assert sonic.getCoverArt(songs[0], size=40).read().startswith((b"\xff\xd8", b"\x89PNG"))
    with pytest.raises(DataNotFoundError):
        sonic.stream("tr-aaaaaaaaaaaaa")


def test_what_is_known_beyond_the_music(sonic: Any, songs: list[str]) -> None:
    song = sonic.getSong(songs[0])["song"]
    assert sonic.getArtistInfo2(song["artistId"])["artistInfo2"] is not None
    assert sonic.getAlbumInfo2(song["albumId"])["albumInfo"] is not None
    assert sonic.getSimilarSongs2(song["artistId"])["similarSongs2"]["song"]
    assert sonic.getTopSongs("Anna")["topSongs"]["song"]
    assert "value" in sonic.getLyrics("Anna", "Song 1")["lyrics"]
    assert sonic.getUser("admin")["user"]["adminRole"] is True
    assert sonic.startScan()["scanStatus"]
    assert "scanning" in sonic.getScanStatus()["scanStatus"]
