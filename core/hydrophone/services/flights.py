"""Downloads under way: each once, however many want it, and to its end whoever leaves."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

from hydrophone.errors import HydrophoneError, UnavailableError, reason_of
from hydrophone.services.job_kinds import JobRun

logger = logging.getLogger(__name__)

_TELL_SECONDS = 1.0


class Flight(ABC):
    """One try to get something."""

    task: asyncio.Task[None]

    def __init__(self, key: str) -> None:
        """`key` says what is to be had: an id."""
        self.key = key
        self.queueing: asyncio.Task[None] | None = None
        """What puts the next try into the queue, for a try that was not begun by it."""

    @abstractmethod
    def end(self, error: HydrophoneError | None) -> None:
        """Say to listeners that nothing more comes; with an error, why it is not whole."""

    @abstractmethod
    def tell(self, run: JobRun) -> None:
        """Say to a job how far it is."""


FlightT = TypeVar("FlightT", bound=Flight)


class Flights(Generic[FlightT]):
    """Tries of one kind, one at a time for each key."""

    def __init__(self, work: Callable[[FlightT], Awaitable[None]]) -> None:
        """`work` does a try; it raises HydrophoneError if it fails."""
        self._work = work
        self._flights: dict[str, FlightT] = {}

    def find(self, key: str) -> FlightT | None:
        """Return the try that is under way for a key."""
        return self._flights.get(key)

    def start(self, flight: FlightT) -> FlightT:
        """Begin a try for a key that has none."""
        self._flights[flight.key] = flight
        flight.task = asyncio.create_task(self._fly(flight))
        flight.task.add_done_callback(lambda _: self._landed(flight))
        return flight

    def queue(self, flight: FlightT, request: Coroutine[Any, Any, None]) -> None:
        """Have the next try queued, should this one fail or the server end.

        Nobody waits for that but the end of the try: it takes as long as the disk does.
        """
        flight.queueing = asyncio.create_task(request)

    async def follow(self, flight: FlightT, run: JobRun) -> None:
        """Wait for a try to end, and tell a job how far it is; raises what the try fails with.

        If this is cancelled the try goes on for its listeners; `stop` and `close` end it.
        """
        while not flight.task.done():
            await asyncio.wait([flight.task], timeout=_TELL_SECONDS)
            flight.tell(run)
        await self.wait(flight)

    async def wait(self, flight: FlightT) -> None:
        """Wait for a try to end; raises what it fails with. It goes on if this is cancelled."""
        await asyncio.wait([flight.task])
        if flight.task.cancelled():
            raise _stopped()
        flight.task.result()

    async def stop(self, flight: FlightT) -> None:
        """End a try."""
        flight.task.cancel()
        await asyncio.wait([flight.task])

    async def close(self) -> None:
        """End all tries."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _landed(self, flight: FlightT) -> None:
        del self._flights[flight.key]
        if not flight.task.cancelled():
            # Looked at by its job as well; but it may not have come that far.
            flight.task.exception()

    async def _fly(self, flight: FlightT) -> None:
        error: HydrophoneError | None = _stopped()
        try:
            await self._work(flight)
            error = None
        except HydrophoneError as failure:
            error = failure
            raise
        except Exception as failure:  # the border: whoever listens is told as its job is
            error = _failed(failure)
            raise
        finally:
            flight.end(error)
            if flight.queueing is not None:
                [refusal] = await asyncio.gather(flight.queueing, return_exceptions=True)
                if refusal is not None:
                    logger.warning("%s is not in the queue: %s", flight.key, refusal)


async def failure_of(flight: Flight) -> HydrophoneError:
    """Return why a try has brought nothing, once it has ended."""
    await asyncio.wait([flight.task])
    error = None if flight.task.cancelled() else flight.task.exception()
    if isinstance(error, HydrophoneError):
        return error
    return _stopped() if error is None else _failed(error)


def _failed(error: BaseException) -> HydrophoneError:
    return UnavailableError(reason_of(error) or "The download failed; the log says more.")


def _stopped() -> HydrophoneError:
    return UnavailableError("The download was stopped.")
