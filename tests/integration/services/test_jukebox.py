"""The jukebox with the real mpv, which plays into the void; and with one that misbehaves."""

import asyncio
import http.server
import os
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from hydrophone.config import Config, JukeboxConfig, LibraryConfig, ScanConfig, ServerConfig
from hydrophone.domain.jukebox import JukeboxStatus
from hydrophone.domain.library import RandomTracksQuery
from hydrophone.domain.music import Track
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, MediaError, NotFoundError, UnsupportedError
from hydrophone.server.wiring import Server, open_server
from hydrophone.services.jukebox import Jukebox
from hydrophone.testing.audio_files import make_audio

pytestmark = pytest.mark.anyio

needs_mpv = pytest.mark.skipif(shutil.which("mpv") is None, reason="there is no mpv here")
NULL = "null/"
"""mpv's output that plays in real time, and is not heard."""
SHEET = 'FILE "disc.flac" WAVE\n' + "".join(
    f'  TRACK {n:02} AUDIO\n    TITLE "Part {n}"\n    INDEX 01 00:{second:02}:00\n'
    for n, second in ((1, 0), (2, 30), (3, 32))
)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    names = ("one", "two %41#?", os.fsdecode(b"three \xff\n"))
    for number, name in enumerate(names):
        tags = {"title": f"Song {number}", "artist": "Anna", "album": "Loud"}
        plain = folder / f"{number}.flac"
        make_audio(
            plain, seconds=60.0 if number == 2 else 2.0, frequency=300 + 40 * number, tags=tags
        )
        os.rename(plain, folder / f"{name}.flac")  # noqa: PTH104 - a name of any bytes
    make_audio(folder / "disc" / "disc.flac", seconds=92.0, frequency=500, tags={"album": "Disc"})
    (folder / "disc" / "disc.cue").write_text(SHEET)
    secret = folder.with_name("secret")
    make_audio(secret / "secret.flac", seconds=1.0, frequency=700, tags={"title": "Secret"})
    return folder


Open = Callable[..., Awaitable[Server]]


@pytest.fixture
async def open_with(music: Path, tmp_path: Path) -> AsyncIterator[Open]:
    """Give a function that opens a server with a jukebox, of an mpv that may misbehave."""
    stack = []

    async def start(mode: str = "") -> Server:
        mpv = ""
        if mode:
            script = tmp_path / "fake"
            script.write_text(
                f'#!/bin/sh\nexec {sys.executable} -m hydrophone.testing.fake_mpv {mode} "$@"\n'
            )
            script.chmod(0o755)
            mpv = str(script)
        config = Config(
            server=ServerConfig(data_dir=tmp_path / "data"),
            libraries=(
                LibraryConfig(name="Music", path=music),
                LibraryConfig(name="Secret", path=music.with_name("secret"), users=("admin",)),
            ),
            scan=ScanConfig(interval_minutes=0, watch=False, workers=1),
            jukebox=JukeboxConfig(enabled=True, device=NULL, mpv=mpv),
        )
        opening = open_server(config)
        server = await opening.__aenter__()
        stack.append(opening)
        viewer = await admin_of(server)

        async def is_scanned() -> bool:
            return server.services.scans.status(viewer).count == 7

        await eventually(is_scanned)
        return server

    yield start
    for opening in stack:
        await opening.__aexit__(None, None, None)


async def admin_of(server: Server) -> User:
    assert server.new_admin is not None
    return await server.services.logins.verify_password("admin", server.new_admin.password)


async def songs(server: Server, viewer: User) -> dict[str, Track]:
    found = await server.services.tracks.draw(viewer, RandomTracksQuery(size=50))
    return {track.title: track for track in found}


async def until(
    jukebox: Jukebox, viewer: User, wanted: Callable[[JukeboxStatus], bool]
) -> JukeboxStatus:
    async def is_so() -> bool:
        return wanted(await jukebox.status(viewer))

    await eventually(is_so)
    return await jukebox.status(viewer)


async def eventually(wanted: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await wanted():  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.03)


def test_it_is_off_unless_switched_on() -> None:
    assert not Config().jukebox.enabled


