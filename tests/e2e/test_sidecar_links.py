"""What lies beside music is read through links within its library, and through no others."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import running_server
from hydrophone.testing.video_files import FilmStock

SECRET = "first-password.txt"
SRT = "1\n00:00:00,500 --> 00:00:01,500\nSecret\n"
SHEET = """FILE "disc.flac" WAVE
  TRACK 01 AUDIO
    TITLE "One"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Two"
    INDEX 01 00:01:00
"""


def _song(path: Path, frequency: int) -> None:
    tags = {"title": path.stem, "artist": "A", "albumartist": "A", "album": path.parent.name}
    make_audio(path, seconds=2.0, frequency=frequency, tags=tags)


@pytest.fixture(scope="module")
def client(films: FilmStock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SubsonicClient]:
    base = tmp_path_factory.mktemp("links")
    data, music, disk = base / "data", base / "music", base / "disk"
    data.mkdir()
    (data / "config.toml").write_text(f"[transcoding]\nffmpeg = '{find_ffmpeg()}'\n")
    (disk / "words").mkdir(parents=True)
    (disk / "words" / "out.lrc").write_text("[00:01.00]Of the disk")
    (disk / "secret.jpg").write_bytes(make_picture(color="red", size=64))
    (disk / "secret.cue").write_text(SHEET)
    (disk / "secret.srt").write_text(SRT)
    (disk / "secret.m3u").write_text("#PLAYLIST:Secret\nwithin.mp3\n")
    # Links that lead out, to the server's own folder and elsewhere.
    _song(music / "Out" / "password.mp3", 300)
    (music / "Out" / "password.txt").symlink_to(data / SECRET)
    _song(music / "Out" / "out.mp3", 320)
    (music / "Out" / "out.lrc").symlink_to(disk / "words" / "out.lrc")
    (music / "Out" / "cover.jpg").symlink_to(disk / "secret.jpg")
    (music / "Out" / "list.m3u").symlink_to(disk / "secret.m3u")
    _song(music / "Sheet" / "disc.flac", 340)
    (music / "Sheet" / "disc.cue").symlink_to(disk / "secret.cue")
    film = films.put(music / "Films" / "Tea.mkv")
    film.with_suffix(".srt").symlink_to(disk / "secret.srt")
    # Links within the library.
    (music / "texts").mkdir()
    (music / "texts" / "any.lrc").write_text("[00:01.00]Of the library")
    (music / "texts" / "any.jpg").write_bytes(make_picture(color="lime", size=64))
    _song(music / "In" / "within.mp3", 360)
    (music / "In" / "within.lrc").symlink_to("../texts/any.lrc")
    (music / "In" / "cover.jpg").symlink_to("../texts/any.jpg")
    # A folder of another disk, with links of its own.
    _song(disk / "album" / "CD 1" / "linked.mp3", 380)
    (disk / "album" / "any.lrc").write_text("[00:01.00]Of the linked folder")
    (disk / "album" / "CD 1" / "linked.lrc").symlink_to("../any.lrc")
    (music / "Linked").symlink_to(disk / "album")
    with running_server(data, music=[music]) as server, server.client() as client:
        client.await_scan(tracks=5)
        yield client


def _tracks(client: SubsonicClient) -> dict[str, dict[str, str]]:
    found = client.ask("search3", query="", songCount=50)["searchResult3"]["song"]
    return {song["title"]: song for song in found}


def _words(client: SubsonicClient, title: str) -> list[str]:
    identifier = _tracks(client)[title]["id"]
    found = client.ask("getLyricsBySongId", id=identifier)["lyricsList"]["structuredLyrics"]
    return [line["value"] for lyrics in found for line in lyrics["line"]]


def _color(client: SubsonicClient, title: str) -> tuple[int, int, int]:
    query = {**client.login, "id": _tracks(client)[title]["coverArt"], "size": "32"}
    answer = client.http.get("/rest/getCoverArt", params=query)
    picture = Image.open(io.BytesIO(answer.content)).convert("RGB").getpixel((16, 16))
    assert isinstance(picture, tuple)
    return int(picture[0]), int(picture[1]), int(picture[2])


@pytest.mark.parametrize("title", ["password", "out"])
def test_no_words_from_outside_are_shown(client: SubsonicClient, title: str) -> None:
    assert _words(client, title) == []


def test_no_picture_from_outside_is_shown(client: SubsonicClient) -> None:
    red, green, _ = _color(client, "out")
    assert not (red > 200 and green < 50)


def test_no_sheet_from_outside_cuts_a_file(client: SubsonicClient) -> None:
    assert set(_tracks(client)) == {"disc", "linked", "out", "password", "within"}


def test_no_playlist_from_outside_is_made(client: SubsonicClient) -> None:
    names = [one["name"] for one in client.ask("getPlaylists")["playlists"].get("playlist", [])]
    assert "Secret" not in names


def test_no_captions_from_outside_are_listed(client: SubsonicClient) -> None:
    [video] = client.ask("getVideos")["videos"]["video"]
    info = client.ask("getVideoInfo", id=video["id"])["videoInfo"]
    assert info.get("captions", []) == []


@pytest.mark.parametrize(
    ("title", "words"), [("within", "Of the library"), ("linked", "Of the linked folder")]
)
def test_links_within_the_library_and_in_linked_folders_are_followed(
    client: SubsonicClient, title: str, words: str
) -> None:
    assert _words(client, title) == [words]


def test_a_cover_is_shown_through_a_link_within_the_library(client: SubsonicClient) -> None:
    red, green, _ = _color(client, "within")
    assert green > 200
    assert red < 50
