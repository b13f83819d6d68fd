"""The only way to call a capability: with limits, an answer that was checked, and a breaker.

It contains faults, not malice: plugins are code in our process. What blocks the event loop
cannot be stopped here.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import perf_counter, time
from typing import Any, Generic, TypeVar, cast

import msgspec
from msgspec import Struct

from hydrophone.domain.breaker import Breaker
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import (
    BadAnswerError,
    NotAuthorizedError,
    ProviderError,
    ProviderUnavailableError,
    RetryLaterError,
)
from hydrophone.host.capabilities import Capability
from hydrophone.host.discovery import describe
from hydrophone.plugin.capabilities.source import OpenedStream

logger = logging.getLogger(__name__)
tracer = logging.getLogger("hydrophone.trace")
"""Told of every call with its time, at DEBUG; `[logging] plugin_calls` switches it on."""

T = TypeVar("T")
RequestT = TypeVar("RequestT", bound=Struct | str)

_MOST_AT_ONCE = 16
"""Calls of one capability of one plugin; others wait, which counts as their time."""
_MOST_ITEMS = 5000
"""In any one list of an answer."""
_GRACE = 1.0
"""Seconds that a call has to end after it was cancelled."""
_SILENCE = 30.0
"""Seconds without a byte of a stream."""


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
        self.breaker = Breaker()
        self.calls = 0
        self.faults = 0
        self.last_error = ""
        self.last_error_at: float | None = None
        """Seconds since 1970."""
        self._who = f"{instance}.{capability.name}"
        self._methods = capability.methods
        self._timeout = timeout
        self._strict = strict
        self._slots = asyncio.Semaphore(_MOST_AT_ONCE)
        self._stray: set[asyncio.Task[Any]] = set()
        """Calls that go on although they were cancelled."""

    async def call(
        self, method: Callable[[RequestT], Awaitable[T | None]], request: RequestT
    ) -> Outcome[T]:
        """Call a method of the capability; raises nothing but CancelledError.

        (In tests also what a plugin raises that is no ProviderError.) A caller that is cancelled
        cancels the call.
        """
        known = self._methods[method.__name__]
        if (refusal := self._refusal()) is not None:
            return refusal
        began = perf_counter()
        try:
            value = await self._bounded(method, request, self._limit(known.time_limit))
            outcome = _checked(value, known.answer)
        except asyncio.CancelledError:
            self.breaker.abandoned()
            raise
        except Exception as error:  # noqa: BLE001 - the border: a stranger's code may raise anything
            outcome = self._failed(error)
        else:
            self.breaker.succeeded()
        self._trace(known.name, began, outcome)
        return outcome

    @asynccontextmanager
    async def open(
        self, opening: AbstractAsyncContextManager[OpenedStream]
    ) -> AsyncIterator["GuardedStream"]:
        """Open a stream of a source; leaving the context closes it.

        Raises:
            ProviderError: It cannot be opened. So do the chunks if it breaks off.
        """
        if (refusal := self._refusal()) is not None:
            raise refusal.error
        began = perf_counter()
        try:
            async with asyncio.timeout(self._limit(Seconds(30.0))):
                stream = await opening.__aenter__()
        except asyncio.CancelledError:
            self.breaker.abandoned()
            raise
        except Exception as error:  # the border, as above: raised again as what the caller knows
            fault = self._failed(error)
            self._trace("open_stream", began, fault)
            raise fault.error from error
        self.breaker.succeeded()
        self._trace("open_stream", began, Answer(None))
        try:
            yield GuardedStream(self, stream)
        finally:
            try:
                async with asyncio.timeout(_GRACE):
                    await opening.__aexit__(None, None, None)
            except Exception as error:  # noqa: BLE001 - the border; the bytes have been had
                logger.debug("%s did not close its stream: %s", self._who, describe(error))

    def failed_stream(self, error: Exception) -> ProviderError:
        """Count the end of a stream that broke off; return what is to be raised."""
        return self._failed(error).error

    async def close(self) -> None:
        """Wait a moment for calls that were cancelled and have not ended."""
        if self._stray:
            await asyncio.wait(self._stray, timeout=_GRACE)

    def _refusal(self) -> Fault | None:
        if self.breaker.admit():
            self.calls += 1
            return None
        after = self.breaker.remaining
        said = f"{self._who} is not asked for {after:.0f} seconds: {self.last_error}"
        return Fault(RetryLaterError(said, after=after))

    def _limit(self, usual: Seconds) -> Seconds:
        return usual if self._timeout is None else min(usual, self._timeout)

    async def _bounded(
        self, method: Callable[[RequestT], Awaitable[T]], request: RequestT, limit: Seconds
    ) -> T:
        # A task of its own: a plugin that swallows its cancellation must not hold the caller.
        task = asyncio.create_task(self._run(method, request))
        try:
            await asyncio.wait((task,), timeout=limit)
        finally:
            if not task.done():
                task.cancel()
                self._stray.add(task)
                task.add_done_callback(self._strayed)
        if not task.done():
            raise ProviderUnavailableError(f"It took longer than {limit:g} seconds.")
        if task.cancelled():
            raise ProviderUnavailableError("It gave up.")
        return task.result()

    async def _run(self, method: Callable[[RequestT], Awaitable[T]], request: RequestT) -> T:
        async with self._slots:
            try:
                return await method(request)
            except (SystemExit, KeyboardInterrupt) as error:
                # In a task these would end the whole server.
                raise ProviderUnavailableError("It wanted to end the program.") from error

    def _strayed(self, task: asyncio.Task[Any]) -> None:
        self._stray.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.debug("%s ended late", self._who, exc_info=task.exception())

    def _failed(self, error: Exception) -> Fault:
        if not isinstance(error, ProviderError | TimeoutError) and self._strict:
            logger.error("%s has a bug: %s", self._who, describe(error), exc_info=error)
            raise error
        fault = error if isinstance(error, ProviderError) else _as_provider_error(error)
        match fault:
            case NotAuthorizedError():
                # It works, but for the account.
                self.breaker.succeeded()
            case RetryLaterError():
                self.breaker.pause(Seconds(fault.after))
            case _:
                self.breaker.failed()
        self.faults += 1
        is_known = self.last_error == str(fault)
        self.last_error, self.last_error_at = str(fault), time()
        log = logger.debug if is_known else logger.warning
        log("%s: %s", self._who, fault, exc_info=error if fault is not error else None)
        return Fault(fault)

    def _trace(self, method: str, began: float, outcome: Outcome[Any]) -> None:
        if tracer.isEnabledFor(logging.DEBUG):
            kind = type(outcome).__name__
            said = f": {outcome.error}" if isinstance(outcome, Fault) else ""
            took = (perf_counter() - began) * 1000
            tracer.debug("%s.%s %.1f ms %s%s", self._who, method, took, kind, said)


class GuardedStream:
    """A stream of a source that cannot fall silent for ever or raise what nobody expects."""

    def __init__(self, guard: Guard, stream: OpenedStream) -> None:
        self.offset = ByteCount(int(stream.offset))
        self.size = None if stream.size is None else ByteCount(int(stream.size))
        self.content_type = str(stream.content_type)
        self.validator = str(stream.validator)
        self._guard = guard
        self._stream = stream

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield bytes until the end. Raises ProviderError if it breaks off or falls silent."""
        chunks = aiter(self._stream.chunks())
        while True:
            try:
                async with asyncio.timeout(_SILENCE):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except Exception as error:  # the border: a stranger's generator may raise anything
                raise self._guard.failed_stream(error) from error
            yield chunk


