"""The only way to call a capability: with limits, an answer that was checked, and a breaker.

It contains faults, not malice: plugins are code in our process. What blocks the event loop
cannot be stopped here.
"""

import asyncio
import logging
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from time import perf_counter, time
from types import NoneType
from typing import Any, Generic, TypeVar, cast, get_args

from msgspec import Struct

from hydrophone.domain.breaker import Breaker
from hydrophone.domain.units import Seconds
from hydrophone.errors import (
    BadAnswerError,
    NotAuthorizedError,
    OwnPaceError,
    ProviderError,
    ProviderUnavailableError,
    RetryLaterError,
)
from hydrophone.host.answers import checked
from hydrophone.host.capabilities import Capability, Method
from hydrophone.host.guarded_stream import GuardedStream, Opening
from hydrophone.host.stranger import MistakeError, Strays, describe, within

logger = logging.getLogger(__name__)
tracer = logging.getLogger("hydrophone.trace")
"""Told of every call with its time, at DEBUG; `[logging] plugin_calls` switches it on."""

T = TypeVar("T")
RequestT = TypeVar("RequestT", bound=Struct | str)

_MOST_AT_ONCE = 16
"""Calls of one capability of one plugin; others wait, which counts as their time."""
_OPENING = Seconds(30.0)
"""For a stream to be opened."""
_GRACE = 0.5
"""Seconds that calls have to end when all is closed."""
_TOO_LONG = "It took too long."


class Answer(Struct, Generic[T], frozen=True):
    """What was returned, checked."""

    value: T


class NotFound(Struct, frozen=True):
    """It was asked and has nothing."""


class Fault(Struct, frozen=True):
    """It was not asked, or could not answer."""

    error: ProviderError


Outcome = Answer[T] | NotFound | Fault


