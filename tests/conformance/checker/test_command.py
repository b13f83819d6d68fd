"""The command: against our own server and a faulty one, each a real process or a real socket."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import httpx
import pytest
from lxml import etree
from tests.conformance.checker.command import PASSWORD, run, served

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.model_subsonic import KEY, ModelServer, Wrong
from hydrophone.testing.model_subsonic.faults import with_code
from hydrophone.testing.server import RunningServer, running_server
from hydrophone_subsonic.conformance.rules import RULES

FOLDER = "The server has one music folder."


COMMAND = [sys.executable, "-m", "hydrophone_subsonic.conformance"]


def check(server: RunningServer, *arguments: str, **environment: str) -> dict[str, str]:
    """Run the command over all rules; return those that were skipped, and why."""
    finished = subprocess.run(
        [*COMMAND, server.url, *arguments, "--write", "--format", "json"],
        capture_output=True, text=True, timeout=120, env={**os.environ, **environment},
    )  # fmt: skip
    results = json.loads(finished.stdout)["results"]
    assert [one for one in results if one["outcome"] == "failed"] == []
    assert [one for one in results if one["notPutBack"]] == []
    assert finished.returncode == 0
    assert len(results) == len(RULES)
    return {one["id"]: one["message"] for one in results if one["outcome"] == "skipped"}


@pytest.mark.slow
def test_our_server_passes_and_nothing_is_skipped(
    server: RunningServer, ids: dict[str, str], new_api_key: Callable[[RunningServer], str]
) -> None:
    """With all that it can have switched on, and by both kinds of login, for each has own rules."""
    assert ids
    by_password = check(server, "-u", server.user, SUBSONIC_PASSWORD=server.password)
    by_key = check(server, SUBSONIC_API_KEY=new_api_key(server))
    twice = by_password.keys() & by_key.keys()
    assert twice == {rule.id for rule in RULES if rule.chapter == "folders"}
    assert set(by_password.values()) == {
        "Needs a login by API key.",
        "No API key was given.",
        FOLDER,
    }
    assert set(by_key.values()) == {"Needs a password, and an API key was given.", FOLDER}


@pytest.mark.slow
def test_our_server_keeps_music_folders_apart(tmp_path: Path) -> None:
    folders = [tmp_path / "One", tmp_path / "Two"]
    for number, folder in enumerate(folders):
        tags = {"artist": f"Artist {number}", "album": f"Album {number}", "genre": "Rock"}
        make_audio(
            folder / f"Artist {number}" / "1.flac",
            seconds=1.0,
            tags={**tags, "title": f"Song {number}"},
        )
    with running_server(tmp_path / "data", music=folders) as server:
        with server.client() as client:
            client.await_scan(tracks=2)
        chapter = ("--write", "--only", "folders")
        finished = run(server.url, "-u", server.user, *chapter, password=server.password)
    assert finished.exit_code == 0, finished.stdout
    assert "Skipped" not in finished.stdout


SHEET = """PERFORMER "Anna"
TITLE "0 Disc"
FILE "disc.flac" WAVE
  TRACK 01 AUDIO
    TITLE "Low"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "High"
    INDEX 01 00:01:00
