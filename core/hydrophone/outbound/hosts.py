"""How much and how often one host is asked, and when it is to be left alone.

A host is known by its name with the port, as it stands in URLs.
"""

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from hydrophone.domain.breaker import Breaker
from hydrophone.errors import OwnPaceError, ProviderUnavailableError, RetryLaterError

_LONGEST_PAUSE = 3600.0
_LONGEST_QUEUE = 30.0
"""Seconds that somebody waits for his turn at a host that is asked seldom."""
_MOST_REMEMBERED = 1000


class FileUnavailableError(ProviderUnavailableError):
    """A host answers, but does not give one of its files now."""


class Hosts:
    """All hosts that are being asked; forgets each when nothing of it is left."""

    def __init__(self, *, most: int, most_streams: int) -> None:
        """`most` is how many requests for documents one host gets at the same time.

        `most_streams` is how many others, which may take as long as music does. They are counted
        apart: what somebody has typed is not to wait behind downloads.
        """
        self._most = {False: most, True: most_streams}
        self._slots: dict[tuple[str, bool], asyncio.Semaphore] = {}
        """By host, and whether they are for streams."""
        self._users: Counter[tuple[str, bool]] = Counter()
        self._paused: dict[str, float] = {}
        self._rate: dict[str, float] = {}
        """Requests a second."""
        self._next: dict[str, float] = {}
        """When a host would be due that is asked at its rate without a break."""
        self._breakers: dict[str, Breaker] = {}
        """Of hosts that failed of late."""

    def limit_rate(self, host: str, per_second: float) -> None:
        """Ask a host, with whatever port, at most so often; the least that was said counts.

        What a quiet second has saved may be spent at once: a rate of 10 lets ten through
        together, and then one every tenth of a second.
        """
        self._rate[host.lower()] = min(per_second, self._rate.get(host.lower(), per_second))

    @asynccontextmanager
    async def turn(self, host: str, *, is_stream: bool) -> AsyncIterator[None]:
        """Wait until a host may be asked, and hold the place until the exit.

        The caller bounds the wait. What it raises tells how the host does: after five times
        ProviderUnavailableError in a row it is left alone for a while. Raises RetryLaterError if
        it is now, or has asked for a pause.
        """
        self._refuse_paused(host)
        place = (host, is_stream)
        self._users[place] += 1
        slots = self._slots.setdefault(place, asyncio.Semaphore(self._most[is_stream]))
        try:
            async with slots:
                self._refuse_paused(host)
                await self._keep_rate(host)
                async with self._watched(host):
                    yield
        finally:
            self._users[place] -= 1
            if not self._users[place]:
                del self._users[place], self._slots[place]

    def pause(self, host: str, seconds: float) -> RetryLaterError:
        """Ask nothing of a host for so long, an hour at most; return the error that says so."""
        now = monotonic()
        self._paused = {name: end for name, end in self._paused.items() if end > now}
        self._paused[host] = now + min(max(seconds, 1.0), _LONGEST_PAUSE)
        return _too_much(host, self._paused[host] - now)

    def _refuse_paused(self, host: str) -> None:
        left = self._paused.get(host, 0.0) - monotonic()
        if left > 0:
            raise _too_much(host, left)

    async def _keep_rate(self, host: str) -> None:
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        rate = self._rate.get(name)
        if rate is None:
            return
        now, interval = monotonic(), 1.0 / rate
        saved = max(0.0, 1.0 - interval)
        due = max(now - saved, self._next.get(name, 0.0))
        if due - now > _LONGEST_QUEUE:
            after = math.ceil(due - now)
            raise OwnPaceError(f"{host} is asked too often just now.", after=after)
        self._next[name] = due + interval
        if due > now:
            await asyncio.sleep(due - now)

    @asynccontextmanager
    async def _watched(self, host: str) -> AsyncIterator[None]:
        breaker = self._breakers.get(host) or Breaker()
        if not breaker.admit():
            after = math.ceil(breaker.remaining)
            raise RetryLaterError(f"{host} fails; it is asked in {after} seconds.", after=after)
        try:
            yield
        except FileUnavailableError:
            # One bad file must not keep anybody from the others.
            breaker.abandoned()
            raise
        except ProviderUnavailableError:
            breaker.failed()
            if len(self._breakers) < _MOST_REMEMBERED:
                self._breakers[host] = breaker
            raise
        except BaseException:  # a cancelled call, too, says nothing about the host
            breaker.abandoned()
            raise
        self._breakers.pop(host, None)


def _too_much(host: str, seconds: float) -> RetryLaterError:
    after = math.ceil(seconds)
    return RetryLaterError(f"{host} wants to be asked again in {after} seconds.", after=after)
