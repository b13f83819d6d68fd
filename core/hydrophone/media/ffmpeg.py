"""ffmpeg as a child process: where it is, and how it is started, read and ended."""

import asyncio
import logging
import os
import re
import shutil
import signal
import subprocess
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError, UnsupportedError

logger = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_WORDS_KEPT = 2048
_REAP_LIMIT = 5.0
_VERSION = re.compile(rb"ffmpeg version n?((\d+)\.[\w.]+)")
"""Releases and what distributions make of them; `git` and `N-1234` are newer than any of them."""
_VERSION_LIMIT = 10.0
_CUTS_VIDEOS = 5
_POSITION = re.compile(rb"out_time_us=(\d+)")
_PROGRESS = re.compile(
    rb"(frame|fps|stream_\d+_\d+_q|bitrate|total_size|out_time(_us|_ms)?|dup_frames|drop_frames"
    rb"|speed|progress)="
)
"""Begins of the lines that `-progress` writes."""


def find_ffmpeg(configured: str = "") -> Path:
    """Find the program: as configured, else on PATH, else the one of `imageio-ffmpeg`.

    `configured` is a path, or a name to look for on PATH; if given, nothing else is tried.

    Raises:
        UnsupportedError: There is none.
    """
    found = shutil.which(configured or "ffmpeg")
    if found:
        return Path(found).absolute()
    if configured:
        raise UnsupportedError(f"The configured ffmpeg {configured!r} is no program that runs.")
    try:
        # Inside the function, for the package is an extra and not everybody has it.
        import imageio_ffmpeg

        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise UnsupportedError(
            "Transcoding needs ffmpeg: install it with the system's package manager, or the"
            " Python package imageio-ffmpeg (pip install 'hydrophone[ffmpeg]')."
        ) from error


def why_no_video_segments(ffmpeg: Path) -> str:
    """Say why this ffmpeg cannot cut videos into segments; empty if it can.

    That takes version 5, which can leave out packets by their number. Runs it; blocking.
    """
    try:
        said = subprocess.run(  # noqa: S603 - found by `find_ffmpeg`, and told nothing from outside
            [ffmpeg, "-version"], stdin=DEVNULL, capture_output=True, timeout=_VERSION_LIMIT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.warning("%s does not tell its version: %s", ffmpeg, error)
        return ""
    version = _VERSION.match(said.stdout)
    if version is None or int(version[2]) >= _CUTS_VIDEOS:
        return ""
    return (
        f"HLS of videos needs ffmpeg {_CUTS_VIDEOS} or newer; "
        f"this server has {version[1].decode()}."
    )


def _nobody_asks(_: Seconds) -> None:
    pass


async def run_ffmpeg(
    argv: Sequence[str],
    *,
    time_limit: Seconds,
    position: Callable[[Seconds], None] = _nobody_asks,
    feed: AsyncGenerator[bytes, None] | None = None,
) -> AsyncGenerator[bytes, None]:
    """Run ffmpeg and hand out what it writes to its standard output, up to 64 KiB at a time.

    The process starts with the first chunk asked for, runs in a group of its own and is gone
    when the generator is closed, fails or is cancelled. If this program is killed, ffmpeg ends
    by itself at its next write into the broken pipe.

    `time_limit` is how long it may take to its next bytes, or after the last ones to its end;
    the time between two requests for a chunk does not count.

    With `-progress pipe:2` among the arguments, `position` is told now and then how much music
    is done, the last time before the generator ends.

    `feed` is written to its standard input; it is closed in every case, and what it raises is
    raised here when ffmpeg has ended, so that half a file makes no whole result.

    Raises:
        MediaError: It cannot be started, was silent for too long, failed, or wrote nothing;
            with its last words. Earlier chunks may have been handed out by then.
    """
    process = await _start(argv, stdin=DEVNULL if feed is None else PIPE)
    listening = asyncio.create_task(_last_words(process, position))
    feeding = None if feed is None else asyncio.create_task(_feed(process, feed))
    try:
        written = 0
        while chunk := await _next_chunk(process, time_limit):
            written += len(chunk)
            yield chunk
        code = await _ended(process, time_limit)
        # If it is not done, ffmpeg has had enough: what ends the feed closes the pipe as its last.
        if feeding is not None and feeding.done():
            await feeding
        if code != 0 or not written:
            raise MediaError(f"ffmpeg failed (status {code}): {await listening or 'no words'}")
    finally:
        if feeding is not None:
            feeding.cancel()
            await asyncio.wait([feeding])
        await _end(process, listening)


async def _feed(process: Process, feed: AsyncGenerator[bytes, None]) -> None:
    """Write to ffmpeg's standard input until the end, or until it has had enough."""
    if process.stdin is None:
        raise MediaError("ffmpeg was started without pipes.")
    try:
        async with aclosing(feed):
            async for chunk in feed:
                process.stdin.write(chunk)
                await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        logger.debug("ffmpeg has read enough")
    finally:
        process.stdin.close()


async def _start(argv: Sequence[str], *, stdin: int) -> Process:
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *argv, stdin=stdin, stdout=PIPE, stderr=PIPE, limit=_CHUNK, start_new_session=True
        )
    )
    try:
        return await asyncio.shield(starting)
    except OSError as error:
        raise MediaError(f"ffmpeg cannot be started: {error.strerror}.") from error
    except asyncio.CancelledError:
        # uvloop forgets a process whose start is cancelled, and it would run on.
        await asyncio.wait([starting])
        if starting.exception() is None:
            process = starting.result()
            await _end(process, asyncio.create_task(_last_words(process, _nobody_asks)))
        raise


