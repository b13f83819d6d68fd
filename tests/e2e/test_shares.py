"""Shares: made by an app, opened by a browser that knows the address and nothing else."""

import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import httpx
import pytest
from tests.e2e.commands import run

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server


class Links(HTMLParser):
    """Collects where a page leads, and what of it no policy would let run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href") and value:
                self.found.append(value)
            if name.startswith("on") or name == "style":
                self.inline.append(name)
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.inline.append(tag)


def page_of(share: dict[str, Any]) -> httpx.Response:
    return httpx.get(share["url"])


def links_of(page: httpx.Response) -> list[str]:
    parser = Links()
    parser.feed(page.text)
    assert parser.inline == []
    return parser.found


@pytest.fixture
def share(client: SubsonicClient) -> Iterator[dict[str, Any]]:
    album = client.songs()[0]["albumId"]
    made = client.ask("createShare", id=album, description="For <you> & me")["shares"]["share"]
    yield made[0]
    client.get("deleteShare", id=made[0]["id"])


def of_id(client: SubsonicClient, share_id: str) -> dict[str, Any]:
    found = client.ask("getShares")["shares"]["share"]
    return next(one for one in found if one["id"] == share_id)


def test_the_page_has_everything_and_leads_nowhere_else(
    client: SubsonicClient, server: RunningServer, share: dict[str, Any]
) -> None:
    assert share["url"] == f"{server.url}/share/{share['id']}"
    assert re.fullmatch(r"sh-[a-z2-7]{13}", share["id"])
    page = page_of(share)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "For &lt;you&gt; &amp; me" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    for entry in share["entry"]:
        assert entry["title"] in page.text
    assert f'property="og:url" content="{share["url"]}"' in page.text
    links = links_of(page)
    assert len(links) >= 2 + len(share["entry"])
    for link in links:
        assert link.startswith("/share/")
        answer = httpx.get(server.url + link)
        assert answer.status_code == 200, link
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert re.match(r"(image|audio|text)/", answer.headers["content-type"]), link
    # Only the script can play one track after the other, and shows what does.
    assert '<button id="play" type="button" hidden>' in page.text
    image = re.search(r'og:image" content="([^"]+)"', page.text)
    assert image is not None
    assert httpx.get(image[1]).headers["content-type"].startswith("image/")


def test_music_with_ranges_and_nothing_but_what_is_shared(
    client: SubsonicClient, share: dict[str, Any]
) -> None:
    track = share["entry"][0]
    whole = httpx.get(f"{share['url']}/stream/{track['id']}")
    assert len(whole.content) == track["size"]
    assert whole.headers["content-type"] == track["contentType"]
    part = httpx.get(f"{share['url']}/stream/{track['id']}", headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, whole.content[5:10])
    etag = {"If-None-Match": whole.headers["etag"]}
    assert httpx.get(f"{share['url']}/stream/{track['id']}", headers=etag).status_code == 304
    converted = httpx.get(f"{share['url']}/stream/{share['entry'][1]['id']}?format=mp3")
    assert converted.headers["content-type"] == "audio/mpeg"
    shared = {one["id"] for one in share["entry"]}
    other = next(one for one in client.songs() if one["id"] not in shared)
    for path in (
        f"stream/{other['id']}", f"cover/{other['id']}", f"stream/{other['albumId']}",
        "stream/nothing", "download", f"download/{track['id']}", f"stream/{track['id']}?format=wav",
        "stream", "else", "..%2f..%2fhealth/live",
    ):  # fmt: skip
        assert httpx.get(f"{share['url']}/{path}").status_code == 404, path
    assert httpx.post(share["url"]).status_code == 405
    assert httpx.head(share["url"]).content == b""


def test_each_look_at_the_page_counts_once(client: SubsonicClient, share: dict[str, Any]) -> None:
    assert share["visitCount"] == 0
    assert "lastVisited" not in share
    for link in links_of(page_of(share)):
        httpx.get(share["url"].partition("/share/")[0] + link)
    httpx.head(share["url"])
    page_of(share)
    visited = of_id(client, share["id"])
    assert visited["visitCount"] == 2
    assert visited["lastVisited"] > visited["created"]


def test_expired_deleted_and_unknown_ones(
    client: SubsonicClient, server: RunningServer, share: dict[str, Any]
) -> None:
    track = share["entry"][0]["id"]
    assert share["expires"] > share["created"]
    client.ask("updateShare", id=share["id"], expires=int(time.time() * 1000) - 1)
    for path in ("", "/cover", f"/stream/{track}"):
        assert httpx.get(share["url"] + path).status_code == 410
    assert "This share has ended." in page_of(share).text
    client.ask("updateShare", id=share["id"], expires=0)
    assert "expires" not in of_id(client, share["id"])
    assert page_of(share).status_code == 200
    # In seconds, as some apps have it, it would be over before it was seen.
    assert client.error("createShare", id=track, expires=int(time.time())) == 0
    client.ask("deleteShare", id=share["id"])
    for path in (share["id"], "sh-aaaaaaaaaaaaa", "nothing", "", "sh-aaaaaaaaaaaaa/cover"):
        answer = httpx.get(f"{server.url}/share/{path}")
        assert answer.status_code == 404, path
        assert "text/html" in answer.headers["content-type"]


def test_all_kinds_of_things(client: SubsonicClient) -> None:
    song = client.songs()[0]
    playlist = client.ask("createPlaylist", name="Shared", songId=[song["id"]])["playlist"]["id"]
    things = {
        song["id"]: 1, song["albumId"]: 3, song["artistId"]: 5, song["parent"]: 3, playlist: 1,
        "1": 5,
    }  # fmt: skip
    for thing, count in things.items():
        made = client.ask("createShare", id=thing)["shares"]["share"][0]
        assert len(made["entry"]) == count, thing
        assert page_of(made).text.count("<audio") == count
        client.ask("deleteShare", id=made["id"])
    both = client.ask("createShare", id=[song["albumId"], song["id"]])["shares"]["share"][0]
    assert len(both["entry"]) == 4
    client.ask("deletePlaylist", id=playlist)


def test_what_cannot_be_shared_is_said(client: SubsonicClient) -> None:
    for thing in ("nope", "pe-aaaaaaaaaaaaa"):
        error = client.get("createShare", id=thing).json()["subsonic-response"]["error"]
        assert error["code"] == 70
        assert error["message"] == f"There is nothing with the id '{thing}' that can be shared."
    error = client.get("createShare", id="vi-aaaaaaaaaaaaa").json()["subsonic-response"]["error"]
    assert (error["code"], error["message"]) == (0, "Videos cannot be shared, only music.")


def command(data: Path, *words: str) -> None:
    run("users", *words, "--data", data, code=0)


def await_status(url: str, expected: int) -> None:
    """Wait until the server has noticed what a command did."""
    deadline = time.monotonic() + 30
    while (found := httpx.get(url).status_code) != expected:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def test_what_the_owner_loses_is_gone(client: SubsonicClient, server: RunningServer) -> None:
    client.ask("createUser", username="owner", password="x", email="", shareRole=True)
    album = client.songs()[0]["albumId"]
    with SubsonicClient(server.url, "owner", "x") as owner:
        made = owner.ask("createShare", id=album)["shares"]["share"][0]
    page = page_of(made).text
    assert "/download" not in page
    assert page.count("<audio ") == page.count('controlslist="nodownload"')
    assert of_id(client, made["id"])["username"] == "owner"
    for role in ("shareRole", "streamRole"):
        client.ask("updateUser", username="owner", **{role: False})
        assert page_of(made).status_code == 410
        client.ask("updateUser", username="owner", **{role: True})
        assert page_of(made).status_code == 200
    command(server.data, "roles", "owner", "--revoke", "share")
    await_status(made["url"], 410)
    client.ask("deleteUser", username="owner")
    assert page_of(made).status_code == 404


def test_what_is_converted_can_be_entered_anywhere(music: Path, tmp_path: Path) -> None:
    """Chromium seeks in nothing that has neither a length nor ranges, and shows no length."""
    with running_server(tmp_path, music=[music]) as server, server.client() as client:
        client.await_scan(tracks=5)
        song = next(one["id"] for one in client.songs() if one["suffix"] == "m4a")
        (made,) = client.ask("createShare", id=song)["shares"]["share"]
        address = f"{made['url']}/stream/{song}?format=mp3"
        first = httpx.get(address, headers={"Range": "bytes=0-"})
        size = len(first.content)
        assert first.status_code == 206
        assert first.headers["content-range"] == f"bytes 0-{size - 1}/{size}"
        # By then it is made, but this page was told a length.
        later = httpx.get(address, headers={"Range": f"bytes={size // 2}-"})
        assert later.status_code == 206
        assert later.headers["etag"] == first.headers["etag"]
        assert later.content == first.content[size // 2 :]


CONFIG = """
[server]
base_path = "/music"

