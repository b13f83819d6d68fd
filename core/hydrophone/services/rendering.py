"""Makes pictures in a child process, where untrusted bytes are touched and Pillow is loaded."""

import asyncio

from hydrophone.media.picture import Picture, PictureRequest
from hydrophone.sandbox.worker import Worker

_WORKER_MEMORY = 1024 * 1024 * 1024
_TIMEOUT = 20.0


class Renderer:
    """One child process for covers and pictures of users, started when it is needed."""

    def __init__(self) -> None:
        self._worker: Worker[Picture] = Worker(
            "hydrophone.media.rendering:render", answer=Picture, memory=_WORKER_MEMORY
        )
        # It does one thing at a time. Who waits must not hold a thread meanwhile: files are
        # opened for streaming in the same threads.
        self._turn = asyncio.Semaphore(1)

    async def render(self, request: PictureRequest) -> Picture:
        """Scale a picture or draw one, after those that were asked for before.

        Raises MediaError if what was given is no picture that can be scaled, and UnavailableError
        if the process cannot be started, or after `close`.
        """
        async with self._turn:
            return await asyncio.to_thread(self._worker.call, request, timeout=_TIMEOUT)

    def close(self) -> None:
        """End the child process; what is under way raises UnavailableError. May be repeated."""
        self._worker.close()
