"""Videos through the real server: listed, sent with ranges, with their captions."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import running_server
from hydrophone.testing.video_files import FilmStock

SRT = "1\n00:00:00,500 --> 00:00:01,500\nTee & <b>söng</b>\n"
ASS = """[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.50,0:00:01.50,Default,,0,0,0,,{\\pos(1,2)}Thé
"""


@pytest.fixture(scope="module")
def films_folder(films: FilmStock, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("films")
    film = films.put(root / "Films" / "Tea.mkv", sounds=["eng", "ger"], captions=["fre"])
    film.with_suffix(".de.srt").write_text(SRT, "utf-8")
    film.with_suffix(".fr.ass").write_text(ASS, "utf-8")
    film.with_suffix(".xx.srt").write_bytes(b"\xff\xfe\0nothing")
    films.put(root / "Films" / "10.mp4", number=1)
    films.put(root / "Films" / "9.mkv", number=2)
    (root / "Films" / "9.png").write_bytes(make_picture(color="teal", size=100))
    make_audio(root / "Music" / "song.mp3", seconds=1.0, frequency=300)
    return root


@pytest.fixture(scope="module")
def ffmpeg_calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tell the file to which the server's ffmpeg adds a line for each call."""
    return tmp_path_factory.mktemp("calls") / "calls"


@pytest.fixture(scope="module")
def client(
    films_folder: Path, ffmpeg_calls: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SubsonicClient]:
    data = tmp_path_factory.mktemp("data")
    program = ffmpeg_calls.with_name("ffmpeg")
    script = f'#!/bin/sh\necho "$*" >> "{ffmpeg_calls}"\nexec "{find_ffmpeg()}" "$@"\n'
    program.write_text(script)
    program.chmod(0o700)
    (data / "config.toml").write_text(f"[transcoding]\nffmpeg = '{program}'\n")
    with running_server(data, music=[films_folder]) as server, server.client() as client:
        client.await_scan(tracks=1)
        yield client


def listed(client: SubsonicClient) -> dict[str, dict[str, Any]]:
    found = client.ask("getVideos")["videos"]["video"]
    return {video["title"]: video for video in found}


def test_all_videos_are_listed_by_title(client: SubsonicClient) -> None:
    videos = listed(client)
    assert list(videos) == ["9", "10", "Tea"]
    tea = videos["Tea"]
    assert tea["isVideo"] is True
    assert tea["isDir"] is False
    assert tea["type"] == "video"
    assert tea["contentType"] == "video/x-matroska"
    assert (tea["originalWidth"], tea["originalHeight"]) == (64, 64)
    assert tea["duration"] == 2
    assert tea["path"] == "Films/Tea.mkv"
    assert tea["created"].endswith("Z")
    assert "starred" not in tea


def test_details_tell_sounds_and_captions(client: SubsonicClient) -> None:
    tea = listed(client)["Tea"]["id"]
    info = client.ask("getVideoInfo", id=tea)["videoInfo"]
    assert info["id"] == tea
    assert info["audioTrack"] == [
        {"id": "0", "name": "eng", "languageCode": "eng"},
        {"id": "1", "name": "ger", "languageCode": "ger"},
    ]
    names = [one["name"] for one in info["captions"]]
    assert names == ["Tea.de.srt", "Tea.fr.ass", "Tea.xx.srt", "fre"]


@pytest.mark.parametrize("method", ["stream", "download"])
def test_a_video_is_sent_as_it_is_with_ranges(
    client: SubsonicClient, films_folder: Path, method: str
) -> None:
    content = (films_folder / "Films" / "Tea.mkv").read_bytes()
    query = {**client.login, "id": listed(client)["Tea"]["id"], "format": "raw"}
    whole = client.http.get(f"/rest/{method}", params=query)
    assert whole.content == content
    assert whole.headers["content-type"] == "video/x-matroska"
    assert whole.headers["accept-ranges"] == "bytes"
    part = client.http.get(f"/rest/{method}", params=query, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.content == content[100:200]
    head = client.http.head(f"/rest/{method}", params=query)
    assert head.headers["content-length"] == str(len(content))


def test_a_video_in_the_form_that_plays_everywhere(
    client: SubsonicClient, films_folder: Path
) -> None:
    videos = listed(client)
    tea, ten = videos["Tea"]["id"], videos["10"]["id"]
    (offered,) = client.ask("getVideoInfo", id=tea)["videoInfo"]["conversion"]
    assert (offered["id"], offered["audioTrackId"]) == (tea, 0)
    assert offered["bitRate"] > 0
    query = {**client.login, "converted": "true"}
    sent = client.http.get("/rest/stream", params={**query, "id": tea})
    assert sent.headers["content-type"] == "video/mp4"
    assert sent.content[4:8] == b"ftyp"
    assert b"avc1" in sent.content
    assert b"mp4a" in sent.content
    assert client.ask("getVideoInfo", id=ten)["videoInfo"]["conversion"] == []
    sent = client.http.get("/rest/stream", params={**query, "id": ten})
    assert sent.content == (films_folder / "Films" / "10.mp4").read_bytes()


def captions(client: SubsonicClient, identifier: str, **wanted: str) -> Any:
    query = {**client.login, "id": identifier, "f": "json", **wanted}
    return client.http.get("/rest/getCaptions", params=query)


def test_captions_of_a_video_are_its_first_ones(client: SubsonicClient) -> None:
    tea = listed(client)["Tea"]["id"]
    plain = captions(client, tea)
    assert plain.headers["content-type"].startswith("application/x-subrip")
    assert plain.text == SRT
    web = captions(client, tea, format="vtt")
    assert web.headers["content-type"].startswith("text/vtt")
    assert web.text == ("WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nTee &amp; <b>söng</b>\n")


@pytest.mark.parametrize(("name", "words"), [("Tea.fr.ass", "Thé"), ("fre", "Good evening.")])
@pytest.mark.parametrize("wanted", ["srt", "vtt"])
def test_each_captions_have_an_id(
    client: SubsonicClient, name: str, words: str, wanted: str
) -> None:
    info = client.ask("getVideoInfo", id=listed(client)["Tea"]["id"])["videoInfo"]
    identifier = next(one["id"] for one in info["captions"] if one["name"] == name)
    point = "," if wanted == "srt" else "."
    text = captions(client, identifier, format=wanted).text
    # Within the film they begin when its sound does, some milliseconds later.
    assert f"00:00:00{point}5" in text
    assert f"\n{words}\n" in text


def test_a_film_is_read_through_once_for_its_captions(
    client: SubsonicClient, ffmpeg_calls: Path
) -> None:
    info = client.ask("getVideoInfo", id=listed(client)["Tea"]["id"])["videoInfo"]
    identifier = next(one["id"] for one in info["captions"] if one["name"] == "fre")

    def readings() -> int:
        return ffmpeg_calls.read_text().count("Tea.mkv -map 0:s:0")

    text = captions(client, identifier, format="srt").text
    before = readings()
    assert captions(client, identifier, format="srt").text == text
    assert captions(client, identifier, format="vtt").text.startswith("WEBVTT")
    assert readings() == before == 1


def test_captions_that_are_none_answer_a_clear_error(client: SubsonicClient) -> None:
    videos = listed(client)
    refused = captions(client, videos["10"]["id"]).json()["subsonic-response"]["error"]
    assert refused["code"] == 70
    assert refused["message"] == "This video has no captions."
    info = client.ask("getVideoInfo", id=videos["Tea"]["id"])["videoInfo"]
    broken = next(one["id"] for one in info["captions"] if one["name"] == "Tea.xx.srt")
    answer = captions(client, broken).json()["subsonic-response"]
    assert answer["error"]["code"] == 0


def test_a_link_of_captions_leads_to_no_other_file(
    client: SubsonicClient, films_folder: Path
) -> None:
    sidecar = films_folder / "Films" / "Tea.de.srt"
    kept = sidecar.read_bytes()
    secret = films_folder.parent / f"{films_folder.name}-secret.txt"
    secret.write_text(SRT)
    sidecar.unlink()
    sidecar.symlink_to(secret)
    try:
        answer = captions(client, listed(client)["Tea"]["id"]).json()["subsonic-response"]
        assert answer["error"]["code"] == 70
    finally:
        sidecar.unlink()
        sidecar.write_bytes(kept)
        shutil.copystat(films_folder / "Films" / "Tea.fr.ass", sidecar)


def picture(client: SubsonicClient, identifier: str, **wanted: str) -> Image.Image:
    query = {**client.login, "id": identifier, **wanted}
    answer = client.http.get("/rest/getCoverArt", params=query)
    assert answer.headers["content-type"].startswith("image/")
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def test_a_video_shows_a_picture_out_of_it(client: SubsonicClient) -> None:
    tea = listed(client)["Tea"]
    assert tea["coverArt"] == tea["id"]
    for wanted in ({}, {"size": "32"}, {"size": "32"}):
        shown = picture(client, tea["coverArt"], **wanted)
        assert max(shown.size) == int(wanted.get("size", "64"))
        # A drawn one is of one colour and letters; ffmpeg's test picture is of all colours.
        assert len(shown.quantize(16).getcolors() or []) > 8


def test_a_picture_beside_a_video_is_its_own(client: SubsonicClient) -> None:
    nine = listed(client)["9"]
    assert nine["coverArt"].startswith("im-")
    shown = picture(client, nine["coverArt"])
    assert shown.size == (100, 100)
    assert picture(client, nine["id"]).size == (100, 100)


def test_videos_are_starred_rated_announced_and_marked(client: SubsonicClient) -> None:
    ten = listed(client)["10"]["id"]
    client.ask("star", id=ten)
    client.ask("setRating", id=ten, rating=4)
    client.ask("createBookmark", id=ten, position=1500, comment="here")
    client.ask("scrobble", id=ten, time=1_700_000_000_000)
    client.ask("scrobble", id=ten, submission=False)
    shown = listed(client)["10"]
    assert shown["userRating"] == 4
    assert shown["bookmarkPosition"] == 1500
    assert shown["playCount"] == 1
    assert shown["starred"].endswith("Z")
    for lists in (client.ask("getStarred")["starred"], client.ask("getStarred2")["starred2"]):
        assert [(one["id"], one["isVideo"]) for one in lists["song"]] == [(ten, True)]
    assert client.ask("getStarred2", musicFolderId=99)["starred2"]["song"] == []
    [bookmark] = client.ask("getBookmarks")["bookmarks"]["bookmark"]
    assert (bookmark["entry"]["id"], bookmark["entry"]["isVideo"]) == (ten, True)
    [playing] = client.ask("getNowPlaying")["nowPlaying"]["entry"]
    assert playing["id"] == ten
    client.ask("savePlayQueue", id=[ten], current=ten)
    assert client.ask("getPlayQueue")["playQueue"]["entry"][0]["isVideo"] is True
    client.ask("unstar", id=ten)
    client.ask("deleteBookmark", id=ten)
    assert {"starred", "bookmarkPosition"}.isdisjoint(listed(client)["10"])
    assert client.ask("getStarred2")["starred2"]["song"] == []


def test_folders_show_their_videos(client: SubsonicClient) -> None:
    tea = listed(client)["Tea"]
    directory = client.ask("getMusicDirectory", id=tea["parent"])["directory"]
    assert [(one["title"], one["isVideo"]) for one in directory["child"]] == [
        ("9", True),
        ("10", True),
        ("Tea", True),
    ]