[[libraries]]
name = "Music"
path = '{music}'

[[libraries]]
name = "Other"
path = '{other}'

[sharing]
downloads = true
expire_days = 0
"""


def test_below_a_path_behind_a_proxy_with_downloads(music: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    config = CONFIG.format(music=music, other=tmp_path / "other")
    (tmp_path / "config.toml").write_text(config)
    with running_server(tmp_path) as server, server.client() as client:
        client.await_scan(tracks=5)
        song = client.songs()[0]
        made = client.ask("createShare", id=song["albumId"])["shares"]["share"][0]
        assert "expires" not in made
        assert made["url"] == f"{server.url}/share/{made['id']}"
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(server.url))
        files = 0
        for link in links_of(page_of(made)):
            assert link.startswith("/music/share/")
            answer = httpx.get(origin + link)
            assert answer.status_code == 200
            files += answer.headers.get("content-disposition") == "attachment"
        assert files == len(made["entry"]) + 1
        archive = httpx.get(f"{made['url']}/download")
        assert archive.headers["content-type"] == "application/zip"
        names = ZipFile(BytesIO(archive.content)).namelist()
        assert len(names) == len(made["entry"]) + 1
        headers = {"Host": "music.example.com", "X-Forwarded-Proto": "https"}
        answer = client.get("getShares", headers=headers).json()["subsonic-response"]
        url = answer["shares"]["share"][0]["url"]
        assert url == f"https://music.example.com/music/share/{made['id']}"
        client.ask("updateUser", username="admin", musicFolderId=2)
        assert page_of(made).status_code == 410
        assert client.ask("getShares")["shares"]["share"][0]["entry"] == []


def test_sharing_that_is_off(music: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        "[sharing]\nenabled = false\n[server]\npublic_url = 'https://example.org'\n"
    )
    with running_server(tmp_path, music=[music]) as server, server.client() as client:
        client.await_scan(tracks=5)
        for endpoint in ("getShares", "createShare", "updateShare", "deleteShare"):
            assert client.error(endpoint, id=client.songs()[0]["id"]) == 0
        assert httpx.get(f"{server.url}/share/sh-aaaaaaaaaaaaa").status_code == 404
        wrong = client.http.get("/rest/ping", params={"apiKey": "x", "f": "json"}).json()
        help_url = wrong["subsonic-response"]["error"]["helpUrl"]
        assert help_url == "https://example.org/#app-passwords"
