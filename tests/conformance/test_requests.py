"""What a request may look like: paths, forms, odd values (endpoints of every client)."""

from typing import Any

import httpx
import pytest

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer

FORM = "application/x-www-form-urlencoded"


def envelope(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()["subsonic-response"]
    return found


def test_a_form_holds_the_whole_login(client: SubsonicClient) -> None:
    """airsonic-refix and py-opensonic put everything into the body."""
    answer = client.http.post("/rest/ping.view", data={**client.login, "f": "json"})
    assert envelope(answer)["status"] == "ok"


def test_query_and_form_are_one(client: SubsonicClient, ids: dict[str, str]) -> None:
    answer = client.http.post(
        "/rest/getSong", params={**client.login, "f": "json"}, data={"id": ids["song"]}
    )
    assert envelope(answer)["status"] == "ok"


def test_repeated_keys_of_query_and_form_are_one_list(
    client: SubsonicClient, ids: dict[str, str]
) -> None:
    answer = client.http.post(
        "/rest/createPlaylist",
        params={**client.login, "f": "json", "name": "Both", "songId": ids["song"]},
        data={"songId": [ids["plain"], ids["song"]]},
    )
    playlist = answer.json()["subsonic-response"]["playlist"]
    assert [one["id"] for one in playlist["entry"]] == [ids["song"], ids["plain"], ids["song"]]
    client.ask("deletePlaylist", id=playlist["id"])


@pytest.mark.parametrize(
    "content_type", [f"{FORM}; charset=UTF-8", FORM.title(), f"{FORM};charset=utf-8"]
)
def test_a_form_is_known_by_its_type_however_written(
    client: SubsonicClient, content_type: str
) -> None:
    body = str(httpx.QueryParams({**client.login, "f": "json"}))
    answer = client.http.post(
        "/rest/ping", content=body.encode(), headers={"Content-Type": content_type}
    )
    assert envelope(answer)["status"] == "ok"


def test_a_body_of_another_type_is_left_alone(client: SubsonicClient) -> None:
    answer = client.http.post("/rest/ping", params={**client.login, "f": "json"}, json={"u": "x"})
    assert envelope(answer)["status"] == "ok"


IGNORED = {
    "unknown parameters": {"hls": "true", "_": "12345", "foo[]": "bar"},
    "Feishin's address as client": {"c": "http://localhost:4533/app/#/"},
    "nothing as client": {"c": ""},
    "unknown format is XML": {"f": "yaml"},
    "callback without jsonp": {"callback": "alert(1)"},
}


@pytest.mark.parametrize("what", IGNORED)
def test_ignored(client: SubsonicClient, what: str) -> None:
    answer = client.http.get("/rest/ping", params={**client.login, **IGNORED[what]})
    assert answer.status_code == 200
    assert 'status="ok"' in answer.text


EMPTY_IS_ABSENT = {
    "aonsoku's album page": (
        "getAlbumList2",
        {"type": "newest", "fromYear": "0001", "toYear": "2026", "genre": ""},
    ),
    "Ultrasonic's random songs": ("getRandomSongs", {"genre": "", "fromYear": "", "toYear": ""}),
    "DSub's empty folder": ("getArtists", {"musicFolderId": ""}),
    "empty size": ("getAlbumList", {"type": "newest", "size": "", "offset": ""}),
    "empty query": ("search3", {"query": "", "songCount": ""}),
    "empty bounds of lists": ("getTopSongs", {"artist": "anna", "count": "", "id": ""}),
}


@pytest.mark.parametrize("what", EMPTY_IS_ABSENT)
def test_an_empty_value_counts_as_none(client: SubsonicClient, what: str) -> None:
    endpoint, parameters = EMPTY_IS_ABSENT[what]
    (element,) = set(client.ask(endpoint, **parameters)) - set(client.ask("ping"))
    assert any(client.ask(endpoint, **parameters)[element].values())


UNKNOWN = ["videoPlayer.view", "nothing", "nothing.view", "PING", "ping.views", ".view", "", "a/b"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_there_is_an_ordinary_failure(
    client: SubsonicClient, name: str, method: str
) -> None:
    """DSub repeats a 5xx five times, and shows a 404 as a broken server."""
    login = {**client.login, "f": "json"}
    answer = (
        client.http.get(f"/rest/{name}", params=login)
        if method == "GET"
        else client.http.post(f"/rest/{name}", data=login)
    )
    found = envelope(answer)
    assert found["status"] == "failed"
    assert found["error"]["code"] == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
def test_other_methods_are_no_server_error(client: SubsonicClient, method: str) -> None:
    answer = client.http.request(method, "/rest/ping", params=client.login)
    assert answer.status_code < 500


def test_the_address_of_the_layer_itself(server: RunningServer) -> None:
    assert httpx.get(f"{server.url}/rest").status_code == 200
    assert httpx.get(f"{server.url}/rest/").status_code == 200


STALE_FOLDER = [
    "getArtists", "getIndexes", "getAlbumList?type=newest", "getAlbumList2?type=random",
    "getRandomSongs", "getSongsByGenre?genre=Rock", "getStarred", "getStarred2",
    "search2?query=", "search3?query=anna",
]  # fmt: skip


@pytest.mark.parametrize("call", STALE_FOLDER)
@pytest.mark.parametrize("folder", ["77", "-1", "9007199254740991"])
def test_an_unknown_music_folder_is_empty(client: SubsonicClient, call: str, folder: str) -> None:
    endpoint, _, query = call.partition("?")
    parameters = dict([query.split("=")]) if query else {}
    answer = client.ask(endpoint, musicFolderId=folder, **parameters)
    (element,) = set(answer) - set(client.ask("ping"))
    assert not any(value for value in answer[element].values() if isinstance(value, list))


def test_ids_need_no_escaping(client: SubsonicClient, ids: dict[str, str]) -> None:
    """DSub puts ids into addresses as they are, and splits at `;`."""
    everything = [
        *client.songs(),
        *client.ask("getAlbumList2", type="newest")["albumList2"]["album"],
        *client.ask("getPlaylists")["playlists"]["playlist"],
        *(one for i in client.ask("getIndexes")["indexes"]["index"] for one in i["artist"]),
        *(one for i in client.ask("getArtists")["artists"]["index"] for one in i["artist"]),
    ]
    keys = ("id", "parent", "albumId", "artistId", "coverArt")
    found = {one[key] for one in everything for key in keys if key in one} | set(ids.values())
    assert len(found) > 20
    for identifier in found:
        assert identifier.replace("-", "").isalnum()
        assert identifier.isascii()
        assert len(identifier) <= 16
