"""The server sees what happens in its folders, and forgets nothing that goes away for a while."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.waiting import until

from hydrophone.scanner.identity import track_id
from hydrophone.scanner.parse import parse_file
from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server

TRACKS = 4


def scans(server: RunningServer) -> list[str]:
    """Return the log's line of each scan."""
    return re.findall(r"Scan: \d+ files.*", server.log.read_text())


def health(server: RunningServer) -> list[dict[str, Any]]:
    answer = httpx.get(f"{server.url}/health/ready")
    assert answer.status_code == 200
    libraries: list[dict[str, Any]] = answer.json()["libraries"]
    return libraries


def warning(server: RunningServer) -> str:
    return str(httpx.get(f"{server.url}/health/ready").json().get("warning", ""))


def fill(root: Path) -> None:
    for artist in ("Can", "Neu"):
        for number in (1, 2):
            make_audio(
                root / artist / "Album" / f"{number}.mp3",
                seconds=0.2,
                frequency=200 + 50 * number + len(artist) * ord(artist[0]),
                tags={"title": f"{artist} {number}", "artist": artist, "album": artist},
            )


def titles(client: SubsonicClient) -> set[str]:
    return {song["title"] for song in client.songs()}


def ids(client: SubsonicClient) -> dict[str, str]:
    return {song["title"]: song["id"] for song in client.songs()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    fill(tmp_path / "music")
    return tmp_path / "music"


@pytest.fixture
def server(root: Path, tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "data", music=[root]) as running:
        with running.client() as client:
            client.await_scan(tracks=TRACKS)
        until(lambda: scans(running), "the first scan")
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as logged_in:
        yield logged_in


def calm(server: RunningServer) -> int:
    """Wait until what was changed has been looked at; return how many scans there were."""
    deadline = time.monotonic() + 60
    while True:
        count = len(scans(server))
        # A new file rests for two seconds, and a busy machine takes its time to scan.
        time.sleep(6)
        if len(scans(server)) == count:
            return count
        assert time.monotonic() < deadline


def test_what_changes_is_seen(server: RunningServer, client: SubsonicClient, root: Path) -> None:
    before = ids(client)
    write_tags(root / "Can/Album/1.mp3", {"title": "Retagged", "artist": "Can", "album": "Can"})
    until(lambda: ids(client).get("Retagged") == before["Can 1"], "the new title")

    (root / "Neu/Album").rename(root / "Can/Moved")
    until(lambda: "2 moved" in scans(server)[-1], "the move")
    assert {title: ids(client)[title] for title in ("Neu 1", "Neu 2")} == {
        title: before[title] for title in ("Neu 1", "Neu 2")
    }

    (root / "Can/Moved/1.mp3").unlink()
    until(lambda: "Neu 1" not in titles(client), "the deletion")

    [album] = {song["albumId"] for song in client.songs() if song["title"] == "Neu 2"}
    drawn = client.get("getCoverArt", id=album).content
    (root / "Can/Moved/cover.png").write_bytes(make_picture(color="red"))

    def cover() -> bytes:
        art = client.ask("getAlbum", id=album)["album"]["coverArt"]
        return client.get("getCoverArt", id=art).content

    until(lambda: cover() != drawn, "the cover")
    (root / "Can/Moved/2.lrc").write_text("[00:00.10]Words\n")
    lyrics = client.ask("getLyricsBySongId", id=before["Neu 2"])["lyricsList"]["structuredLyrics"]
    assert lyrics[0]["line"][0]["value"] == "Words"

    count = calm(server)
    (root / ".hidden").mkdir()
    shutil.copy(root / "Can/Moved/2.mp3", root / ".hidden")
    (root / "@eaDir").mkdir()
    shutil.copy(root / "Can/Moved/2.mp3", root / "@eaDir")
    (root / "notes.txt").write_text("no music")
    time.sleep(1.5)
    assert scans(server)[count:] == []


def test_a_thousand_files_at_once_are_one_scan(
    server: RunningServer, client: SubsonicClient, root: Path, tmp_path: Path
) -> None:
    source = (root / "Can/Album/1.mp3").read_bytes()
    drop = tmp_path / "drop"
    for number in range(1000):
        folder = drop / f"Album {number // 20}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.mp3").write_bytes(source[:-8] + number.to_bytes(8, "big"))
    count = len(scans(server))
    drop.rename(root / "drop")
    client.await_scan(tracks=TRACKS + 1000)
    until(lambda: scans(server)[count:], "the scan")
    # What was told of last may be looked at again, and found to be known.
    found = [line for line in scans(server)[count:] if ", 0 new," not in line]
    assert ["1000 new" in line for line in found] == [True]


