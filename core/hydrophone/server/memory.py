"""Hands memory that is free back to the system, which the C library keeps for itself otherwise.

Loading the orders of a large library anew takes 30 MB for a second, and leaves them in pieces
between what stays: without this the process would stay as large as it ever was.
"""

import asyncio
import ctypes
import time

_LOOK_SECONDS = 2.0
_WORTH_SECONDS = 0.2
"""CPU time in which enough may have been taken and given back; the call itself takes about 2 ms."""

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""Only glibc has it; others hand more back by themselves."""


async def keep_small() -> None:
    """Hand memory back after each work of some length, until cancelled."""
    worked = 0.0
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        now = time.process_time()
        if _trim is not None and now - worked > _WORTH_SECONDS:
            await asyncio.to_thread(_trim, 0)
            worked = time.process_time()
