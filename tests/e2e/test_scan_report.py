"""What a person or a script gets from `hydrophone scan report`."""

import csv
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import msgspec
import pytest

from hydrophone.domain.report import RemarkKind, ScanReport
from hydrophone.testing.audio_files import make_audio

WHOLE = {"title": "A", "artist": "B", "album": "C"}


def run(*words: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "hydrophone", *map(str, words)],
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, "COLUMNS": "160", "LC_ALL": "C", "PYTHONUTF8": "0"},
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scan a folder with something of each kind."""
    root = tmp_path_factory.mktemp("report")
    music = root / "Music"
    make_audio(music / "fine.mp3", tags=WHOLE)
    for name in ("=cmd|' /C calc'!A0.mp3", "new\nline.mp3", os.fsdecode(b"caf\xe9.mp3")):
        make_audio(
            music / name, frequency=500, tags={"title": name.encode(errors="replace").decode()}
        )
    cut = make_audio(music / "cut [red]x.mp3", seconds=3.0, tags=WHOLE)
    cut.write_bytes(cut.read_bytes()[:24_000])
    (music / "\x1b[31mbad.flac").write_bytes(b"no music")
    (music / "dangling\r.mp3").symlink_to("nowhere\x1b[2J")
    make_audio(root / "outside.mp3", frequency=900, tags=WHOLE)
    (music / "linked.mp3").symlink_to(root / "outside.mp3")
    (music / "disc.cue").write_text("no sheet")
    scan = run("scan", "--data", root / "data", "--music", music)
    assert scan.returncode == 3
    assert scan.stdout.splitlines()[-1] == b"8 files have remarks: hydrophone scan report"
    return root / "data"


def test_json(data: Path) -> None:
    answer = run("scan", "report", "--data", data, "--json")
    assert answer.returncode == 0
    report = msgspec.json.decode(answer.stdout, type=ScanReport)
    assert [(r.kind, r.library, r.path, r.reason) for r in report.remarks] == [
        ("unreadable", "Music", "\x1b[31mbad.flac", "not a FLAC file, or damaged"),
        ("length", "Music", "cut [red]x.mp3", "says 0:03, but holds 0:01 (cut off?)"),
        ("missing-tags", "Music", "=cmd|' /C calc'!A0.mp3", "has no artist and no album"),
        ("missing-tags", "Music", "caf\\xe9.mp3", "has no artist and no album"),
        ("missing-tags", "Music", "new\nline.mp3", "has no artist and no album"),
        (
            "name",
            "Music",
            "caf\\xe9.mp3",
            "a name that is no UTF-8, and so is shown escaped",
        ),
        ("passed-over", "Music", "dangling\r.mp3", "a link to what is not there: nowhere\x1b[2J"),
        ("passed-over", "Music", "disc.cue", "a CUE sheet: it names no file"),
        (
            "outside",
            "Music",
            "linked.mp3",
            f"a link out of the library, to {data.parent / 'outside.mp3'}",
        ),
    ]
    [group] = report.duplicates
    assert [(place.library, place.path) for place in group.files] == [
        ("Music", "=cmd|' /C calc'!A0.mp3"),
        ("Music", "caf\\xe9.mp3"),
        ("Music", "new\nline.mp3"),
    ]
    assert group.reason == "the same sound in 3 files"


def test_csv(data: Path) -> None:
    answer = run("scan", "report", "--data", data, "--csv")
    rows = list(csv.DictReader(StringIO(answer.stdout.decode(), newline="")))
    assert [row["kind"] for row in rows] == [
        RemarkKind.UNREADABLE,
        RemarkKind.LENGTH,
        *[RemarkKind.MISSING_TAGS] * 3,
        RemarkKind.NAME,
        *[RemarkKind.PASSED_OVER] * 2,
        RemarkKind.OUTSIDE,
        *["duplicate"] * 3,
    ]
    # A spreadsheet would run it.
    assert rows[2]["path"] == "'=cmd|' /C calc'!A0.mp3"
    # A script goes by lines, and a terminal obeys commands.
    assert rows[4]["path"] == r"new\x0aline.mp3"
    assert rows[6]["path"] == r"dangling\x0d.mp3"
    assert rows[6]["reason"] == r"a link to what is not there: nowhere\x1b[2J"
    assert len(answer.stdout.splitlines()) == 1 + len(rows)
    assert b"\x1b" not in answer.stdout
    assert {row["group"] for row in rows[:9]} == {""}
    assert {row["group"] for row in rows[9:]} == {"1"}


def test_table(data: Path) -> None:
    shown = run("scan", "report", "--data", data).stdout
    for title in (
        b"Could not be read",
        b"Shorter than they say",
        b"With a name that is no UTF-8",
        b"Passed over",
        b"With the same sound",
    ):
        assert title in shown
    assert b"cut [red]x.mp3" in shown
    # A file's name is no command for the terminal.
    assert b"\x1b" not in shown
    assert rb"\x1b[31mbad.flac" in shown


def test_nothing_to_say(tmp_path: Path) -> None:
    assert run("users", "add", "anna", "--data", tmp_path / "data").returncode == 0
    report = ("scan", "report", "--data", tmp_path / "data")
    assert b"nothing to remark" in run(*report).stdout
    empty = msgspec.json.decode(run(*report, "--json").stdout, type=ScanReport)
    assert empty == ScanReport(remarks=(), duplicates=())
    assert run(*report, "--csv").stdout == b"kind,library,path,reason,group\r\n"
    assert run(*report, "--csv", "--json").returncode == 2


def test_options_before_the_command_are_refused(tmp_path: Path) -> None:
    refused = run("scan", "--data", tmp_path, "report")
    assert refused.returncode == 2
    assert b"Options come behind 'report'" in refused.stderr
