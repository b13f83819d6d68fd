"""Work that runs beside requests for as long as the server does."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from hydrophone.errors import UnavailableError

logger = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]
"""Is called again, after a moment, when it fails or ends."""
Background = Callable[[Work], None]
"""Keeps such work running until the server closes."""

_RETRY_SECONDS = 5.0


@contextlib.asynccontextmanager
async def open_background() -> AsyncIterator[Background]:
    """Own tasks that run for ever; all are cancelled and awaited at the exit."""
    tasks: list[asyncio.Task[None]] = []
    try:
        yield lambda work: tasks.append(asyncio.create_task(_keep_running(work)))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_running(work: Work) -> None:
    while True:
        try:
            await work()
        except UnavailableError as error:
            logger.warning("Background work is put off: %s", error)
        except Exception:  # the border: one failure must not end background work for good
            logger.exception("Background work failed; it begins again in a moment.")
        await asyncio.sleep(_RETRY_SECONDS)