async def test_without_it_there_are_words(tmp_path: Path) -> None:
    for jukebox, words in (
        (JukeboxConfig(), "enabled is false"),
        (JukeboxConfig(enabled=True, mpv="no-such-program"), "no-such-program"),
    ):
        config = Config(server=ServerConfig(data_dir=tmp_path / words), jukebox=jukebox)
        async with open_server(config) as server:
            viewer = await admin_of(server)
            for asked in (
                server.services.jukebox.status(viewer),
                server.services.jukebox.start(),
                server.services.jukebox.add(viewer, []),
            ):
                with pytest.raises(UnsupportedError, match=words):
                    await asked


@pytest.mark.slow
@needs_mpv
async def test_a_queue_is_played_to_its_end(open_with: Open) -> None:
    server = await open_with()
    jukebox, viewer = server.services.jukebox, await admin_of(server)
    known = await songs(server, viewer)
    ids = [known[f"Song {n}"].id for n in (0, 1, 0, 2)]
    assert await jukebox.status(viewer) == JukeboxStatus(
        current_index=-1, is_playing=False, gain=1.0, position=Seconds(0)
    )
    await jukebox.set_gain(0.5)
    await jukebox.add(viewer, ids)
    await jukebox.start()
    status = await jukebox.status(viewer)
    assert (status.current_index, status.is_playing, status.gain) == (0, True, 0.5)
    seen = [0]
    async with asyncio.timeout(60):
        while (status := await jukebox.status(viewer)).current_index != 3:
            seen.append(status.current_index)
            await asyncio.sleep(0.05)
    assert seen == sorted(seen)
    assert 1 in seen or 2 in seen
    assert status.position < 30
    await jukebox.skip(viewer, 3, Seconds(57.0))
    # mpv begins a moment before it has found the place.
    await until(jukebox, viewer, lambda one: one.position >= 57)
    status = await until(jukebox, viewer, lambda one: not one.is_playing)
    assert (status.current_index, status.position) == (0, Seconds(0))


@needs_mpv
async def test_pause_skip_set_remove_shuffle_clear(open_with: Open) -> None:
    server = await open_with()
    jukebox, viewer = server.services.jukebox, await admin_of(server)
    known = await songs(server, viewer)
    first, second, long = (known[f"Song {n}"].id for n in range(3))
    await jukebox.set(viewer, [first, long, second])
    await jukebox.skip(viewer, 1, Seconds(2.0))
    await until(jukebox, viewer, lambda one: one.position >= 2)
    await jukebox.stop()
    held = await jukebox.status(viewer)
    assert (held.current_index, held.is_playing) == (1, False)
    # mpv counts in frames of the sound: 1.999977 is two seconds, less one sample of 44,100.
    assert 2 <= round(held.position, 4) < 30
    await asyncio.sleep(0.3)
    assert (await jukebox.status(viewer)).position == pytest.approx(held.position, abs=0.1)
    await jukebox.start()
    await until(jukebox, viewer, lambda one: one.position > held.position + 0.2)
    # What is playing plays on in another queue, in its place if it is there.
    await jukebox.set(viewer, [second, first, long])
    status = await jukebox.status(viewer)
    assert (status.current_index, status.is_playing) == (2, True)
    assert status.position > held.position
    await jukebox.remove(viewer, 0)
    assert (await jukebox.status(viewer)).current_index == 1
    await jukebox.shuffle()
    status, tracks = await jukebox.queue(viewer)
    assert (status.current_index, [one.id for one in tracks]) == (0, [long, first])
    await jukebox.remove(viewer, 0)
    status, tracks = await jukebox.queue(viewer)
    assert (status.current_index, status.is_playing, len(tracks)) == (0, True, 1)
    for index in (1, -1, 9**9):
        with pytest.raises(InvalidInputError):
            await jukebox.skip(viewer, index, Seconds(0))
    with pytest.raises(InvalidInputError):
        await jukebox.set_gain(1.01)
    await jukebox.clear()
    status, tracks = await jukebox.queue(viewer)
    assert (status.current_index, status.is_playing, tracks) == (-1, False, ())
    await jukebox.start()
    assert not (await jukebox.status(viewer)).is_playing


