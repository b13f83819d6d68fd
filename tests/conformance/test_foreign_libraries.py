"""Two users with a library each: through no endpoint does anything of the other's come out.

What is Berta's has "zebra" in every name. Anna asks for it by every id that Berta knows, which
must be answered as an id that nobody knows, and for all lists, in which no word and no count of
it may be.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from tests.conformance.foreign_calls import BY_ID, LISTS, WITHOUT, calls_of

from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import running_server
from hydrophone.testing.video_files import FilmStock
from hydrophone_subsonic.endpoints import ENDPOINTS

CONFIG = """
[jukebox]
enabled = true
mpv = "true"

[[libraries]]
name = "Hers"
path = "anna"
users = ["anna"]

[[libraries]]
name = "Zebra Library"
path = "berta"
users = ["berta", "admin"]
"""
ID = re.compile(r"\b(?:ar|al|tr|fo|co|pl|pi|aw|im|sh|vi|ca)-[a-z0-9]{5,}")


@dataclass(frozen=True)
class House:
    """The server as Anna and Berta see it."""

    anna: SubsonicClient
    berta: SubsonicClient
    ids: dict[str, str]
    secrets: set[str]
    """All ids that Berta's answers have and Anna must never see."""


def make_user(data: Path, name: str) -> str:
    words = ["users", "add", name, "--role", "share", "--json", "--data", str(data)]
    finished = subprocess.run(
        [sys.executable, "-m", "hydrophone", *words], capture_output=True, timeout=120, check=True
    )
    return str(json.loads(finished.stdout)["password"])


def make_music(data: Path, films: FilmStock) -> None:
    for owner, word, color, base in (("anna", "Ant", "teal", 300), ("berta", "Zebra", "red", 500)):
        own = {"genre": ["Shared", f"{word} Genre"], "date": "2001", "composer": f"{word} Composer"}
        for number in (1, 2, 3):
            tags = {**own, "title": f"{word} Song {number}", "artist": f"{word} Band",
                    "albumartist": f"{word} Band", "album": f"{word} Album",
                    "tracknumber": str(number), "lyrics": f"{word} words"}  # fmt: skip
            make_audio(
                data / owner / f"{word} Band" / f"{word} Album" / f"{number}.flac",
                seconds=1.0,
                frequency=base + 10 * number,
                tags=tags,
                picture=make_picture(color=color),
            )
        tags = {**own, "title": f"{word} Guest", "artist": "Shared Band",
                "albumartist": "Shared Band", "album": f"{word} Together"}  # fmt: skip
        make_audio(
            data / owner / "Shared Band" / f"{word} Together" / "1.flac",
            seconds=1.0,
            frequency=base + 100,
            tags=tags,
        )
        film = films.put(data / owner / f"{word} Films" / f"{word} Film.mkv", captions=["eng"])
        film.with_suffix(".en.srt").write_text(f"1\n00:00:00,000 --> 00:00:01,000\n{word} words\n")


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, films: FilmStock, ears: dict[str, str]
) -> Iterator[House]:
    data = tmp_path_factory.mktemp("house")
    make_music(data, films)
    (data / "config.toml").write_text(CONFIG)
    make_user(data, "admin")
    passwords = {name: make_user(data, name) for name in ("anna", "berta")}
    with (
        running_server(data, environment=ears) as server,
        SubsonicClient(server.url, "anna", passwords["anna"]) as anna,
        SubsonicClient(server.url, "berta", passwords["berta"], name="zebra app") as berta,
    ):
        berta.await_scan(tracks=4)
        anna.await_scan(tracks=4)
        yield House(anna, berta, *leave_traces(anna, berta))


def leave_traces(anna: SubsonicClient, berta: SubsonicClient) -> tuple[dict[str, str], set[str]]:
    """Let Berta star, rate, play and collect what is hers; return ids and secrets."""
    song = next(one for one in berta.songs() if one["title"] == "Zebra Song 1")
    own = next(one for one in anna.songs() if one["title"] == "Ant Song 1")
    shared = next(one for one in anna.songs() if one["title"] == "Ant Guest")
    everything = [one["id"] for one in berta.songs()]
    berta.ask("star", id=song["id"], albumId=song["albumId"], artistId=song["artistId"])
    berta.ask("setRating", id=song["albumId"], rating=5)
    berta.ask("scrobble", id=song["id"])
    berta.ask("scrobble", id=song["id"], submission=False)
    berta.ask("savePlayQueue", id=everything, current=song["id"])
    berta.ask("createBookmark", id=song["id"], position=1000, comment="zebra")
    private = berta.ask("createPlaylist", name="Zebra List", songId=everything)["playlist"]["id"]
    public = berta.ask("createPlaylist", name="Open", songId=everything)["playlist"]["id"]
    berta.ask("updatePlaylist", playlistId=public, public=True)
    share = berta.ask("createShare", id=everything, description="zebra")["shares"]["share"][0]
    annas = anna.ask("createPlaylist", name="Mine", songId=own["id"])["playlist"]["id"]

    def seen(client: SubsonicClient) -> set[str]:
        calls = [("search3", "query=&songCount=500&albumCount=500&artistCount=500"),
                 ("getIndexes", ""), ("getArtists", ""), ("getPlaylists", ""), ("getVideos", ""),
                 *(("getMusicDirectory", f"id={one['parent']}") for one in client.songs()),
                 ]  # fmt: skip
        return {found for name, query in calls for found in ID.findall(ask(client, name, query))}

    folder = next(one["id"] for one in library_folders(berta))
    video = berta.ask("getVideos")["videos"]["video"][0]["id"]
    captions = berta.ask("getVideoInfo", id=video)["videoInfo"]
    ids = {
        "song": song["id"], "album": song["albumId"], "artist": song["artistId"],
        "cover": song["coverArt"], "folder": song["parent"], "library": str(folder),
        "share": share["id"], "private": private, "public": public, "annas": annas,
        "mine": own["id"], "video": video, "captions": captions["captions"][0]["id"],
        "shared": shared["artistId"], "annas_library": str(library_folders(anna)[0]["id"]),
    }  # fmt: skip
    return ids, seen(berta) - seen(anna)


