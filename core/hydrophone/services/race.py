"""Several ways to one thing, tried side by side: the first that gets there wins."""

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from hydrophone.domain.units import Seconds
from hydrophone.errors import HydrophoneError

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Race(Generic[T]):
    """Tries that are under way; leaving it cancels those that have not come."""

    def __init__(self, failures: tuple[type[HydrophoneError], ...]) -> None:
        """`failures` are the errors that only end a try; others are raised by `wait`."""
        self.failures: dict[str, HydrophoneError] = {}
        """Why tries have ended, by name."""
        self._kinds = failures
        self._running: dict[asyncio.Task[T], str] = {}
        """In the order in which they have entered."""

    def enter(self, name: str, attempt: Coroutine[Any, Any, T]) -> None:
        """Begin a try."""
        self._running[asyncio.create_task(attempt)] = name

    async def wait(self, patience: Seconds, *, all_of_them: bool = False) -> tuple[str, T] | None:
        """Return the first that has come, with its name; `None` if none has within `patience`.

        Also `None` as soon as the last that has entered has failed, or, if all are waited for,
        as soon as all have.
        """
        newest = next(reversed(self._running), None)
        ends = asyncio.get_running_loop().time() + patience
        while self._running and (all_of_them or newest in self._running):
            left = ends - asyncio.get_running_loop().time()
            done, _ = await asyncio.wait(
                self._running, timeout=max(0.0, left), return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                return None
            for task in [one for one in self._running if one in done]:
                name = self._running.pop(task)
                try:
                    return name, task.result()
                except self._kinds as error:
                    logger.info("%s cannot be had: %s", name, error)
                    self.failures[name] = error
        return None

    async def __aenter__(self) -> Self:
        """Begin without a try."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End those that are still under way."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