def test_files_that_come_for_seconds_are_one_scan(
    server: RunningServer, client: SubsonicClient, root: Path
) -> None:
    source = (root / "Can/Album/1.mp3").read_bytes()
    count = len(scans(server))
    written = [time.monotonic()]
    for number in range(1000):
        (root / f"Can/Album/drop {number}.mp3").write_bytes(source[:-8] + number.to_bytes(8, "big"))
        time.sleep(max(0.0, written[0] + number * 0.003 - time.monotonic()))
        written.append(time.monotonic())
    client.await_scan(tracks=TRACKS + 1000)
    until(lambda: scans(server)[count:], "the scan")
    # What was told of last may be looked at again, and found to be known.
    found = [line for line in scans(server)[count:] if ", 0 new," not in line]
    assert sum(int(re.findall(r"(\d+) new", line)[0]) for line in found) == 1000
    # A machine that does other work may pause in writing for as long as the watch waits.
    pauses = sum(later - earlier > 0.1 for earlier, later in pairwise(written))
    assert len(found) <= 1 + pauses


def test_growing_file_waits_for_its_end(
    server: RunningServer, client: SubsonicClient, root: Path, tmp_path: Path
) -> None:
    whole = make_audio(tmp_path / "whole.mp3", seconds=1.0, tags={"title": "Whole"})
    content = whole.read_bytes()
    waits = []
    with (root / "Can/Album/3.mp3").open("wb", buffering=0) as file:
        written = time.monotonic()
        done = file.write(content[: len(content) // 2])
        # Slower than a scan is fast: between two writes half a file could be read.
        for _ in range(6):
            time.sleep(0.7)
            is_shown = "Whole" in titles(client)
            waits.append(time.monotonic() - written)
            assert not is_shown or max(waits) > 1.9
            written = time.monotonic()
            done += file.write(content[done : done + 250])
        file.write(content[done:])
    if max(waits) > 1.9:
        pytest.skip("this machine paused for as long as a new file has to rest")
    until(lambda: "Whole" in titles(client), "the whole file")
    [song] = [song for song in client.songs() if song["title"] == "Whole"]
    assert (song["size"], song["duration"]) == (len(content), 1)
    fingerprint = parse_file(os.fsencode(root / "Can/Album/3.mp3")).fingerprint
    assert song["id"] == track_id(fingerprint)


def test_names_are_any_bytes(root: Path, tmp_path: Path) -> None:
    """As in old collections, whose names are Latin-1."""
    odd = root / os.fsdecode(b'B\xe9r "\\\n\xcc\x81')
    (root / "Neu/Album").rename(odd)
    with running_server(tmp_path / "data", music=[root]) as server, server.client() as client:
        client.await_scan(tracks=TRACKS)
        until(lambda: scans(server), "the first scan")
        before = ids(client)
        for title, file in (("Can 1", root / "Can/Album/1.mp3"), ("Neu 1", odd / "1.mp3")):
            write_tags(file, {"title": f"{title} retagged", "artist": "A", "album": "B"})
            until(lambda: ids(client).get(f"{title} retagged") == before[title], "the new title")  # noqa: B023 - within the loop
        shutil.copy(
            make_audio(tmp_path / "odd.mp3", frequency=900, tags={"title": "Odd"}),
            root / "Can/Album" / os.fsdecode(b"Caf\xe9.mp3"),
        )
        until(lambda: "Odd" in titles(client), "a file with such a name")
        moved = root / "Can" / os.fsdecode(b"Caf\xe9")
        odd.rename(moved)
        until(lambda: "2 moved" in scans(server)[-1], "the move")
        (moved / "1.mp3").unlink()
        until(lambda: "Neu 1 retagged" not in titles(client), "a change after it")
        assert ids(client)["Neu 2"] == before["Neu 2"]
        assert not health(server)[0]["polled"]


def test_root_that_goes_and_comes_back(
    server: RunningServer, client: SubsonicClient, root: Path
) -> None:
    before = ids(client)
    assert [(one["state"], one["polled"]) for one in health(server)] == [("ok", False)]
    away = root.with_name("away")
    root.rename(away)
    until(lambda: health(server)[0]["state"] == "paused", "the pause")
    assert ids(client) == before
    root.mkdir()
    time.sleep(1.5)
    assert (health(server)[0]["state"], ids(client)) == ("paused", before)
    assert server.log.read_text().count("paused until") <= 2
    root.rmdir()
    away.rename(root)
    until(lambda: health(server)[0]["state"] == "ok", "the end of the pause")
    write_tags(root / "Can/Album/1.mp3", {"title": "Back", "artist": "Can", "album": "Can"})
    until(lambda: ids(client).get("Back") == before["Can 1"], "a change after the return")


def test_root_that_is_emptied_loses_nothing(
    server: RunningServer, client: SubsonicClient, root: Path
) -> None:
    before = ids(client)
    assert warning(server) == ""
    away = root.with_name("away")
    away.mkdir()
    for artist in ("Can", "Neu"):
        (root / artist).rename(away / artist)
    until(lambda: health(server)[0]["state"] == "paused", "the pause")
    assert warning(server) == "Paused libraries: 'music'; see the log."
    assert "is empty, although it had music before" in server.log.read_text()
    assert ids(client) == before
    for artist in ("Can", "Neu"):
        (away / artist).rename(root / artist)
    until(lambda: health(server)[0]["state"] == "ok", "the end of the pause")
    assert ids(client) == before
    assert warning(server) == ""


def _can_mount() -> bool:
    command = ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


IN_NAMESPACE = """\
set -e
mount -t tmpfs none "$ROOT"
cp -r "$SOURCE"/. "$ROOT"
exec "$@"
"""


@pytest.mark.skipif(not shutil.which("unshare") or not _can_mount(), reason="needs to mount")
def test_unmounted_disk_loses_nothing_and_is_watched_again(root: Path, tmp_path: Path) -> None:
    """A tmpfs in a mount namespace of the server's own, into which commands are sent."""
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    prefix = ["unshare", "-m", "sh", "-c", IN_NAMESPACE, "sh"]
    environment = {"ROOT": str(mounted), "SOURCE": str(root)}
    with running_server(
        tmp_path / "data", music=[mounted], prefix=prefix, environment=environment
    ) as server:

        def inside(*command: str) -> None:
            subprocess.run(
                ["nsenter", "-m", "-t", str(server.process.pid), *command], check=True, timeout=120
            )

        with server.client() as client:
            client.await_scan(tracks=TRACKS)
            before = ids(client)
            inside("umount", "-l", str(mounted))
            until(lambda: health(server)[0]["state"] == "paused", "the pause")
            assert ids(client) == before
            inside("mount", "-t", "tmpfs", "none", str(mounted))
            inside("sh", "-c", f"cp -r '{root}'/. '{mounted}'")
            until(lambda: health(server)[0]["state"] == "ok", "the end of the pause")
            assert ids(client) == before
            inside("rm", str(mounted / "Can/Album/1.mp3"))
            until(lambda: "Can 1" not in titles(client), "a change on the disk that came back")


def _limit_of_its_own() -> bool:
    command = ["unshare", "-Ur", "sh", "-c", "echo 9 > /proc/sys/user/max_inotify_watches"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(
    not shutil.which("unshare") or not _limit_of_its_own(), reason="needs a user namespace"
)
def test_without_inotify_the_library_is_polled(root: Path, tmp_path: Path) -> None:
    """The kernel's own refusal: this limit is the namespace's, not the machine's."""
    script = 'echo 2 > /proc/sys/user/max_inotify_watches && exec "$@"'
    with running_server(
        tmp_path / "data",
        music=[root],
        prefix=["unshare", "-Ur", "sh", "-c", script, "sh"],
        environment={"HYDROPHONE_SCAN__POLL_MINUTES": "1"},
    ) as server:
        with server.client() as client:
            client.await_scan(tracks=TRACKS)
        assert [(one["state"], one["polled"]) for one in health(server)] == [("ok", True)]
        assert server.log.read_text().count("is not watched, but polled") == 1
