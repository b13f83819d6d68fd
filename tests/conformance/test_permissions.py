"""Who may call what: every endpoint that is declared, by everybody there is.

The table has an entry for each endpoint, and a new one without an entry fails. What it expects of
nobody and of a guest follows from the declaration: a login, and a role, which a guest has none of.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer
from hydrophone_subsonic.endpoints import ENDPOINTS

OK, WRONG, MISSING, NOT_AUTHORIZED, NOT_FOUND = -1, 0, 10, 50, 70
"""Codes of the protocol; `OK` is none of them."""
_ROLES = (
    "adminRole",
    "podcastRole",
    *tuple(
        f"{one}Role" for one in ("playlist", "share", "download", "stream", "jukebox", "coverArt")
    ),
)
PEOPLE = ("anonymous", "guest", "user", "admin", "other")


@dataclass(frozen=True, kw_only=True)
class Cells:
    """One row: a call about something of the user's, and what those with roles get."""

    query: str = ""
    user: int = OK
    """Whose thing it is."""
    admin: int = OK
    other: int = OK
    """Another user with the same roles."""
    guest: int = OK
    """Only for endpoints without a role: with one, a guest gets 50."""


EVERYBODY = Cells()
SONG, ALBUM, ARTIST = (Cells(query=f"id={{{kind}}}") for kind in ("song", "album", "artist"))
ADMINS: dict[str, Any] = {"user": NOT_AUTHORIZED, "other": NOT_AUTHORIZED, "guest": NOT_AUTHORIZED}
USER_ONLY: dict[str, Any] = {"other": NOT_AUTHORIZED, "guest": NOT_AUTHORIZED}

TABLE = {
    **dict.fromkeys(
        (
            "ping", "getLicense", "getOpenSubsonicExtensions", "getMusicFolders", "getIndexes",
            "getGenres", "getArtists", "getRandomSongs", "getNowPlaying", "getStarred",
            "getStarred2", "getPlaylists", "getBookmarks", "getPlayQueue", "getPlayQueueByIndex",
            "savePlayQueue", "savePlayQueueByIndex", "getLyrics", "getScanStatus", "getShares",
            "getChatMessages", "search2", "search3", "getPodcasts", "getNewestPodcasts",
            "getInternetRadioStations", "getVideos",
        ),
        EVERYBODY,
    ),
    **dict.fromkeys(
        ("getSong", "getSimilarSongs", "getSimilarSongs2", "getSonicSimilarTracks",
         "getLyricsBySongId", "getCoverArt",
         "stream", "download", "star", "unstar", "scrobble", "deleteBookmark", "createShare"),
        SONG,
    ),
    **dict.fromkeys(
        ("getAlbum", "getAlbumInfo", "getAlbumInfo2", "getMusicDirectory"), ALBUM
    ),
    **dict.fromkeys(("getArtist", "getArtistInfo", "getArtistInfo2", "getTopSongs"), ARTIST),
    "findSonicPath": Cells(query="startSongId={song}&endSongId={song}"),
    **dict.fromkeys(("getAlbumList", "getAlbumList2"), Cells(query="type=newest")),
    # By password there is no API key to tell of.
    "tokenInfo": Cells(user=MISSING, admin=MISSING, other=MISSING, guest=MISSING),
    # Who may ask is told that his JSON is missing, or that nothing like this was decided on.
    "getTranscodeDecision": Cells(
        query="mediaId={song}&mediaType=song", user=MISSING, admin=MISSING, other=MISSING
    ),
    "getTranscodeStream": Cells(
        query="mediaId={song}&mediaType=song&transcodeParams=x",
        user=WRONG,
        admin=WRONG,
        other=WRONG,
    ),
    "hls.m3u8": SONG,
    "getVideoInfo": Cells(query="id={video}"),
    "getCaptions": Cells(query="id={video}"),
    "jukeboxControl": Cells(query="action=status"),
    # Without a login: what they are given is their credential, and this one is forged.
    "hlsPlaylist.m3u8": Cells(query="token=forged", user=WRONG),
    "hlsSegment.aac": Cells(query="token=forged&number=0", user=WRONG),
    "hlsSegment.ts": Cells(query="token=forged&number=0", user=WRONG),
    "reportPlayback": Cells(query="mediaId={song}&mediaType=song&positionMs=0&state=playing"),
    "search": Cells(query="any=plain"),
    "getSongsByGenre": Cells(query="genre=Rock"),
    "setRating": Cells(query="id={song}&rating=3"),
    "createBookmark": Cells(query="id={song}&position=1"),
    "addChatMessage": Cells(query="message=hello"),
    "getPlaylist": Cells(query="id={playlist}", other=NOT_FOUND, guest=NOT_FOUND),
    "createPlaylist": Cells(query="name=New&songId={song}"),
    "updatePlaylist": Cells(query="playlistId={playlist}&comment=x", other=NOT_FOUND),
    "deletePlaylist": Cells(query="id={playlist}", other=NOT_FOUND),
    "updateShare": Cells(query="id={share}&description=x", other=NOT_FOUND),
    "deleteShare": Cells(query="id={share}", other=NOT_FOUND),
    "startScan": Cells(**ADMINS),
    "getUsers": Cells(**ADMINS),
    "getUser": Cells(query="username=user", **USER_ONLY),
    "getAvatar": Cells(query="username=user"),
    "createUser": Cells(query="username={new}&password=x&email=", **ADMINS),
    "updateUser": Cells(query="username=spare&email=x@example.org", **ADMINS),
    "deleteUser": Cells(query="username={doomed}", **ADMINS),
    "changePassword": Cells(query="username=user&password=sesame", **USER_ONLY),
    "getPodcastEpisode": Cells(
        query="id=pe-aaaaaaaaaaaaa",
        user=NOT_FOUND,
        admin=NOT_FOUND,
        other=NOT_FOUND,
        guest=NOT_FOUND,
    ),
    "refreshPodcasts": Cells(**ADMINS),
    "createPodcastChannel": Cells(query="url=http://127.0.0.1:1/x", **ADMINS | {"admin": WRONG}),
    "deletePodcastChannel": Cells(query="id=pc-aaaaaaaaaaaaa", **ADMINS | {"admin": NOT_FOUND}),
    "deletePodcastEpisode": Cells(query="id=pe-aaaaaaaaaaaaa", **ADMINS | {"admin": NOT_FOUND}),
    "downloadPodcastEpisode": Cells(query="id=pe-aaaaaaaaaaaaa", **ADMINS | {"admin": NOT_FOUND}),
    "createInternetRadioStation": Cells(
        query="name={new}&streamUrl=http://b.example/", **ADMINS
    ),
    "updateInternetRadioStation": Cells(
        query="id=nothing&name=x&streamUrl=http://b.example/", **ADMINS | {"admin": NOT_FOUND}
    ),
    "deleteInternetRadioStation": Cells(query="id=nothing", **ADMINS | {"admin": NOT_FOUND}),
}  # fmt: skip
DECLARED = {endpoint.name: endpoint for endpoint in ENDPOINTS}


