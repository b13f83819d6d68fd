"""Runs what blocks or may hang for plugins, in processes of their own."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError, ProviderUnavailableError, UnavailableError
from hydrophone.sandbox.worker import Worker

T = TypeVar("T")
RequestT = TypeVar("RequestT", bound=Struct)

_MEMORY = 2 * 1024 * 1024 * 1024
_LONGEST = Seconds(60.0)


class PluginWorker:
    """One process for each function that one plugin runs so; implements `Worker`."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._workers: dict[str, Worker[Any]] = {}

    async def call(
        self,
        function: Callable[[RequestT], T],
        request: RequestT,
        *,
        time_limit: Seconds = _LONGEST,
    ) -> T:
        """Run a function of a module there and return what it returns.

        Raises ProviderUnavailableError if it took too long, the process died, or it raised.
        """
        target = f"{function.__module__}:{function.__qualname__}"
        worker = self._workers.get(target)
        if worker is None:
            answer = get_type_hints(function)["return"]
            worker = Worker(target, answer=answer, memory=_MEMORY)
            self._workers[target] = worker
        limit = min(time_limit, _LONGEST)
        try:
            result: T = await asyncio.to_thread(worker.call, request, timeout=limit)
        except asyncio.CancelledError:
            # Nobody waits for it any more, and a thread cannot be ended in another way.
            if self._workers.get(target) is worker:
                del self._workers[target]
            worker.close()
            raise
        except (MediaError, UnavailableError) as error:
            raise ProviderUnavailableError(f"{function.__name__} failed: {error}") from error
        return result

    def close(self) -> None:
        """End all processes at once."""
        for worker in self._workers.values():
            worker.close()
        self._workers.clear()
