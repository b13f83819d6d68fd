"""py-opensonic (libopensonic) as the app: everything in a form, answers in typed classes."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import libopensonic
import pytest
from libopensonic.errors import CredentialError, DataNotFoundError

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer


@contextmanager
def connected(server: RunningServer, password: str, **options: Any) -> Iterator[Any]:
    """Log in; at the end close the event loop too, which `cleanup` leaves open."""
    address, _, port = server.url.rpartition(":")
    connection = libopensonic.Connection(
        address, server.user, password, port=int(port), app_name="py-opensonic", **options
    )
    yield connection
    connection.cleanup()
    connection._loop.close()


@pytest.fixture(params=["POST", "GET"])
def sonic(server: RunningServer, request: pytest.FixtureRequest) -> Iterator[Any]:
    with connected(server, server.password, use_get=request.param == "GET") as connection:
        yield connection


@pytest.fixture
def songs(client: SubsonicClient) -> list[str]:
    return [song["id"] for song in client.songs()]


@pytest.mark.parametrize(
    "options", [{}, {"legacy_auth": True}, {"use_get": True}, {"use_views": False}]
)
def test_login(server: RunningServer, options: dict[str, bool]) -> None:
    with connected(server, server.password, **options) as connection:
        assert connection.ping() is True
    with connected(server, "wrong", **options) as connection, pytest.raises(CredentialError):
        connection.get_license()


def test_it_learns_what_we_can(sonic: Any) -> None:
    found = {one.name: one.versions for one in sonic.get_open_subsonic_extensions()}
    assert found["formPost"] == [1]
    assert found["transcodeOffset"] == [1]
    assert sonic.get_license()["license"]["valid"] is True
    user = sonic.get_user("admin")
    assert user.video_conversion_role is True


def test_browse(sonic: Any) -> None:
    # Not get_music_folders: it reads the keys of the object for the folders, whatever the server.
    (index,) = sonic.get_indexes(music_folder_id=1).index
    directory = sonic.get_music_directory(index.artist[0].id)
    assert [child.title for child in directory.child] == ["First", "Second"]
    (letter,) = sonic.get_artists().index
    artist = sonic.get_artist(letter.artist[0].id)
    assert (artist.name, artist.album_count) == ("Anna", 2)
    album = sonic.get_album(artist.album[0].id)
    assert (album.name, album.song_count, album.duration) == ("First", 3, 9)
    song = sonic.get_song(album.song[0].id)
    assert (song.title, song.media_type, song.artists[0].name) == ("Song 1", "song", "Anna")
    assert {genre.value for genre in sonic.get_genres()} == {"Pop", "Rock"}
    assert len(sonic.get_songs_by_genre("Rock")) == 5
    assert len(sonic.get_random_songs(size=2)) == 2
    with pytest.raises(DataNotFoundError):
        sonic.get_song("tr-aaaaaaaaaaaaa")


def test_album_lists(sonic: Any) -> None:
    """It demands name, songCount, duration and created of the directories of getAlbumList."""
    for albums in (
        sonic.get_album_list("alphabeticalByName"),
        sonic.get_album_list2("alphabeticalByName"),
    ):
        assert [album.name for album in albums] == ["First", "Second"]
        assert [album.song_count for album in albums] == [3, 2]
    assert len(sonic.get_album_list2("byYear", from_year=2009, to_year=2000)) == 2


def test_search(sonic: Any) -> None:
    assert len(sonic.search2("song").song) == 5
    result = sonic.search3("anna")
    assert [artist.name for artist in result.artist] == ["Anna"]
    assert len(result.album) == 2
    assert len(sonic.search3("").song) == 5


def test_star_and_rate(sonic: Any, songs: list[str]) -> None:
    song = sonic.get_song(songs[4])
    assert sonic.star(sids=[song.id], album_ids=[song.album_id], artist_ids=[song.artist_id])
    assert sonic.set_rating(song.id, 2)
    starred = sonic.get_starred2()
    assert song.id in [one.id for one in starred.song]
    assert song.album_id in [one.id for one in starred.album]
    assert song.artist_id in [one.id for one in starred.artist]
    assert song.id in [one.id for one in sonic.get_starred().song]
    assert sonic.get_song(song.id).user_rating == 2
    assert sonic.unstar(sids=[song.id], album_ids=[song.album_id], artist_ids=[song.artist_id])
    assert sonic.set_rating(song.id, 0)
    assert sonic.get_song(song.id).starred is None


def test_playlists(sonic: Any, songs: list[str]) -> None:
    """It demands `changed`."""
    assert sonic.create_playlist(name="py-opensonic's", song_ids=songs[:3])
    made = next(one for one in sonic.get_playlists() if one.name == "py-opensonic's")
    assert (made.song_count, made.owner) == (3, "admin")
    assert made.changed
    assert sonic.update_playlist(
        made.id, comment="Ночь", song_ids_to_add=[songs[4]], song_indices_to_remove=[0, 1]
    )
    playlist = sonic.get_playlist(made.id)
    assert [entry.id for entry in playlist.entry] == [songs[2], songs[4]]
    assert playlist.comment == "Ночь"
    assert sonic.delete_playlist(made.id)
    with pytest.raises(DataNotFoundError):
        sonic.get_playlist(made.id)


def test_queue_and_scrobble(sonic: Any, songs: list[str]) -> None:
    assert sonic.save_play_queue(songs, current=songs[0], position=1000)
    queue = sonic.get_play_queue()
    assert [entry.id for entry in queue.entry] == songs
    assert (queue.current, queue.position, queue.changed_by) == (songs[0], 1000, "py-opensonic")
    assert sonic.scrobble(songs[1], submission=False)
    assert "py-opensonic" in [one.player_name for one in sonic.get_now_playing()]
    before = sonic.get_song(songs[1]).play_count
    # With a time: without one, the same app cannot have heard it again a moment later.
    assert sonic.scrobble(songs[1], listen_time=time.time_ns() // 1_000_000)
    assert sonic.get_song(songs[1]).play_count == before + 1


def read(connection: Any, response: Any) -> bytes:
    """Read the body of a response on the loop that it belongs to."""
    reading = asyncio.run_coroutine_threadsafe(response.read(), connection._loop)
    return bytes(reading.result(20))


def test_bytes(sonic: Any, songs: list[str], music: Path) -> None:
    for song in songs:
        file = (music / sonic.get_song(song).path).read_bytes()
        assert read(sonic, sonic.stream(song)) == file
        assert read(sonic, sonic.download(song)) == file
    transcoded = sonic.stream(songs[0], max_bit_rate=64, tformat="opus", time_offset=1)
    assert read(sonic, transcoded).startswith(b"OggS")
    cover = read(sonic, sonic.get_cover_art(songs[0], size=40))
    assert cover.startswith((b"\xff\xd8", b"\x89PNG"))
    with pytest.raises(DataNotFoundError):
        sonic.stream("tr-aaaaaaaaaaaaa")


def test_what_is_known_beyond_the_music(sonic: Any, songs: list[str]) -> None:
    song = sonic.get_song(songs[0])
    assert sonic.get_artist_info(song.artist_id)
    assert sonic.get_artist_info2(song.artist_id)
    assert sonic.get_album_info(song.album_id)
    assert sonic.get_album_info2(song.album_id)
    assert len(sonic.get_similar_songs(song.id)) == 4
    assert sonic.get_similar_songs2(song.artist_id)
    assert len(sonic.get_top_songs("Anna", count=2)) == 2
    assert sonic.get_lyrics("Anna", "Song 1").value == ""
    assert sonic.get_lyrics_by_song_id(song.id) == []
    assert sonic.get_scan_status().count == 5
    assert sonic.start_scan()


def test_users_shares_and_chat(server: RunningServer, sonic: Any, songs: list[str]) -> None:
    sonic.create_user("emil", "geheim", "emil@example.org", share_role=True)
    sonic.update_user("emil", max_bit_rate=128)
    assert sonic.get_user("emil").max_bit_rate == 128
    assert {"admin", "emil"} <= {user.username for user in sonic.get_users()}
    share = sonic.create_share([songs[0], songs[1]], description="For you")
    assert share.url == f"{server.url}/share/{share.id}"
    assert [one.id for one in share.entry] == songs[:2]
    # Not update_share: it takes the value of `expires` for the name of the parameter.
    assert share.id in {one.id for one in sonic.get_shares() if one.description == "For you"}
    sonic.delete_share(share.id)
    sonic.add_chat_message("Hello <all>")
    assert sonic.get_chat_messages()[0].message == "Hello <all>"
    sonic.change_password("emil", "neu")
    sonic.delete_user("emil")
