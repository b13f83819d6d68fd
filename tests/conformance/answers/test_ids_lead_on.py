"""Whatever id stands in an answer opens what it is the id of: apps make links of them."""

from collections.abc import Iterator
from typing import Any

from hydrophone.testing.client import SubsonicClient

READ: dict[str, dict[str, str | int]] = {
    "getIndexes": {},
    "getArtists": {},
    "getAlbumList2": {"type": "newest", "size": 100},
    "getAlbumList": {"type": "newest", "size": 100},
    "getStarred": {},
    "getStarred2": {},
    "search2": {"query": "", "songCount": 500},
    "search3": {"query": "", "songCount": 500},
    "getNowPlaying": {},
    "getPlaylists": {},
    "getBookmarks": {},
    "getShares": {},
    "getPodcasts": {},
    "getInternetRadioStations": {},
    "getVideos": {},
    "getPlayQueue": {},
}
OPENED_BY = {
    "coverArt": ("getCoverArt", "id"),
    "parent": ("getMusicDirectory", "id"),
    "albumId": ("getAlbum", "id"),
    "artistId": ("getArtist", "id"),
    "channelId": ("getPodcasts", "id"),
    "username": ("getAvatar", "username"),
}
"""{field: the endpoint, and the parameter, that takes its value}."""


def links(answer: Any) -> Iterator[tuple[str, str]]:
    """Yield (field, value) for all that stands for something, however deep."""
    if isinstance(answer, list):
        for one in answer:
            yield from links(one)
    elif isinstance(answer, dict):
        for name, value in answer.items():
            if name in OPENED_BY:
                yield name, value
            elif name in ("artists", "albumArtists") and isinstance(value, list):
                yield from (("artistId", artist["id"]) for artist in value)
            elif name == "contributors":
                yield from (("artistId", one["artist"]["id"]) for one in value)
            else:
                yield from links(value)
        if answer.get("isDir"):
            yield "parent", answer["id"]


def test_ids_of_an_answer_lead_on(client: SubsonicClient, ids: dict[str, str]) -> None:
    assert ids
    waiting = [link for name, query in READ.items() for link in links(client.ask(name, **query))]
    seen: set[tuple[str, str]] = set()
    lost = []
    while waiting:
        link = waiting.pop()
        if link in seen:
            continue
        seen.add(link)
        endpoint, parameter = OPENED_BY[link[0]]
        answer = client.get(endpoint, headers=None, **{parameter: link[1]})
        if answer.headers["content-type"].startswith("image/"):
            continue
        envelope = answer.json()["subsonic-response"]
        if envelope["status"] == "ok":
            waiting += links(envelope)
        else:
            lost.append((link, envelope["error"]))
    assert lost == []
    assert {name for name, _ in seen} == set(OPENED_BY)
