"""A folder full of odd, broken and hostile files: all that is music is served, nothing else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
import pytest
from lxml import etree
from tests.e2e.hostile_library import BOMB, CUT, ODD_NAMES, SHARES, make_hostile_library

from hydrophone.domain.report import RemarkKind, ScanReport
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.processes import descendants
from hydrophone.testing.server import RunningServer, running_server

SECRET = "root:x:0:0:"
MOST_MEMORY_MIB = 450
"""Of any process of the server; a worker of a scan may have 256 MiB and what Python needs."""


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_hostile_library(tmp_path_factory.mktemp("hostile"))


class _Memory(Thread):
    """Notes the largest resident set of each process below one, until it is enough."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._enough = Event()
        self.peaks: dict[int, int] = {}

    def run(self) -> None:
        while not self._enough.wait(0.02):
            for pid in {self._pid, *descendants(self._pid)}:
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                peak = [line.split()[1] for line in status.splitlines() if line[:5] == "VmHWM"]
                self.peaks[pid] = max([self.peaks.get(pid, 0), *map(int, peak)])

    def stop(self) -> int:
        """Return the most in MiB."""
        self._enough.set()
        self.join()
        return max(self.peaks.values()) // 1024


@pytest.fixture(scope="module")
def server(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Serve the folder; no process may eat the memory, neither at scanning nor later."""
    with running_server(tmp_path_factory.mktemp("data"), music=[music]) as running:
        memory = _Memory(running.process.pid)
        memory.start()
        with running.client() as client:
            status = client.ask("getScanStatus")["scanStatus"]
            while status["scanning"] or not status["count"]:
                status = client.ask("getScanStatus")["scanStatus"]
        yield running
        assert len(memory.peaks) > 2
        assert memory.stop() < MOST_MEMORY_MIB
        log = running.log.read_text(errors="replace")
        assert "Traceback" not in log, log[-4000:]


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as logged_in:
        yield logged_in


@pytest.fixture(scope="module")
def songs(client: SubsonicClient) -> dict[str, dict[str, Any]]:
    return {song["path"]: song for song in client.songs()}


@pytest.fixture(scope="module")
def report(server: RunningServer) -> dict[str, tuple[RemarkKind, ...]]:
    """Return what the report says, by path."""
    command = [sys.executable, "-m", "hydrophone", "scan", "report", "--json", "--data"]
    answer = subprocess.run([*command, server.data], capture_output=True, check=True)
    found: dict[str, tuple[RemarkKind, ...]] = {}
    for remark in msgspec.json.decode(answer.stdout, type=ScanReport).remarks:
        found[remark.path] = (*found.get(remark.path, ()), remark.kind)
    return found


def test_what_is_music_is_there(songs: dict[str, dict[str, Any]]) -> None:
    for path in (
        "fine/fine.mp3",
        "disguised/named.mp3",
        "links/song.mp3",
        "links/music elsewhere/there.mp3",
        "bomb/beside.mp3",
        "embedded/in.mp3",
        *(f"tags/{name}.mp3" for name in ("long", "control", "surrogates", "nothing", "markup")),
    ):
        assert any(known.endswith(path.rpartition("/")[2]) for known in songs), path
    assert len([path for path in songs if path.startswith("odd/")]) == len(ODD_NAMES)


def test_the_rest_is_in_the_report(
    songs: dict[str, dict[str, Any]], report: dict[str, tuple[RemarkKind, ...]]
) -> None:
    for name in ("text.mp3", "empty.mp3", "concat.mp3", "hls.mp3"):
        assert report[f"disguised/{name}"] == (RemarkKind.UNREADABLE,)
    assert report["links/passwd.mp3"] == (RemarkKind.UNREADABLE, RemarkKind.OUTSIDE)
    assert report["special/sparse.mp3"] == (RemarkKind.UNREADABLE,)
    for name in ("pipe", "zero", "socket"):
        assert any(
            kinds == (RemarkKind.PASSED_OVER,) for path, kinds in report.items() if name in path
        )
    odd = [path for path, kinds in report.items() if RemarkKind.NAME in kinds]
    assert odd == ["odd/caf\\xe9 \\xff.mp3"]
    # The kernel takes no longer path: nothing below is seen, and that is said.
    assert any(
        kinds == (RemarkKind.UNREADABLE,) for path, kinds in report.items() if "level" in path
    )
    told = {RemarkKind.UNREADABLE, RemarkKind.LENGTH}
    for suffix in CUT:
        for share in SHARES:
            assert told & set(report[f"cut/{share}.{suffix}"]), (share, suffix)


def test_everything_that_is_listed_can_be_browsed_in_xml_and_json(
    client: SubsonicClient, songs: dict[str, dict[str, Any]]
) -> None:
    login = {key: value for key, value in client.login.items() if key != "f"}
    indexes = client.ask("getIndexes")["indexes"]
    pending = [entry["id"] for letter in indexes["index"] for entry in letter["artist"]]
    asked = [("getIndexes", "")]
    seen = set()
    while pending:
        identifier = pending.pop()
        asked.append(("getMusicDirectory", identifier))
        listing = client.ask("getMusicDirectory", id=identifier)["directory"]
        for child in listing.get("child", []):
            if child["isDir"]:
                pending.append(child["id"])
            else:
                seen.add(child["id"])
    here = {child["id"] for child in indexes.get("child", [])}
    assert seen | here == {song["id"] for song in songs.values()}
    asked += [("getAlbum", song["albumId"]) for song in songs.values()]
    asked += [("getSong", song["id"]) for song in songs.values()]
    for endpoint, identifier in asked:
        answer = client.http.get(f"/rest/{endpoint}", params={**login, "id": identifier})
        root = etree.fromstring(answer.content)
        assert root.get("status") == "ok"
        json.loads(client.get(endpoint, id=identifier).content)


def test_all_of_it_can_be_downloaded_byte_for_byte(
    client: SubsonicClient, songs: dict[str, dict[str, Any]], music: Path
) -> None:
    folders = [path for path in music.iterdir() if not path.name.startswith("level")]
    files = [path for folder in folders for path in folder.iterdir() if _is_small(path)]
    kept = {path.read_bytes() for path in [*files, *music.glob("links/*/*.mp3")]}
    for path, song in songs.items():
        if "level" in path or "sparse" in path:
            continue
        answer = client.get("download", id=song["id"])
        assert answer.status_code == 200
        if len(answer.content) < 10_000_000:
            assert answer.content in kept, path
        assert len(answer.content) == song["size"]


def _is_small(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size < 10_000_000
    except OSError:
        return False


def test_no_other_file_is_opened(client: SubsonicClient, songs: dict[str, dict[str, Any]]) -> None:
    for path, song in songs.items():
        if path.startswith("disguised/"):
            sent = client.get("stream", id=song["id"], format="mp3", maxBitRate=64)
            # Thirty seconds of the secret would be 240 KB.
            assert len(sent.content) < 60_000, path
        if path.startswith("links/"):
            assert SECRET not in client.get("getLyricsBySongId", id=song["id"]).text
            assert SECRET.encode() not in client.get("getCoverArt", id=song["id"]).content
            assert SECRET.encode() not in client.get("download", id=song["id"]).content


@pytest.mark.parametrize("size", [5000, 300])
def test_pictures_that_are_too_large_are_drawn(
    client: SubsonicClient, songs: dict[str, dict[str, Any]], size: int
) -> None:
    for path, song in songs.items():
        if path.startswith((BOMB, "embedded")):
            answer = client.get("getCoverArt", id=song["coverArt"], size=size)
            assert answer.headers["content-type"].startswith("image/")
            assert b"IHDR\x00\x002\xc8" not in answer.content


def test_the_next_scan_finds_nothing_new(
    client: SubsonicClient, songs: dict[str, dict[str, Any]]
) -> None:
    client.ask("startScan")
    client.await_scan(tracks=len(songs), seconds=60)
    assert {song["id"] for song in client.songs()} == {song["id"] for song in songs.values()}
