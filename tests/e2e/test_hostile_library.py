"""A folder full of odd, broken and hostile files: all that is music is served, nothing else."""

import json
import os
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
import pytest
from lxml import etree

from hydrophone.domain.report import RemarkKind, ScanReport
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.processes import descendants
from hydrophone.testing.server import RunningServer, running_server

SECRET = "root:x:0:0:"
CUT = ("mp3", "flac", "ogg", "opus", "m4a", "wav", "aiff", "wma", "wv", "ape", "mpc", "dsf", "dff")
SHARES = (0.01, 0.1, 0.4, 0.6, 0.8)
MOST_MEMORY_MIB = 450
"""Of any process of the server; a worker of a scan may have 256 MiB and what Python needs."""
ODD_NAMES = (
    b"new\nline.mp3",
    b"caf\xe9 \xff.mp3",
    b"-i.mp3",
    b"-rf.mp3",
    b" .mp3",
    b"   ..  .mp3",
    b"%s{0}$(id)`id`.mp3",
    b"back\\slash.mp3",
    b"x" * 251 + b".mp3",
    "\u202egnp.mp3".encode(),
)
BOMB = "bomb"

pytestmark = pytest.mark.slow


def _huge_png() -> bytes:
    """Make 20 KB that say they are 13,000 x 13,000 pixels, and are."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", 13_000, 13_000, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((1 + 13_000 // 8) * 13_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def _id3(*frames: tuple[bytes, bytes]) -> bytes:
    """Make an ID3v2.3 tag of frames as they are, however wrong."""
    body = b"".join(name + struct.pack(">IH", len(data), 0) + data for name, data in frames)
    size = len(body)
    return b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + body


def _odd_tags(folder: Path, sound: bytes) -> None:
    folder.mkdir()
    tags = {
        "long": (b"TIT2", b"\x00" + b"T" * 4000),
        "control": (
            b"TIT2",
            b"\x01\xff\xfe" + "a\x01b\x0b\ufffe\uffffc\x1b[31m".encode("utf-16-le"),
        ),
        "surrogates": (b"TIT2", b"\x01\xff\xfe" + b"a\x00" + b"\x00\xd8" + b"b\x00" + b"\x00\xdc"),
        "nothing": (b"TIT2", b""),
        "huge": (b"COMM", b"\x00eng\x00" + b"c" * 50_000_000),
        "markup": (b"TIT2", b"\x00<a href='x'>&amp;]]></a>"),
    }
    for number, (name, frame) in enumerate(tags.items()):
        audio = sound[:-1] + bytes([number])
        (folder / f"{name}.mp3").write_bytes(_id3(frame) + audio)


def _disguised(folder: Path, sound: bytes, secret: Path) -> None:
    """Write what ffmpeg would take for lists of other files, if it were asked."""
    folder.mkdir()
    lists = {
        "concat": f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode(),
    }
    for number, (name, text) in enumerate(lists.items()):
        (folder / f"{name}.mp3").write_bytes(text)
        # What our own reader takes for music.
        audio = sound[:-2] + b"x" + bytes([number])
        (folder / f"{name} and music.mp3").write_bytes(text + audio)
    (folder / "text.mp3").write_text("Not a song at all.\n" * 500)
    (folder / "empty.mp3").touch()
    make_audio(folder / "really.flac", frequency=777, seconds=0.3).rename(folder / "named.mp3")


def _links(root: Path, outside: Path, sound: bytes) -> None:
    folder = root / "links"
    folder.mkdir()
    (folder / "loop").symlink_to(root)
    (folder / "itself").symlink_to(folder / "itself")
    (folder / "itself.mp3").symlink_to(folder / "itself.mp3")
    (folder / "dangling.mp3").symlink_to(root / "nowhere.mp3")
    (folder / "passwd.mp3").symlink_to("/etc/passwd")
    (folder / "cover.jpg").symlink_to("/etc/passwd")
    (folder / "song.mp3").write_bytes(sound[:-2] + b"li")
    (folder / "song.lrc").symlink_to("/etc/passwd")
    (folder / "song.cue").symlink_to("/etc/passwd")
    make_audio(outside / "album/there.mp3", frequency=1234, seconds=0.3)
    (folder / "music elsewhere").symlink_to(outside / "album")


def _special(folder: Path) -> None:
    folder.mkdir()
    os.mkfifo(folder / "pipe.mp3")
    os.mkfifo(folder / "cover.png")
    (folder / "zero.mp3").symlink_to("/dev/zero")
    (folder / "folder.mp3").mkdir()
    with socket.socket(socket.AF_UNIX) as listening, chdir(folder):
        # By its name alone: the address of a socket has 108 bytes.
        listening.bind("socket.mp3")
    for suffix, begin in (("mp3", b""), ("flac", b"fLaC"), ("wav", b"RIFF\xff\xff\xff\x7fWAVE")):
        with (folder / f"sparse.{suffix}").open("wb") as file:
            file.write(begin)
            file.truncate(10 * 1024**3)


def _deep_tree(root: Path, sound: bytes, levels: int) -> None:
    """Make folders within folders, until the path is longer than the kernel takes."""
    at = os.open(root, os.O_RDONLY)
    for level in range(levels):
        name = f"level {level:04}"
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
        if level in (50, 300):
            path = os.open(f"{level}.mp3", os.O_WRONLY | os.O_CREAT, dir_fd=at)
            os.write(path, sound[:-3] + b"d" + level.to_bytes(2, "big"))
            os.close(path)
    os.close(at)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("hostile")
    root = base / "music"
    sound = make_audio(root / "fine/fine.mp3", seconds=0.3).read_bytes()
    for suffix in CUT:
        content = make_audio(base / f"whole.{suffix}", seconds=1.0).read_bytes()
        for share in SHARES:
            path = root / "cut" / f"{share}.{suffix}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content[: max(1, int(len(content) * share))])
    (root / "odd").mkdir()
    for number, name in enumerate(ODD_NAMES):
        (root / "odd" / os.fsdecode(name)).write_bytes(sound[:-2] + b"o" + bytes([number]))
    picture = _huge_png()
    assert len(picture) < 30_000
    make_audio(root / BOMB / "beside.mp3", frequency=900, seconds=0.3)
    (root / BOMB / "cover.jpg").write_bytes(picture)
    make_audio(root / "embedded/in.mp3", frequency=950, seconds=0.3, picture=picture)
    secret = make_audio(base / "secret.wav", frequency=80, seconds=30.0)
    _odd_tags(root / "tags", sound)
    _disguised(root / "disguised", sound, secret)
    _links(root, base / "outside", sound)
    _special(root / "special")
    _deep_tree(root, sound, 500)
    return root


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
    # The kernel takes no longer path: nothing below is seen, and that is said.
    assert any(
        kinds == (RemarkKind.UNREADABLE,) for path, kinds in report.items() if "level" in path
    )
    told = {RemarkKind.UNREADABLE, RemarkKind.LENGTH}
    silent = {"mpc"}
    for suffix in set(CUT) - silent:
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