def _checked(value: T | None, wanted: Any) -> Outcome[T]:  # noqa: ANN401 - a type of typing
    """Hold an answer against the type that the Protocol promises, down to its last field.

    Raises BadAnswerError.
    """
    if wanted is type(None):
        return Answer(cast("T", None))
    if value is None:
        return NotFound()
    _refuse_masses(value)
    try:
        plain = msgspec.to_builtins(value, builtin_types=(bytes,))
        return Answer(msgspec.convert(plain, wanted))
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError) as error:
        raise BadAnswerError(f"Its answer cannot be used: {describe(error)}") from error


def _refuse_masses(value: object) -> None:
    """Look at lengths before anything is copied: checking a million hits would take seconds."""
    parts = (
        [getattr(value, name) for name in value.__struct_fields__]
        if isinstance(value, Struct)
        else [value]
    )
    for part in parts:
        if isinstance(part, tuple | list | dict | set | frozenset) and len(part) > _MOST_ITEMS:
            raise BadAnswerError(f"Its answer has {len(part)} items; {_MOST_ITEMS} are allowed.")


def _as_provider_error(error: Exception) -> ProviderError:
    if isinstance(error, TimeoutError):
        return ProviderUnavailableError("It took too long.")
    return ProviderUnavailableError(f"It failed: {describe(error)}")
