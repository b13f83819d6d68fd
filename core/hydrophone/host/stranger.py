"""Runs code of strangers: whatever it raises is an error, and nothing of it ends the server.

`SystemExit` and `KeyboardInterrupt` in a task go through the event loop and end the process; test
tools and extension modules raise what is no `Exception` either. None of these functions lets such
a thing out, nor a `CancelledError` that is not the caller's own.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from hydrophone.domain.units import Seconds
from hydrophone.errors import (
    BadAnswerError,
    HydrophoneError,
    PluginError,
    ProviderUnavailableError,
)

T = TypeVar("T")

_GRACE = Seconds(0.5)


class MistakeError(BadAnswerError):
    """Code of a stranger breaks what its Protocol promises; the sentence is for its author."""


Strays = set[asyncio.Task[Any]]
"""Tasks that go on although they were cancelled; each leaves the set when it ends."""


def run_beside(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a loop of its own, as `asyncio.run` does, for a command.

    Tasks that go on although they were cancelled have half a second more; `asyncio.run` would wait
    for them for ever. Raises what the coroutine raises.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(main)
    finally:
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        if tasks:
            loop.run_until_complete(asyncio.wait(tasks, timeout=_GRACE))
        loop.run_until_complete(loop.shutdown_asyncgens())
        if any(not task.done() for task in tasks):
            # What these say when the process ends is nobody's concern.
            loop.set_exception_handler(lambda *_: None)
            sys.unraisablehook = lambda _: None
        loop.close()


def called(code: Callable[[], T]) -> T:
    """Call a plain function; blocks for as long as it does.

    Raises its exceptions, and PluginError for what is none.
    """
    try:
        return code()
    except Exception:  # passes: callers are ready for it
        raise
    except BaseException as error:  # no signal arrives as an exception where this is used
        raise _as_exception(error) from error


async def awaited(code: Callable[..., Awaitable[T]], *arguments: object) -> T:
    """Call and await an asynchronous function, in a task that is its own.

    Raises its exceptions, CancelledError, and PluginError for anything else.
    """
    try:
        return await code(*arguments)
    except (Exception, asyncio.CancelledError):
        raise
    except BaseException as error:  # as above
        raise _as_exception(error) from error


async def within(
    limit: Seconds, strays: Strays, code: Callable[..., Awaitable[T]], *arguments: object
) -> T:
    """Call an asynchronous function so that it cannot hold us, even if it will not be cancelled.

    Raises its exceptions, PluginError for what is none, and ProviderUnavailableError if it takes
    too long or cancels itself. Cancelling us cancels it.
    """
    task = asyncio.create_task(awaited(code, *arguments))
    try:
        await asyncio.wait((task,), timeout=limit)
    finally:
        abandon(task, strays)
    if not task.done():
        raise ProviderUnavailableError(f"It took longer than {_seconds(limit)}.")
    if task.cancelled():
        raise ProviderUnavailableError("It gave up.")
    return task.result()


def abandon(task: asyncio.Task[Any], strays: Strays) -> None:
    """Cancel a task, and let it go on by itself if it will not end."""
    if not task.done():
        task.cancel()
        strays.add(task)
        task.add_done_callback(lambda ended: _ended(ended, strays))


def describe(error: BaseException) -> str:
    """Say in a line what was raised by code that is not ours."""
    said = " ".join(str(error).split())[:300]
    if isinstance(error, HydrophoneError) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _seconds(limit: float) -> str:
    return "a second" if limit == 1 else f"{limit:g} seconds"


def _as_exception(error: BaseException) -> PluginError:
    return PluginError(f"It raised {describe(error)}")


def _ended(task: asyncio.Task[Any], strays: Strays) -> None:
    strays.discard(task)
    if not task.cancelled():
        # Asked for, or asyncio would log it as forgotten; nobody waits for it any more.
        task.exception()