@needs_mpv
async def test_a_part_of_a_disc_is_played_as_the_part_it_is(open_with: Open) -> None:
    server = await open_with()
    jukebox, viewer = server.services.jukebox, await admin_of(server)
    known = await songs(server, viewer)
    await jukebox.set(viewer, [known["Part 2"].id, known["Song 2"].id])
    began = asyncio.get_running_loop().time()
    await jukebox.start()
    assert (await jukebox.status(viewer)).position < 20
    await until(jukebox, viewer, lambda one: one.current_index == 1)
    # It lasts for two seconds, and to the end of the disc it would be a minute.
    assert 1.5 < asyncio.get_running_loop().time() - began < 30


@needs_mpv
async def test_others_see_only_what_is_theirs(open_with: Open) -> None:
    server = await open_with()
    jukebox, viewer = server.services.jukebox, await admin_of(server)
    made = await server.services.accounts.add("anna")
    anna = await server.services.logins.verify_password("anna", made.password)
    known = await songs(server, viewer)
    secret, song = known["Secret"].id, known["Song 0"].id
    for wrong in ([secret], [song, "tr-aaaaaaaaaaaaa"]):
        with pytest.raises(NotFoundError):
            await jukebox.add(anna, wrong)
    await jukebox.set(viewer, [secret, song])
    status, tracks = await jukebox.queue(anna)
    assert (status.current_index, [one.id for one in tracks]) == (-1, [song])
    await jukebox.remove(anna, 0)
    assert [one.id for one in (await jukebox.queue(viewer))[1]] == [secret]


@needs_mpv
async def test_mpv_that_is_killed_is_started_again(
    open_with: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hydrophone.services.jukebox._STEADY_SECONDS", 0.0)
    server = await open_with()
    jukebox, viewer = server.services.jukebox, await admin_of(server)
    known = await songs(server, viewer)
    await jukebox.set(viewer, [known["Song 2"].id])
    await jukebox.skip(viewer, 0, Seconds(3.0))
    await until(jukebox, viewer, lambda one: one.position >= 3)
    [pid] = children("mpv")
    os.kill(pid, 9)

    async def is_back() -> bool:
        return children("mpv") not in ([], [pid])

    await eventually(is_back)
    await until(jukebox, viewer, lambda one: one.is_playing and one.position >= 3)
    await jukebox.close()
    assert children("mpv") == []


@pytest.mark.parametrize("mode", ["die", "rubbish", "long", "mute"])
async def test_mpv_that_misbehaves_is_said(open_with: Open, mode: str) -> None:
    server = await open_with(mode)
    jukebox, viewer = server.services.jukebox, await admin_of(server)
    known = await songs(server, viewer)
    await jukebox.set(viewer, [known["Song 0"].id])
    for _ in range(2):
        with pytest.raises(MediaError, match="mpv"):
            await jukebox.start()
        status = await jukebox.status(viewer)
        assert (status.is_playing, status.current_index) == (False, 0)


async def test_mpv_that_hangs_is_ended(open_with: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hydrophone.media.mpv._ANSWER_LIMIT", 0.3)
    server = await open_with("hang")
    jukebox, viewer = server.services.jukebox, await admin_of(server)
    known = await songs(server, viewer)
    await jukebox.set(viewer, [known["Song 0"].id])
    with pytest.raises(MediaError, match="does not answer"):
        await jukebox.start()
    assert children("hydrophone.testing.fake_mpv") == []


@needs_mpv
async def test_a_file_that_names_an_address_is_not_followed(open_with: Open, music: Path) -> None:
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        server = await open_with()
        jukebox, viewer = server.services.jukebox, await admin_of(server)
        known = await songs(server, viewer)
        victim = music / "one.flac"
        original = victim.read_bytes()
        address = f"http://127.0.0.1:{web.server_port}/x"
        try:
            for text in (
                f"#EXTM3U\n{address}\n",
                f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}.ts\n",
                f"# mpv EDL v0\n{address}\n",
                f"[playlist]\nFile1={address}\n",
            ):
                victim.write_text(text)
                await jukebox.set(viewer, [known["Song 0"].id])
                await jukebox.start()
                await until(jukebox, viewer, lambda one: not one.is_playing)
        finally:
            victim.write_bytes(original)
            web.shutdown()
    assert asked == []


def children(word: str) -> list[int]:
    """Return the processes below this one whose command line has a word."""
    me = str(os.getpid())
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            status = (process / "status").read_text()
            command = (process / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if f"PPid:\t{me}\n" in status and word in command and "State:\tZ" not in status:
            found.append(int(process.name))
    return found
