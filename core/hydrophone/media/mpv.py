"""mpv as a child process, told what to play through its JSON IPC.

The protocol is that of https://mpv.io/manual/stable/#json-ipc: a line of JSON each way, answers
by the number of the request, and events in between. mpv 0.33 or newer.
"""

import asyncio
import logging
import os
import shutil
import signal
import sys
import tempfile
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import msgspec
from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError, UnsupportedError

logger = logging.getLogger(__name__)

_START_LIMIT = 10.0
_ANSWER_LIMIT = 5.0
_REAP_LIMIT = 5.0
_SOUND_LIMIT = 3.0
"""Long enough for mpv to try all outputs that it knows."""
_OUTPUT = "current-ao"
"""The property that names the output while it is open."""
_NO_OUTPUT = "audio output initialization failed"
"""How mpv says that it has found none."""
_LONGEST_LINE = 1024 * 1024
_ARGUMENTS = (
    # Nothing of the user's own, no scripts, and no program that fetches what a name tells it to.
    "--no-config",
    "--no-ytdl",
    "--load-scripts=no",
    "--no-terminal",
    "--no-video",
    "--idle=yes",
    # A file is what it is and names no others: no playlists, cue sheets, chapters or subtitles.
    "--demuxer=lavf",
    "--access-references=no",
    "--ordered-chapters=no",
    "--autoload-files=no",
    "--gapless-audio=weak",
)


class Ended(Struct, frozen=True):
    """A file is over, or mpv itself."""

    entry: int | None
    """What `play` returned; `None` if mpv has ended."""
    reason: str
    """`eof`, or `error` if the file could not be played."""


class _Message(Struct, frozen=True):
    request_id: int | None = None
    error: str | None = None
    data: object = None
    event: str = ""
    reason: str = ""
    playlist_entry_id: int | None = None
    file_error: str = ""
    name: str = ""


_decode = msgspec.json.Decoder(_Message).decode


def find_mpv(configured: str = "") -> Path:
    """Find the program: as configured (a path, or a name to look for), else `mpv` on PATH.

    Raises UnsupportedError if there is none.
    """
    found = shutil.which(configured or "mpv")
    if found is None:
        raise UnsupportedError(
            f"The jukebox needs mpv, and {configured or 'mpv'!r} is no program that runs."
        )
    return Path(found).absolute()