def library_folders(client: SubsonicClient) -> list[dict[str, Any]]:
    return list(client.ask("getMusicFolders")["musicFolders"]["musicFolder"])


def ask(client: SubsonicClient, name: str, query: str) -> str:
    """Make a call; return the whole answer as text."""
    parameters = [*client.login.items(), ("f", "json")]
    parameters += parse_qsl(query, keep_blank_values=True)
    path = f"/rest/{name}?{urlencode(parameters)}"
    if name == "getTranscodeDecision":
        return client.http.post(path, json={"directPlayProfiles": [{}]}).text
    return client.http.get(path).text


def test_every_endpoint_is_tried() -> None:
    assert {one.name for one in ENDPOINTS} == {*BY_ID, *LISTS} | WITHOUT


def test_berta_sees_what_is_hers(house: House) -> None:
    """Or the other tests would find nothing because nothing is there."""
    assert len(house.secrets) >= 10
    found = 0
    for name, query in calls_of(LISTS):
        found += "zebra" in ask(house.berta, name, query.format(**house.ids)).lower()
    assert found >= 30
    for kind in ("song", "album", "artist", "folder"):
        assert house.ids[kind] in house.secrets


@pytest.mark.parametrize(("name", "query"), calls_of(BY_ID))
def test_what_is_not_for_anna_is_as_unknown(house: House, name: str, query: str) -> None:
    unknown = {
        key: re.sub(r"(?<=-).*", lambda rest: "a" * len(rest[0]), value)
        for key, value in house.ids.items()
        if key not in ("annas", "mine", "public", "shared")
    } | {"library": "77"}
    kept = {key: house.ids[key] for key in ("annas", "mine", "public", "shared")}
    forbidden = ask(house.anna, name, query.format(**house.ids))
    expected = ask(house.anna, name, query.format(**unknown, **kept).replace("Zebra", "Nobody"))
    for key, value in unknown.items():
        if key != "library":
            forbidden = forbidden.replace(house.ids[key], value)
    assert forbidden.replace("Zebra", "Nobody").replace("zebra", "nobody") == expected.replace(
        "zebra", "nobody"
    )


@pytest.mark.parametrize(("name", "query"), calls_of(LISTS))
def test_nothing_of_it_is_in_what_anna_sees(house: House, name: str, query: str) -> None:
    answer = ask(house.anna, name, query.format(**house.ids))
    assert '"status":"ok"' in answer
    assert "zebra" not in answer.lower()
    assert not {one for one in house.secrets if one in answer}


def test_counts_are_annas_own(house: House) -> None:
    anna = house.anna
    assert anna.ask("getScanStatus")["scanStatus"]["count"] == 4
    genres = {one["value"]: one for one in anna.ask("getGenres")["genres"]["genre"]}
    assert genres.keys() == {"Shared", "Ant Genre"}
    assert (genres["Shared"]["songCount"], genres["Shared"]["albumCount"]) == (4, 2)
    assert anna.ask("getArtist", id=house.ids["shared"])["artist"]["albumCount"] == 1
    index = anna.ask("getArtists")["artists"]["index"]
    counts = {one["name"]: one["albumCount"] for letter in index for one in letter["artist"]}
    assert counts == {"Ant Band": 1, "Shared Band": 1}
    listed = {one["name"]: one for one in anna.ask("getPlaylists")["playlists"]["playlist"]}
    assert (listed["Open"]["songCount"], listed["Open"]["duration"]) == (0, 0)
    opened = anna.ask("getPlaylist", id=house.ids["public"])["playlist"]
    assert (opened["songCount"], opened["duration"], opened.get("entry", [])) == (0, 0, [])
    assert "coverArt" not in opened or opened["coverArt"] not in house.secrets
    for client, folders in ((anna, 1), (house.berta, 1)):
        assert len(library_folders(client)) == folders
    headers = anna.get("getAlbumList2", type="newest").headers
    assert headers.get("x-total-count", "2") == "2"