def expected(name: str, person: str) -> int:
    endpoint, cells = DECLARED[name], TABLE[name]
    if not endpoint.needs_login:
        return cells.user
    if person == "anonymous":
        return MISSING
    if person == "guest":
        return NOT_AUTHORIZED if endpoint.role else cells.guest
    return {"user": cells.user, "admin": cells.admin, "other": cells.other}[person]


class House:
    """The server with one of each, and things of the user's that every call may destroy."""

    def __init__(self, server: RunningServer, admin: SubsonicClient) -> None:
        self.server, self.admin = server, admin
        self.numbers = count()
        roles = {
            f"{one}Role": True for one in ("playlist", "share", "download", "stream", "jukebox")
        }
        none = {"settingsRole": False, "streamRole": False}
        for name, allowed in (("user", roles), ("other", roles), ("guest", none), ("spare", none)):
            admin.ask("createUser", username=name, password="sesame", email="", **allowed)
        self.clients = {
            name: SubsonicClient(server.url, name, "sesame") for name in ("user", "other", "guest")
        }
        # Not the first admin, whose stars and queue other tests look at.
        every = dict.fromkeys(_ROLES, True)
        admin.ask("createUser", username="boss", password="sesame", email="", **every)
        self.clients["admin"] = SubsonicClient(server.url, "boss", "sesame")

    def things(self, query: str, ids: dict[str, str]) -> dict[str, str]:
        user, number = self.clients["user"], next(self.numbers)
        things = {**ids, "new": f"new-{number}", "doomed": f"doomed-{number}"}
        if "{playlist}" in query:
            made: dict[str, Any] = user.ask("createPlaylist", name="Mine", songId=ids["song"])
            things["playlist"] = made["playlist"]["id"]
        if "{share}" in query:
            shares = user.ask("createShare", id=ids["song"])["shares"]
            things["share"] = shares["share"][0]["id"]
        if "{doomed}" in query:
            self.admin.ask("createUser", username=things["doomed"], password="x", email="")
        return things

    def code(self, name: str, query: str, person: str) -> int:
        client = self.clients.get(person)
        login = client.login if client is not None else {}
        parameters = urlencode(
            [*login.items(), ("f", "json"), *parse_qsl(query, keep_blank_values=True)]
        )
        answer = self.admin.http.get(f"/rest/{name}?{parameters}")
        assert answer.status_code == 200 or DECLARED[name].fails_by_status
        if answer.headers["content-type"] != "application/json":
            return OK
        return int(answer.json()["subsonic-response"].get("error", {}).get("code", OK))


@pytest.fixture(scope="module")
def house(server: RunningServer, client: SubsonicClient) -> Iterator[House]:
    made = House(server, client)
    yield made
    for logged_in in made.clients.values():
        logged_in.http.close()
    # Else the first admin is not the last one, which others look at.
    client.ask("deleteUser", username="boss")


def test_every_endpoint_has_its_row() -> None:
    assert set(TABLE) == set(DECLARED)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", sorted(DECLARED))
def test_who_may_call_it(house: House, ids: dict[str, str], name: str, person: str) -> None:
    query = TABLE[name].query
    code = house.code(name, query.format(**house.things(query, ids)), person)
    if name == "changePassword":
        # Of one's own only the hash is kept: give the user back a password that tokens fit.
        house.admin.ask("changePassword", username="user", password="sesame")
    assert code == expected(name, person)
    if name == "startScan":
        house.admin.await_scan(tracks=7)


def test_a_guest_may_not_change_his_password(house: House) -> None:
    """He lacks the role `settings`; a role for all of the endpoint would keep admins out."""
    assert house.code("changePassword", "username=guest&password=x", "guest") == NOT_AUTHORIZED
    address = f"{house.server.url}/rest/getUser"
    answer = httpx.get(address, params={"u": "guest", "p": "sesame", "username": "guest"})
    assert 'status="ok"' in answer.text