class Mpv:
    """One process of mpv, which ends with ours even after `kill -9` (Linux).

    Each call raises MediaError if mpv has ended, does not answer in time, or talks rubbish; it
    is of no use any more then, and only to be closed.
    """

    def __init__(self, program: Path, device: str, ended: Callable[["Mpv", Ended], None]) -> None:
        """`device` is mpv's name of an output, empty for its own choice.

        `ended` is told of what ends, from within the event loop.
        """
        self._program = program
        self._device = device
        self._ended = ended
        self._folder = ""
        self._process: Process | None = None
        self._writer: StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[_Message]] = {}
        self._numbers = count(1)
        self._is_over = False
        self._has_output = False
        self._lacks_output = False
        self._heard = asyncio.Event()
        """Set as soon as it is known whether there is an output for what is played."""

    async def start(self) -> None:
        """Start the process and connect to it."""
        # Of nobody but us: whoever gets at the socket may run programs (mpv's command `run`).
        self._folder = tempfile.mkdtemp(prefix="hydrophone-")
        socket = str(Path(self._folder, "mpv"))
        arguments = [*_ARGUMENTS, f"--input-ipc-server={socket}"]
        if self._device:
            arguments.append(f"--audio-device={self._device}")
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "hydrophone.sandbox.parent_death"),
                *(str(self._program), *arguments),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=DEVNULL,
                start_new_session=True,
            )
            async with asyncio.timeout(_START_LIMIT):
                reader, self._writer = await self._connect(self._process, socket)
        except (OSError, TimeoutError) as error:
            raise MediaError("mpv cannot be started.") from error
        self._reading = asyncio.create_task(self._read(reader))
        await self._ask(["observe_property", 1, _OUTPUT])

    async def play(self, address: str, start: Seconds, end: Seconds | None) -> int:
        """Play a file from `start` up to `end` (`None`: all), at once; return its number.

        `address` is a `file:` URL. Whatever was played before is over, without a word of it.
        Raises MediaError, too, if there is no output for sound, of which mpv learns only now.
        """
        self._lacks_output = False
        self._heard.clear()
        options = {"start": f"{start:.3f}"} | ({} if end is None else {"end": f"{end:.3f}"})
        await self.set("pause", value=False)
        answer = await self._ask(
            {"name": "loadfile", "url": address, "flags": "replace", "options": options}
        )
        entry = answer.data.get("playlist_entry_id") if isinstance(answer.data, dict) else None
        if not isinstance(entry, int):
            raise MediaError("mpv does not say what it plays.")
        if not self._has_output:
            with suppress(TimeoutError):
                async with asyncio.timeout(_SOUND_LIMIT):
                    await self._heard.wait()
        if self._lacks_output:
            device = self._device or "its own choice"
            logger.warning("mpv finds no output for sound (device: %s).", device)
            raise MediaError("mpv finds no output for sound on the server.")
        return entry

    async def pause(self) -> None:
        """Hold what is played where it is."""
        await self.set("pause", value=True)

    async def resume(self) -> None:
        """Go on with what is held."""
        await self.set("pause", value=False)

    async def silence(self) -> None:
        """Play nothing."""
        await self._ask(["stop"])

    async def position(self) -> Seconds | None:
        """Return where in the file it is; `None` if it has only just begun, or plays nothing."""
        answer = await self._ask(["get_property", "time-pos"])
        return Seconds(float(answer.data)) if isinstance(answer.data, int | float) else None

    async def set(self, name: str, *, value: float) -> None:
        """Set a property."""
        await self._ask(["set_property", name, value])

    async def close(self) -> None:
        """End the process, wait until it has, and tidy up; also if it never started."""
        self._fail("mpv is being ended.")
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._writer is not None:
            self._writer.close()
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            try:
                async with asyncio.timeout(_REAP_LIMIT):
                    await self._process.wait()
            except TimeoutError:
                logger.warning("mpv (process %d) cannot be ended", self._process.pid)
        if self._folder:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _connect(self, process: Process, socket: str) -> tuple[StreamReader, StreamWriter]:
        while process.returncode is None:
            try:
                return await asyncio.open_unix_connection(socket, limit=_LONGEST_LINE)
            except (FileNotFoundError, ConnectionRefusedError):
                await asyncio.sleep(0.02)
        raise MediaError(f"mpv ended at its start (status {process.returncode}).")

    async def _ask(self, command: object) -> _Message:
        if self._writer is None or self._is_over:
            raise MediaError("mpv has ended.")
        number = next(self._numbers)
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        try:
            line = msgspec.json.encode({"command": command, "request_id": number})
            self._writer.write(line + b"\n")
            async with asyncio.timeout(_ANSWER_LIMIT):
                answer: _Message = await waiting
        except TimeoutError as error:
            raise MediaError("mpv does not answer.") from error
        finally:
            del self._waiting[number]
        return answer

    async def _read(self, reader: StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._take(_decode(line))
            self._fail("mpv has ended.")
        except (msgspec.MsgspecError, ValueError, OSError):
            self._fail("mpv talks rubbish.")

    def _take(self, message: _Message) -> None:
        if message.event == "property-change" and message.name == _OUTPUT:
            self._has_output = message.data is not None
            if self._has_output:
                self._heard.set()
        if message.event == "end-file":
            if message.reason in ("eof", "error"):
                self._lacks_output = message.file_error == _NO_OUTPUT
                self._heard.set()
            self._ended(self, Ended(message.playlist_entry_id or 0, message.reason))
        waiting = self._waiting.get(message.request_id or 0)
        if message.error is not None and waiting is not None and not waiting.done():
            waiting.set_result(message)

    def _fail(self, reason: str) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._heard.set()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(MediaError(reason))
        self._ended(self, Ended(None, reason))
