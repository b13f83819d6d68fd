"""Keeps the C library from keeping memory that is free, which else is as much as all that is used.

Loading the orders of a large library anew takes 30 MB for a second, and leaves them in pieces
between what stays: without this the process would stay as large as it ever was. And each of some
fifteen threads (connections to the database, pictures, files) would have a part of its own for
what it ever needed at a time: with ten busy apps, 100 MB.
"""

import asyncio
import ctypes
import time

_LOOK_SECONDS = 2.0
_WORTH_SECONDS = 0.2
"""CPU time in which enough may have been taken and given back; the call itself takes about 2 ms."""

_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h (mallopt(3))."""

_library = ctypes.CDLL(None)
_trim = getattr(_library, "malloc_trim", None)
"""Only glibc has it; others hand more back by themselves."""


def share_memory() -> None:
    """Let all threads take memory from one place; to be called before there are others.

    They rarely do at a time, for Python's lock is held most of the time.
    """
    if _trim is not None:
        _library.mallopt(_ARENA_MAX, 1)


async def keep_small() -> None:
    """Hand memory back after each work of some length, until cancelled."""
    worked = 0.0
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        now = time.process_time()
        if _trim is not None and now - worked > _WORTH_SECONDS:
            await asyncio.to_thread(_trim, 0)
            worked = time.process_time()
