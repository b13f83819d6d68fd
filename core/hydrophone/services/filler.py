"""One stream of a download: from its source into the part, and again where it breaks off."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import aclosing
from time import time

from hydrophone.domain.units import ByteCount
from hydrophone.errors import (
    BadAnswerError,
    ProviderError,
    ProviderUnavailableError,
    RetryLaterError,
)
from hydrophone.plugin.capabilities.source import OpenRequest
from hydrophone.services.intake import Intake
from hydrophone.services.source_turns import SourceTurns

logger = logging.getLogger(__name__)

_RESUMES = 3
_PROGRESS = 1024 * 1024
"""Bytes after which earlier failures are forgotten."""
_WAITS = (0.1, 0.5, 2.0)
_LONGEST_WAIT = 5.0
_EXPIRES_SOON_MS = 5000


class Failures:
    """What broke off in one download, by whichever stream: after three in a row it is over."""

    def __init__(self) -> None:
        self._count = 0
        self._at = 0

    def wait_after(self, error: ProviderError, done: ByteCount) -> float:
        """Return how many seconds to wait; raises the error if it is no use to go on."""
        if done - self._at >= _PROGRESS:
            self._count = 0
        self._at = done
        self._count += 1
        wait = error.after if isinstance(error, RetryLaterError) else 0.0
        if self._count > _RESUMES or wait > _LONGEST_WAIT:
            raise error
        return max(wait, _WAITS[self._count - 1])


class Filler:
    """One stream on its way into the part."""

    def __init__(
        self,
        position: int,
        *,
        intake: Intake,
        turns: SourceTurns,
        failures: Failures,
        rank: Callable[["Filler"], int],
    ) -> None:
        """`rank` says how urgent it is at a moment; 0 comes first."""
        self.position = position
        """Where its next byte goes."""
        self._intake = intake
        self._turns = turns
        self._failures = failures
        self._rank = rank
        self._is_open = False
        self._leash: asyncio.Timeout | None = None

    @property
    def rank(self) -> int:
        """How urgent it is now; 0 comes first."""
        return self._rank(self)

    def recall(self) -> None:
        """End the stream as soon as may be; what is there stays. Twice is as good as once."""
        if self._leash is not None and self._intake.origin.handle.takes_ranges:
            # A timeout that has run out must not be touched again.
            leash, self._leash = self._leash, None
            leash.reschedule(0.0)

    async def fill(self) -> None:
        """Bring what it can, until others have the rest or need its place.

        Goes on where it broke off, but not for ever: raises ProviderError then, and
        UnavailableError if the disk is full.
        """
        while True:
            try:
                await self._fill()
            except ProviderError as error:
                await self._recover(error)
            else:
                return

    async def _recover(self, error: ProviderError) -> None:
        """Wait and renew what has to be; raises the error if it is no use to go on."""
        if self._intake.is_void:
            raise error
        wait = self._failures.wait_after(error, self._intake.done)
        logger.info(
            "%s is taken up again at byte %d: %s", self._intake.origin, self.position, error
        )
        await asyncio.sleep(wait * random.uniform(1.0, 1.5))  # noqa: S311 - nothing secret
        if not self._is_open:
            await self._renew()

    async def _renew(self) -> None:
        """Have a new handle for the same bytes. Raises if there are only others."""
        try:
            is_same = await self._intake.origin.renew()
        except ProviderUnavailableError as error:
            # The old one may be good enough: it counts as the next failure if not.
            logger.info("%s cannot be resolved now: %s", self._intake.origin, error)
            return
        if not is_same:
            self._intake.is_void = self._intake.is_superseded = True
            raise ProviderUnavailableError("Its source has another file now; it begins anew.")

    async def _fill(self) -> None:
        """Have one stream bring what it can."""
        self._is_open = False
        try:
            async with self._turns.turn(self), asyncio.timeout(None) as self._leash:
                await self._stream()
        except TimeoutError:
            logger.debug("%s makes way at byte %d", self._intake.origin, self.position)
        finally:
            self._leash = None

    async def _stream(self) -> None:
        expires = self._intake.origin.handle.expires
        if expires is not None and expires < time() * 1000 + _EXPIRES_SOON_MS:
            await self._renew()
        provider, handle = self._intake.origin.provider, self._intake.origin.handle
        wanted = self.position
        offset = ByteCount(self._intake.begin_at(wanted) if handle.takes_ranges else 0)
        request = OpenRequest(handle=handle, offset=offset)
        async with provider.open(provider.it.open_stream, request) as stream:
            self._intake.look_at(stream)
            self._is_open = True
            at = int(stream.offset)
            if at > wanted:
                raise BadAnswerError("Another part of the file comes than was asked for.")
            async with aclosing(stream.chunks()) as chunks:
                async for chunk in chunks:
                    at = await self._intake.put(at, chunk)
                    self.position = max(at, wanted)
                    if self._is_enough(at, wanted):
                        return
        if self._intake.size is None:
            self._intake.size = ByteCount(at)
        elif at < self._intake.size:
            raise ProviderUnavailableError("The download broke off.")

    def _is_enough(self, at: int, wanted: int) -> bool:
        """Say whether the rest of a stream is not needed.

        One that had to begin before the place that was wanted brings it in the end.
        """
        is_end = self._intake.size is not None and at >= self._intake.size
        return is_end or (at >= wanted and self._intake.part.spans.end_of(at) > at)
