"""Runs a program of ours in a child process that gets one line and answers in lines."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

import msgspec
from msgspec import Struct

from hydrophone.errors import UnavailableError

_STOP_SECONDS = 1.0
_LONGEST_LINE = 16 * 1024 * 1024


class ChildProcess:
    """A program at work; see `child_process`."""

    def __init__(self, process: asyncio.subprocess.Process, lines: asyncio.StreamReader) -> None:
        self._process = process
        self.lines = lines
        """What it answers; ends when it does."""

    async def exit_code(self) -> int:
        """Wait for its end."""
        return await self._process.wait()


@contextlib.asynccontextmanager
async def child_process(module: str, request: Struct) -> AsyncIterator[ChildProcess]:
    """Start `python -m module` and tell it its work; however the body ends, the process does too.

    It is told so by the end of its stdin, and killed a second later. Raises UnavailableError if
    it ends before it has been told its work.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
        # Ctrl-C is for the server, which ends its children in order.
        start_new_session=True,
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise UnavailableError("The process has no pipes.")
        try:
            process.stdin.write(msgspec.json.encode(request) + b"\n")
            await process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise UnavailableError("The process ended before it began.") from error
        yield ChildProcess(process, process.stdout)
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
