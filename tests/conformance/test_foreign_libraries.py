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

BY_ID = {
    "getMusicDirectory": ("id={folder}", "id={album}", "id={artist}", "id={library}"),
    "getArtist": ("id={artist}",),
    "getAlbum": ("id={album}",),
    "getSong": ("id={song}",),
    "getArtistInfo": ("id={artist}", "id={song}", "id={album}"),
    "getArtistInfo2": ("id={artist}",),
    "getAlbumInfo": ("id={album}", "id={folder}", "id={song}"),
    "getAlbumInfo2": ("id={album}",),
    "getSimilarSongs": ("id={song}", "id={album}", "id={artist}"),
    "getSimilarSongs2": ("id={artist}", "id={song}"),
    "getTopSongs": ("id={artist}", "artist=Zebra Band"),
    "getSonicSimilarTracks": ("id={song}",),
    "findSonicPath": ("startSongId={song}&endSongId={song}",),
    "stream": ("id={song}", "id={song}&format=raw", "id={song}&maxBitRate=64", "id={video}"),
    "download": ("id={song}", "id={video}"),
    "getVideoInfo": ("id={video}", "id={song}"),
    "getCaptions": ("id={video}", "id={captions}", "id={captions}&format=vtt"),
    "hls.m3u8": (
        "id={song}",
        "id={song}&bitRate=64&bitRate=128",
        "id={video}",
        "id={video}&bitRate=300@80x60",
    ),
    "getTranscodeDecision": ("mediaId={song}&mediaType=song",),
    "getTranscodeStream": ("mediaId={song}&mediaType=song&transcodeParams=x",),
    "getCoverArt": (
        "id={video}",
        "id={cover}",
        "id={song}",
        "id={album}",
        "id={artist}",
        "id={folder}",
    ),
    "getLyrics": ("artist=Zebra Band&title=Zebra Song 1",),
    "getLyricsBySongId": ("id={song}",),
    "star": ("id={video}", "id={song}", "albumId={album}", "artistId={artist}", "id={folder}"),
    "unstar": ("id={song}", "albumId={album}", "artistId={artist}"),
    "setRating": (
        "id={video}&rating=3",
        "id={song}&rating=3",
        "id={album}&rating=3",
        "id={artist}&rating=3",
    ),
    "scrobble": ("id={video}", "id={song}", "id={song}&submission=false", "id={album}"),
    "reportPlayback": ("mediaId={song}&mediaType=song&positionMs=0&state=playing",),
    "jukeboxControl": ("action=add&id={song}", "action=set&id={song}&id={mine}"),
    "getPlaylist": ("id={private}",),
    "createPlaylist": ("name=Mine&songId={song}", "playlistId={private}&songId={mine}"),
    "updatePlaylist": (
        "playlistId={private}&name=x",
        "playlistId={annas}&songIdToAdd={song}",
        "playlistId={public}&songIdToAdd={song}",
    ),
    "deletePlaylist": ("id={private}",),
    "savePlayQueue": ("id={song}&current={song}", "id={video}&current={video}"),
    "savePlayQueueByIndex": ("id={song}&currentIndex=0",),
    "createBookmark": ("id={song}&position=1000", "id={video}&position=1000"),
    "deleteBookmark": ("id={song}",),
    "createShare": (
        "id={song}",
        "id={album}",
        "id={artist}",
        "id={folder}",
        "id={library}",
        "id={private}",
        "id={mine}&id={song}",
    ),
    "updateShare": ("id={share}&expires=0",),
    "deleteShare": ("id={share}",),
    "getPodcasts": ("id={song}",),
    "getPodcastEpisode": ("id={song}",),
    "deletePodcastChannel": ("id={song}",),
    "deletePodcastEpisode": ("id={song}",),
    "downloadPodcastEpisode": ("id={song}",),
    "getIndexes": ("musicFolderId={library}",),
    "getArtists": ("musicFolderId={library}",),
    "getRandomSongs": ("musicFolderId={library}",),
    "getSongsByGenre": ("genre=Zebra Genre",),
    "getAlbumList": ("type=newest&musicFolderId={library}", "type=byGenre&genre=Zebra Genre"),
    "getAlbumList2": ("type=newest&musicFolderId={library}", "type=byGenre&genre=Zebra Genre"),
    "getStarred": ("musicFolderId={library}",),
    "getStarred2": ("musicFolderId={library}",),
    "search": ("any=zebra", "title=zebra song", "artist=zebra"),
    "search2": ("query=zebra", "query=zebra song", "query=&musicFolderId={library}"),
    "search3": ("query=zebra", "query=zebra song", "query=&musicFolderId={library}"),
}
"""Calls that name something of Berta's; the same with unknown ids must get the same answer."""

TYPES = (
    "random", "newest", "highest", "frequent", "recent", "alphabeticalByName",
    "alphabeticalByArtist", "starred", "byYear&fromYear=1900&toYear=2100", "byGenre&genre=Shared",
)  # fmt: skip
LISTS = {
    "ping": ("",),
    "getLicense": ("",),
    "getOpenSubsonicExtensions": ("",),
    "getMusicFolders": ("",),
    "getIndexes": ("",),
    "getArtists": ("",),
    "getGenres": ("",),
    "getRandomSongs": ("size=500", "size=500&genre=Shared"),
    "getSongsByGenre": ("genre=Shared&count=500",),
    **dict.fromkeys(
        ("getAlbumList", "getAlbumList2"), tuple(f"size=500&type={one}" for one in TYPES)
    ),
    "getNowPlaying": ("",),
    "getStarred": ("",),
    "getStarred2": ("",),
    **dict.fromkeys(("search2", "search3"), ("query=", 'query=""', "query=shared")),
    "search": ("any=shared", "any=zebra", "title=song"),
    "getPlaylists": ("",),
    "getPlaylist": ("id={public}", "id={annas}"),
    "getPlayQueue": ("",),
    "getPlayQueueByIndex": ("",),
    "getBookmarks": ("",),
    "getTopSongs": ("artist=Shared Band", "id={shared}"),
    "getArtist": ("id={shared}",),
    "getMusicDirectory": ("id={shared}", "id={annas_library}"),
    "getArtistInfo2": ("id={shared}",),
    "getSimilarSongs": ("id={mine}&count=500", "id={shared}&count=500"),
    "getSimilarSongs2": ("id={shared}&count=500",),
    "getPodcasts": ("",),
    "getNewestPodcasts": ("",),
    "getInternetRadioStations": ("",),
    "getUser": ("username=anna",),
    "getScanStatus": ("",),
    "getVideos": ("",),
    "getShares": ("",),
    "getSonicSimilarTracks": ("id={mine}",),
    "findSonicPath": ("startSongId={mine}&endSongId={mine}",),
}
"""Calls about everything that Anna may see."""

WITHOUT = {
    "tokenInfo", "startScan", "getUsers", "createUser", "updateUser", "deleteUser",
    "changePassword", "getAvatar", "getChatMessages", "addChatMessage", "hlsPlaylist.m3u8",
    "hlsSegment.aac", "hlsSegment.ts", "refreshPodcasts", "createPodcastChannel",
    "createInternetRadioStation",
    "updateInternetRadioStation", "deleteInternetRadioStation",
}  # fmt: skip
"""They know nothing of music: they are about people, for admins, only for who has a token, or
begin something."""


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
        [sys.executable, "-m", "hydrophone", *words], capture_output=True, timeout=60, check=True
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


def calls_of(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(name, query) for name, queries in table.items() for query in queries]


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