"""


SMART = '{"name": "0 Smart", "all": [{"gt": {"duration": 0}}], "sort": "title"}'


@pytest.mark.slow
def test_our_server_passes_with_a_cue_sheet_and_a_smart_playlist_in_front(tmp_path: Path) -> None:
    """What they give differs: tracks without length and ranges at first, and another validUntil."""
    disc, album = tmp_path / "Music" / "0 Disc", tmp_path / "Music" / "Album"
    make_audio(disc / "disc.flac", seconds=3.0)
    (disc / "disc.cue").write_text(SHEET)
    tags = {"artist": "Bert", "albumartist": "Bert", "album": "Album", "title": "Whole"}
    make_audio(album / "1.flac", seconds=2.0, tags=tags)
    (album / "smart.nsp").write_text(SMART)
    chapters = (
        "media", "conversion", "hls", "transcoding", "web_players", "compatibility", "playlists"
    )  # fmt: skip
    only = [word for chapter in chapters for word in ("--only", chapter)]
    with running_server(tmp_path / "data", music=[tmp_path / "Music"]) as server:
        with server.client() as client:
            client.await_scan(tracks=3)
        finished = run(server.url, "-u", server.user, *only, password=server.password)
    assert finished.exit_code == 0, finished.stdout
    assert "sent as a file" not in finished.stdout
    assert "The library has no playlist." not in finished.stdout


def test_all_passed() -> None:
    with served(ModelServer()) as url:
        finished = run(f"{url}/rest/", "-u", "admin", "--password-stdin", "--only", "browsing",
                       given=f"{PASSWORD}\n")  # fmt: skip
    assert finished.exit_code == 0, finished.stderr
    assert "Browsing" in finished.stdout
    assert "100 %" in finished.stdout
    assert "Playlists" not in finished.stdout
    assert "model 1, OpenSubsonic 1.16.1, as admin" in finished.stderr


def test_rules_that_were_skipped_are_named_by_the_reason() -> None:
    with served(ModelServer()) as url:
        finished = run(url, "-u", "admin", "--only", "system", "--only", "chat", password=PASSWORD)
    skipped = finished.stdout.partition("Skipped\n")[2]
    assert skipped.splitlines() == [
        "4 x Needs a login by API key.",
        "  tokenInfo.json tokenInfo.xml tokenInfo.same tokenInfo.ways",
        "Needs --write.",
        "  addChatMessage.missing",
    ]


def test_failures_are_told_without_secrets() -> None:
    wrong = Wrong(**with_code("getArtist", 0))
    with served(ModelServer(wrong)) as url:
        finished = run(url, "-u", "admin", "--only", "browsing", password=PASSWORD)
        machine = run(url, "-u", "admin", "--only", "browsing", "--format", "junit",
                      password=PASSWORD)  # fmt: skip
    assert finished.exit_code == 1
    text = finished.stdout
    assert "FAILED getArtist.unknown (must)" in text
    assert "Expected a failure with code 70, got code 0." in text
    assert "asked GET /rest/getArtist.view?u=admin&t=***&s=***" in text
    assert "came  200 application/json" in text
    assert PASSWORD not in text + finished.stderr
    suite = etree.fromstring(machine.stdout.encode())[0]
    assert suite.get("failures") == "2"
    assert suite.find("testcase[@name='getArtist.unknown']/failure") is not None
    assert machine.exit_code == 1


def test_an_api_key_alone() -> None:
    with served(ModelServer()) as url:
        finished = run(url, "--api-key", KEY, "--only", "system")
    assert finished.exit_code == 0, finished.stdout + finished.stderr
    assert KEY not in finished.stdout + finished.stderr


def test_nothing_can_be_checked() -> None:
    with served(ModelServer()) as url:
        finished = run(url, "-u", "admin", password="wrong")
        assert finished.exit_code == 2
        assert "Cannot log in: the server answers with code 40 (No.)." in finished.stderr
        assert run(url, password="x").exit_code == 2
        assert run(url, "-u", "admin", "--only", "cooking", password="x").exit_code == 2
    gone = run(url, "-u", "admin", password=PASSWORD)
    assert gone.exit_code == 2
    assert "Nobody answers" in gone.stderr
    for address in ("ftp://127.0.0.1", "127.0.0.1:4040"):
        lost = run(address, "-u", "admin", password="x")
        assert lost.exit_code == 2
        assert f"{address} is no address" in lost.stderr


def test_examples_in_the_help_are_lines_of_their_own() -> None:
    lines = run("--help").stdout.splitlines()
    assert "  python -m hydrophone_subsonic.conformance http://127.0.0.1:4040 -u admin" in lines


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_gently(number: signal.Signals) -> None:
    """It comes while the playlist that was asked for is being made."""
    model = ModelServer()
    before = dict(model.playlists)
    reached, sent = Event(), Event()

    def after(
        _: httpx.Request, name: str, __: dict[str, list[str]], response: httpx.Response
    ) -> httpx.Response:
        if name == "createPlaylist" and not reached.is_set() and len(model.playlists) > 1:
            reached.set()
            sent.wait(60)
            time.sleep(0.5)
        return response

    model.wrong = Wrong(after=after)
    with served(model) as url:
        process = subprocess.Popen(
            [*COMMAND, url, "-u", "admin", "--write", "--only", "playlists"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "SUBSONIC_PASSWORD": PASSWORD},
        )  # fmt: skip
        assert reached.wait(60)
        process.send_signal(number)
        sent.set()
        output, errors = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "nothing was left changed" in errors
    assert "Playlists" in output
    assert "NOT FINISHED: Interrupted." in output
    assert model.playlists == before


def test_it_runs_nothing_of_a_server() -> None:
    """It is a stranger to the server, and starts in a moment."""
    code = (
        "import sys, hydrophone_subsonic.conformance.cli\n"
        "print({'hydrophone', 'litestar', 'sqlalchemy', 'hydrophone_subsonic.layer'}"
        " & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout == "set()\n"