class Guard:
    """Calls the methods of one capability of one instance."""

    def __init__(
        self, instance: str, capability: Capability[Any], *, timeout: Seconds | None, strict: bool
    ) -> None:
        """`timeout` lowers the time limits; `strict` lets bugs of a plugin through, for tests."""
        self.calls = 0
        self.faults = 0
        self.last_error = ""
        self.last_error_at: float | None = None
        """Seconds since 1970."""
        self._told = ""
        """What callers were told of it."""
        self._raised: Callable[[], ProviderError | None] = lambda: None
        """Refers to it, and lets it go."""
        self._instance = instance
        self._bug = f"{instance} has a bug; the server's log says which."
        self._who = f"{instance}.{capability.name}"
        self._methods = capability.methods
        self._breakers = {
            method.name: Breaker() for method in capability.methods.values() if method.has_breaker
        }
        self._timeout = timeout
        self._strict = strict
        self._slots = asyncio.Semaphore(_MOST_AT_ONCE)
        self._strays: Strays = set()

    @property
    def suspended(self) -> Mapping[str, Seconds]:
        """The methods that are not called at present, with the seconds until they are again."""
        left = {name: breaker.remaining for name, breaker in self._breakers.items()}
        return {name: seconds for name, seconds in left.items() if seconds > 0}

    async def call(
        self, method: Callable[[RequestT], Awaitable[T | None]], request: RequestT
    ) -> Outcome[T]:
        """Call a method of the capability; raises nothing but CancelledError.

        (In tests also what a plugin raises that is no ProviderError.) A caller that is cancelled
        cancels the call. The method is known by its `__name__`.
        """
        known = self._methods[method.__name__]
        breaker = self._breakers.get(known.name)
        if breaker is not None and not breaker.admit():
            return self._refusal(breaker)
        self.calls += 1
        began = perf_counter()
        try:
            limit = self._limit(known.time_limit)
            value = await within(limit, self._strays, self._in_turn, method, request)
            outcome = self._checked(value, known)
        except asyncio.CancelledError:
            if breaker is not None:
                breaker.abandoned()
            raise
        except OwnPaceError as error:
            # It was not asked, so that this is no fault of it.
            if breaker is not None:
                breaker.abandoned()
            outcome = Fault(error)
        except Exception as error:  # noqa: BLE001 - the border: a stranger's code may raise anything
            outcome = Fault(self._failed(error, breaker))
        else:
            if breaker is not None:
                breaker.succeeded()
        self._trace(known.name, began, outcome)
        return outcome

    @asynccontextmanager
    async def open(
        self, method: Opening[RequestT], request: RequestT
    ) -> AsyncIterator[GuardedStream]:
        """Open a stream of a source; leaving the context closes it.

        No breaker is asked, and none is told: what befalls one track says little of others.

        Raises:
            ProviderError: It cannot be opened. So do the chunks if it breaks off.
        """
        self.calls += 1
        began = perf_counter()
        stream = GuardedStream(method, request, failed=self._failed)
        try:
            try:
                await stream.opened(self._limit(_OPENING))
            except Exception as error:  # the border, as above: raised again as what callers know
                fault = self._failed(error)
                self._trace("open_stream", began, Fault(fault))
                raise fault from error
            self._trace("open_stream", began, Answer(None))
            yield stream
        finally:
            await stream.close(self._strays)

    def blame(self, error: ProviderError) -> None:
        """Count a fault that only showed in what it gave, unless that is what it told itself."""
        if error is not self._raised():
            self._told = str(error)
            self._note(self._told)

    def resume(self) -> None:
        """Close all breakers: somebody knows that it works again."""
        for breaker in self._breakers.values():
            breaker.succeeded()

    async def close(self) -> None:
        """Wait a moment for calls that were cancelled and have not ended."""
        if self._strays:
            await asyncio.wait(self._strays, timeout=_GRACE)

    async def _in_turn(self, method: Callable[[RequestT], Awaitable[T]], request: RequestT) -> T:
        async with self._slots:
            return await method(request)

    def _refusal(self, breaker: Breaker) -> Fault:
        after = max(1.0, breaker.remaining)
        said = f"{self._instance} fails; it is asked again in {after:.0f} seconds."
        if self._told:
            said = f"{said} It said: {self._told}"
        return Fault(RetryLaterError(said, after=after))

    def _limit(self, usual: Seconds) -> Seconds:
        return usual if self._timeout is None else min(usual, self._timeout)

    def _checked(self, value: T | None, known: Method) -> Outcome[T]:
        if known.answer is NoneType:
            # There T is None.
            return Answer(cast("T", None))
        if value is None:
            if NoneType in get_args(known.answer):
                return NotFound()
            due = known.answer.__name__
            raise MistakeError(f"Its {known.name} returned None, where a {due} is due.")
        answer, complaint = checked(value, known.answer, name=known.name)
        if complaint:
            self._note(complaint)
        return Answer(answer)

    def _failed(self, error: Exception, breaker: Breaker | None = None) -> ProviderError:
        """Count a fault; return it as what callers know, who may show it to users."""
        if not isinstance(error, ProviderError | TimeoutError) and self._strict:
            logger.error("%s has a bug: %s", self._who, describe(error), exc_info=error)
            raise error
        fault, said = self._as_fault(error)
        if breaker is not None:
            _tell(breaker, fault)
        self._told, self._raised = str(fault), weakref.ref(fault)
        self._note(said, cause=None if isinstance(error, ProviderError | TimeoutError) else error)
        return fault

    def _as_fault(self, error: Exception) -> tuple[ProviderError, str]:
        """Return what callers are told, and admins."""
        match error:
            case MistakeError():
                return BadAnswerError(self._bug), str(error)
            case ProviderError():
                return error, str(error)
            case TimeoutError():
                return ProviderUnavailableError(_TOO_LONG), _TOO_LONG
        return ProviderUnavailableError(self._bug), f"It failed: {describe(error)}"

    def _note(self, said: str, *, cause: Exception | None = None) -> None:
        self.faults += 1
        is_known = self.last_error == said
        self.last_error, self.last_error_at = said, time()
        log = logger.debug if is_known else logger.warning
        log("%s: %s", self._who, said, exc_info=cause)

    def _trace(self, method: str, began: float, outcome: Outcome[Any]) -> None:
        if tracer.isEnabledFor(logging.DEBUG):
            kind = type(outcome).__name__
            said = f": {outcome.error}" if isinstance(outcome, Fault) else ""
            took = (perf_counter() - began) * 1000
            tracer.debug("%s.%s %.1f ms %s%s", self._who, method, took, kind, said)


def _tell(breaker: Breaker, fault: ProviderError) -> None:
    match fault:
        case NotAuthorizedError():
            # It works, but for the account.
            breaker.succeeded()
        case RetryLaterError():
            breaker.pause(Seconds(fault.after))
        case _:
            breaker.failed()