async def _next_chunk(process: Process, time_limit: Seconds) -> bytes:
    try:
        async with asyncio.timeout(time_limit):
            return await _pipe(process.stdout).read(_CHUNK)
    except TimeoutError as error:
        raise MediaError(f"ffmpeg gave nothing for {time_limit:g} seconds.") from error


async def _ended(process: Process, time_limit: Seconds) -> int:
    try:
        async with asyncio.timeout(time_limit):
            return await process.wait()
    except TimeoutError as error:
        raise MediaError(f"ffmpeg did not end in {time_limit:g} seconds.") from error


async def _last_words(process: Process, position: Callable[[Seconds], None]) -> str:
    """Read all that ffmpeg complains of, for a full pipe would stop it, and keep the end."""
    words = line = b""
    while said := await _pipe(process.stderr).read(_WORDS_KEPT):
        *lines, line = (line + said).split(b"\n")
        # A line that never ends is cut like the rest.
        line = line[-_WORDS_KEPT:]
        for complete in lines:
            if match := _POSITION.match(complete):
                position(Seconds(int(match[1]) / 1_000_000))
            elif not _PROGRESS.match(complete):
                words = (words + complete + b"\n")[-_WORDS_KEPT:]
    words = (words + line)[-_WORDS_KEPT:]
    return " / ".join(words.decode("utf-8", "replace").split("\n")).strip(" /")


async def _end(process: Process, listening: asyncio.Task[str]) -> None:
    """Kill what still runs and wait until nothing of it is left: no zombie, no open pipe."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    try:
        async with asyncio.timeout(_REAP_LIMIT):
            # Unread bytes would keep the pipe, and with it the transport, open.
            await _pipe(process.stdout).read()
            await listening
            await process.wait()
    except TimeoutError:
        # Waiting for a dead disk, a process may outlive SIGKILL for as long as the disk is gone.
        logger.warning("ffmpeg (process %d) cannot be ended", process.pid)


def _pipe(stream: asyncio.StreamReader | None) -> asyncio.StreamReader:
    if stream is None:
        raise MediaError("ffmpeg was started without pipes.")
    return stream
