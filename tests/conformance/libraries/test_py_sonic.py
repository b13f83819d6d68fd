"""py-sonic over a library that has something of everything; the rest is in `tests/e2e`."""

from typing import Any
from uuid import uuid4

import libsonic
import pytest
from libsonic.errors import DataNotFoundError, SonicError

from hydrophone.testing.loopback import Loopback
from hydrophone.testing.server import RunningServer


@pytest.fixture
def sonic(server: RunningServer) -> Any:
    address, _, port = server.url.rpartition(":")
    return libsonic.Connection(
        address, server.user, server.password, port=int(port), appName="py-sonic"
    )


def test_bookmarks(sonic: Any, ids: dict[str, str]) -> None:
    assert sonic.createBookmark(ids["other"], 1234, "Here & <there>")
    bookmarks = {one["entry"]["id"]: one for one in sonic.getBookmarks()["bookmarks"]["bookmark"]}
    kept = bookmarks[ids["other"]]
    assert (kept["position"], kept["comment"]) == (1234, "Here & <there>")
    assert sonic.deleteBookmark(ids["other"])
    left = sonic.getBookmarks()["bookmarks"]["bookmark"]
    assert ids["other"] not in {one["entry"]["id"] for one in left}


def channels(sonic: Any) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in sonic.getPodcasts(incEpisodes=False)["podcasts"]["channel"]}


def test_podcasts(sonic: Any, ids: dict[str, str], remote: Loopback) -> None:
    before = channels(sonic)
    assert before[ids["channel"]]["title"] == "Sea & Talk"
    [alone] = sonic.getPodcasts(pid=ids["channel"])["podcasts"]["channel"]
    assert ids["episode"] in {one["id"] for one in alone["episode"]}
    newest = sonic.getNewestPodcasts(count=50)["newestPodcasts"]["episode"]
    assert ids["episode"] in {one["id"] for one in newest}
    assert sonic.refreshPodcasts()
    assert sonic.downloadPodcastEpisode(ids["episode"])
    assert sonic.deletePodcastEpisode(ids["spare"])
    assert sonic.createPodcastChannel(f"{remote.url}/broken?{uuid4().hex}")
    [new] = set(channels(sonic)) - set(before)
    assert sonic.deletePodcastChannel(new)
    with pytest.raises(DataNotFoundError):
        sonic.getPodcasts(pid=new)


def stations(sonic: Any) -> dict[str, dict[str, Any]]:
    found = sonic.getInternetRadioStations()["internetRadioStations"]["internetRadioStation"]
    return {one["id"]: one for one in found}


def test_radio(sonic: Any) -> None:
    before = stations(sonic)
    assert sonic.createInternetRadioStation("http://c.example/", "C", "http://c.example/home")
    [new] = set(stations(sonic)) - set(before)
    assert sonic.updateInternetRadioStation(new, "http://d.example/", "D")
    changed = stations(sonic)[new]
    assert (changed["name"], changed["streamUrl"]) == ("D", "http://d.example/")
    assert sonic.deleteInternetRadioStation(new)
    assert stations(sonic) == before


def test_jukebox(sonic: Any, ids: dict[str, str]) -> None:
    assert "gain" in sonic.jukeboxControl("clear")["jukeboxStatus"]
    sonic.jukeboxControl("add", sids=[ids["song"], ids["plain"]])
    queue = sonic.jukeboxControl("get")["jukeboxPlaylist"]["entry"]
    assert [one["id"] for one in queue] == [ids["song"], ids["plain"]]
    sonic.jukeboxControl("remove", index=0)
    assert sonic.jukeboxControl("setGain", gain=0.25)["jukeboxStatus"]["gain"] == 0.25
    assert sonic.jukeboxControl("clear")["jukeboxStatus"]["currentIndex"] == -1


def test_users(sonic: Any) -> None:
    name = f"py-sonic-{uuid4().hex}"
    assert sonic.createUser(name, "sesame", "a@example.org", shareRole=True, musicFolderId=1)
    made = sonic.getUser(name)["user"]
    assert (made["email"], made["shareRole"], made["folder"]) == ("a@example.org", True, [1])
    assert sonic.updateUser(name, email="b@example.org", maxBitRate=128)
    assert sonic.getUser(name)["user"]["maxBitRate"] == 128
    assert sonic.changePassword(name, "geheim & <mehr>")
    assert sonic.getAvatar(name).read().startswith((b"\xff\xd8", b"\x89PNG"))
    assert name in {one["username"] for one in sonic.getUsers()["users"]["user"]}
    assert sonic.deleteUser(name)


def test_shares_and_chat(server: RunningServer, sonic: Any, ids: dict[str, str]) -> None:
    [share] = sonic.createShare([ids["album"], ids["song"]], description="Yours")["shares"]["share"]
    assert share["url"] == f"{server.url}/share/{share['id']}"
    # It takes the value of `expires` for the name of the parameter: only the words arrive.
    assert sonic.updateShare(share["id"], description="Later")
    known = {one["id"]: one for one in sonic.getShares()["shares"]["share"]}
    assert known[share["id"]]["description"] == "Later"
    assert sonic.deleteShare(share["id"])
    said = f"Hello <{uuid4().hex}>"
    assert sonic.addChatMessage(said)
    messages = sonic.getChatMessages()["chatMessages"]["chatMessage"]
    assert said in {one["message"] for one in messages}


def test_information_and_old_search(sonic: Any, ids: dict[str, str]) -> None:
    assert sonic.getArtistInfo(ids["artist"])["artistInfo"] is not None
    assert sonic.getAlbumInfo(ids["album"])["albumInfo"] is not None
    assert sonic.getSimilarSongs(ids["song"])["similarSongs"]["song"]
    found = sonic.search(any="plain")["searchResult"]
    assert (found["totalHits"], found["match"][0]["id"]) == (1, ids["plain"])


def test_videos_and_hls(sonic: Any, ids: dict[str, str]) -> None:
    [video] = sonic.getVideos()["videos"]["video"]
    assert video["id"] == ids["video"]
    for identifier in (ids["video"], ids["song"]):
        assert sonic.hls(identifier).startswith(b"#EXTM3U")
    with pytest.raises(SonicError):
        sonic.hls("nothing")
