"""What `hydrophone archive` prints, by the real command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive_emulator import Emulator
from hydrophone.testing.faults import web_page
from hydrophone.testing.installed import environment, install

NIGHT = [
    "Grateful Dead: 1977-05-08 Barton Hall, Cornell University, Ithaca, NY",
    "  gd77-05-08.sbd.hicks.4982.sbeok.shnf  Soundboard, Rob Eaton, #4982  4.8/5 by 350",
    "  gd1977-05-08.mtx.seamons.95500.flac16  Matrix, Jay Ashley (AUD), #95500  4.9/5 by 80",
]


@pytest.fixture(scope="module")
def data(running_archive: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration, and one in which the plugin is installed."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "config.toml").write_text(
        f'[plugins.internet_archive]\nbase_url = "{running_archive.url}"\n'
    )
    install(folder / "site", "internet_archive", "hydrophone_internet_archive:InternetArchive")
    return folder


def run(data: Path, *words: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "hydrophone", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment(data / "site")},
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if code == 0 else done.stderr


def test_search_shows_nights_with_their_recordings(data: Path) -> None:
    shown = run(data, "archive", "search", "cornell", "1977", "--data", str(data)).splitlines()
    assert shown[:3] == NIGHT
    assert len(shown) == 6


def test_concerts_are_by_date(data: Path) -> None:
    words = ("archive", "concerts", "grateful dead", "--year", "1977", "--data", str(data))
    shown = run(data, *words).splitlines()
    assert shown[0] == "1977-05-08 Barton Hall, Cornell University, Ithaca, NY"
    # As browsing has them: those of no date, or of an odd one, by the date in their names.
    assert [line for line in shown if line[0] != " "] == [
        shown[0],
        "1977-05-09",
        "1977-05-13",
        "1977-05-14",
        "1977-05-15",
        "1977-XX-XX",
    ]
    every = run(data, "archive", "concerts", "Grateful Dead", "--data", str(data))
    assert "1982-04-06 Spectrum\n  gd1982-04-06.aud.1002.flac16" in every


def test_show_says_what_would_be_fetched(data: Path) -> None:
    words = ("archive", "show", "gd77-05-08.sbd.hicks.4982.sbeok.shnf", "--data", str(data))
    shown = run(data, *words).splitlines()
    assert "  place: Barton Hall, Cornell University, Ithaca, NY" in shown
    assert "  1-01  New Minglewood Blues  0:02  [VBR MP3]" in shown
    assert shown[shown.index("Recordings of this night, the best first:") + 1] == NIGHT[1]
    refused = run(data, "archive", "show", "tqo2005-01-03.sbd.flac16", "--data", str(data))
    assert "[The Internet Archive restricts this recording" in refused


def test_what_has_been_taken_down_is_said(data: Path, internet_archive: Emulator) -> None:
    words = ("archive", "show", "tqo2005-01-05.sbd.flac16", "--data", str(data))
    assert "has taken this recording down" in run(data, *words, code=1)
    emptied = internet_archive.items["gd1981-03-28.aud.1001.flac16"]
    files, emptied.entries = emptied.entries, []
    try:
        shown = run(data, "archive", "show", emptied.identifier, "--data", str(data), code=1)
    finally:
        emptied.entries = files
    assert "has no music in this recording any more" in shown


def test_what_is_not_there_is_said(data: Path) -> None:
    assert "has nothing there" in run(data, "archive", "show", "x", "--data", str(data), code=1)


def test_trouble_is_said(data: Path, internet_archive: Emulator) -> None:
    internet_archive.main.fail(web_page())
    assert "a web page" in run(data, "archive", "search", "x", "--data", str(data), code=1)
    checked = run(data, "plugins", "check", "internet_archive", "--data", str(data), code=1)
    assert "a web page" in checked
    internet_archive.main.recover()
    checked = run(data, "plugins", "check", "internet_archive", "--data", str(data))
    assert "27 recordings in etree" in checked
    assert "https://archive.org/details/etree" in checked


def test_help_needs_no_configuration(data: Path) -> None:
    shown = run(data, "archive", "--help")
    for command in ("search", "concerts", "show"):
        assert command in shown
