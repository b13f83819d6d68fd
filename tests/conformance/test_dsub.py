"""What DSub asks for, in its own words; `test_dsub_parsers` says how it reads."""

from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree

from hydrophone.testing.client import SubsonicClient


def years(answer: dict[str, Any]) -> list[int]:
    return [album["year"] for album in answer["albumList2"]["album"]]


def entries(client: SubsonicClient, playlist: str) -> list[str]:
    found = client.ask("getPlaylist", id=playlist)["playlist"]
    assert found["songCount"] == len(found["entry"])
    return [entry["id"] for entry in found["entry"]]


@pytest.fixture
def playlist(client: SubsonicClient, ids: dict[str, str]) -> Iterator[str]:
    made = client.ask("createPlaylist", name="Edited", songId=[ids["song"], ids["plain"]])
    yield made["playlist"]["id"]
    client.ask("deletePlaylist", id=made["playlist"]["id"])


def test_dsub_asks_for_years_backwards(client: SubsonicClient, ids: dict[str, str]) -> None:
    down = client.ask("getAlbumList2", type="byYear", fromYear=2009, toYear=1990)
    up = client.ask("getAlbumList2", type="byYear", fromYear=1990, toYear=2009)
    assert years(down) == [2004, 1999]
    assert years(up) == [1999, 2004]
    assert years(client.ask("getAlbumList2", type="byYear", fromYear=2004, toYear=2004)) == [2004]
    assert ids


def test_dsub_overwrites_a_playlist_in_one_edit(
    client: SubsonicClient, ids: dict[str, str], playlist: str
) -> None:
    """Old positions go first, all of them by the list before the call; then songs are added."""
    new = [ids["other"], ids["song"], ids["other"]]
    client.ask(
        "updatePlaylist",
        playlistId=playlist,
        name="Edited",
        comment="",
        public=False,
        songIndexToRemove=[0, 1],
        songIdToAdd=new,
    )
    assert entries(client, playlist) == new
    client.ask("updatePlaylist", playlistId=playlist, songIndexToRemove=[2, 0])
    assert entries(client, playlist) == [ids["song"]]


def test_dsub_sends_id_and_name_to_replace_all_songs(
    client: SubsonicClient, ids: dict[str, str], playlist: str
) -> None:
    answer = client.ask(
        "createPlaylist", v="1.2.0", playlistId=playlist, name="New name", songId=[ids["other"]]
    )
    assert answer["playlist"]["name"] == "New name"
    assert entries(client, playlist) == [ids["other"]]


def test_dsub_clears_a_comment(client: SubsonicClient, playlist: str) -> None:
    for comment in ("words", ""):
        client.ask("updatePlaylist", playlistId=playlist, comment=comment, public=True)
        found = client.ask("getPlaylist", id=playlist)["playlist"]
        assert (found["comment"], found["public"]) == (comment, True)


def test_a_wrong_position_changes_nothing(
    client: SubsonicClient, ids: dict[str, str], playlist: str
) -> None:
    assert (
        client.error(
            "updatePlaylist", playlistId=playlist, songIndexToRemove=5, songIdToAdd=ids["other"]
        )
        == 0
    )
    assert entries(client, playlist) == [ids["song"], ids["plain"]]


def test_dsub_asks_for_top_songs_by_size(client: SubsonicClient, ids: dict[str, str]) -> None:
    assert len(client.ask("getTopSongs", artist="Anna", size=1)["topSongs"]["song"]) == 1
    assert ids


def test_dsub_sends_offline_plays_once_each(berta: SubsonicClient, ids: dict[str, str]) -> None:
    """`id` and `time` are parallel lists; what was sent before counts no more."""
    for _ in range(2):
        berta.ask(
            "scrobble",
            id=[ids["other"], ids["other"], ids["plain"]],
            time=[1_600_000_000_000, 1_600_000_300_000, 1_600_000_600_000],
        )
    assert berta.ask("getSong", id=ids["other"])["song"]["playCount"] == 2
    plain = berta.ask("getSong", id=ids["plain"])["song"]
    assert (plain["playCount"], plain["played"]) == (1, "2020-09-13T12:36:40.000Z")


def test_dsub_takes_no_limit_for_zero(client: SubsonicClient, ids: dict[str, str]) -> None:
    whole = client.get("download", id=ids["song"]).content
    for parameters in ({"maxBitRate": 0}, {"format": "raw"}, {"format": "raw", "maxBitRate": 32}):
        answer = client.get("stream", c="DSubCC", hls="true", id=ids["song"], **parameters)
        assert answer.content == whole
        assert answer.headers["content-type"] == "audio/flac"


def test_dsub_reads_no_empty_index(client: SubsonicClient, ids: dict[str, str]) -> None:
    """airsonic-refix maps over `index.artist`; DSub wants an integer for `lastModified`."""
    indexes = client.ask("getIndexes")["indexes"]
    assert isinstance(indexes["lastModified"], int)
    assert [one["name"] for one in indexes["index"]] == ["A", "F", "V"]
    assert all(one["artist"] for one in indexes["index"])
    assert [child["title"] for child in indexes["child"]] == ["loose"]
    later = client.ask("getIndexes", ifModifiedSince=indexes["lastModified"])["indexes"]
    assert (later["index"], later["child"]) == ([], [])
    artists = client.ask("getArtists")["artists"]["index"]
    assert all(one["artist"] for one in artists)
    assert all(artist["albumCount"] for one in artists for artist in one["artist"])
    assert ids


def test_getgenres_in_dsubs_parser(client: SubsonicClient, ids: dict[str, str]) -> None:
    """It replaces every `'` in the raw text and joins lines, and then parses."""
    text = client.http.get("/rest/getGenres.view", params=client.login).text
    rewritten = text.replace("'", "&apos;").replace("\n", "")
    names = [genre.text for genre in etree.fromstring(rewritten.encode())[0]]
    assert "Art/Rock & Pop" in names
    assert ids
