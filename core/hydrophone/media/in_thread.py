"""Blocking work with files, off the event loop."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

_Result = TypeVar("_Result")


async def in_thread(function: Callable[..., _Result], *arguments: object) -> _Result:
    """Run in a thread; a cancelled caller still waits for the thread's end.

    Else a descriptor would be closed, and its number given to another file, under a read or,
    worse, under a write.
    """
    work = asyncio.ensure_future(asyncio.to_thread(function, *arguments))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise
