"""Runs a function in a child process that is started when needed and replaced when it dies."""

import logging
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from threading import Lock
from types import TracebackType, UnionType
from typing import Generic, Self, TypeVar

import msgspec

from hydrophone.errors import MediaError, UnavailableError
from hydrophone.sandbox.child import Child
from hydrophone.sandbox.frames import ANSWERED

logger = logging.getLogger(__name__)

_Argument = TypeVar("_Argument")
_Answer = TypeVar("_Answer")

_AHEAD = 32
"""Requests sent before the first is answered, so that the child never waits for the next."""


class Worker(Generic[_Answer]):
    """Runs one function, `module:name`, on untrusted input, in a child process.

    The function takes one annotated argument. Argument and answer are whatever msgspec can
    encode; the answer is of type `answer`. It must be a pure read: after a crash or a timeout
    the child is replaced, and requests that it had not answered are sent again.

    The child has at most `memory` bytes of address space (all of Python and its libraries
    included, some 30 MB), writes no core dump, inherits niceness and environment, and dies with
    this process even by `kill -9` (Linux; elsewhere once it has finished its item). What the
    function prints goes to stderr.

    Any thread may use it; one does at a time, others wait. Nothing starts before the first use.
    """

    def __init__(self, target: str, *, answer: type[_Answer] | UnionType, memory: int) -> None:
        self._target = target
        self._memory = memory
        self._decode = msgspec.msgpack.Decoder(answer).decode
        self._lock = Lock()
        self._child: Child | None = None
        self._closed = False
        # The parent-death signal comes when the *thread* that started the child ends, and
        # those of a server's pool end when idle. So one thread of our own starts all children.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="sandbox")

    def call(self, argument: object, *, timeout: float) -> _Answer:
        """Return the function's answer, waiting for it at most `timeout` seconds.

        Raises `MediaError` if the function raised anything, crashed, or needed too much memory
        or time; `UnavailableError` as `map` does. Blocks, at first also while the child starts;
        only `close` in another thread ends it early.
        """
        with closing(self.map([argument], timeout=timeout)) as answers:
            _, answer = next(answers)
        if isinstance(answer, MediaError):
            raise answer
        return answer

    def map(
        self, arguments: Iterable[_Argument], *, timeout: float
    ) -> Generator[tuple[_Argument, _Answer | MediaError], None, None]:
        """Yield each argument with its answer or error, in order, as answers come.

        Up to 32 arguments are taken from the iterable ahead of their answers. Each item has
        `timeout` seconds; one that hangs or crashes costs only itself, the rest goes on in a
        new child. Other users of this worker wait until the iterator is exhausted or closed;
        if it is left early, the child goes with it.

        Raises `UnavailableError` if no child can be started, or after `close`.
        """
        with self._lock:
            source = iter(arguments)
            waiting: deque[_Argument] = deque()
            try:
                while self._send_ahead(waiting, source):
                    answer = self._receive(timeout)
                    yield waiting.popleft(), answer
            finally:
                if waiting or self._closed:
                    self._discard_child()

    def close(self) -> None:
        """End the child at once; a call in another thread raises. Repeating it does nothing."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()
        if self._lock.acquire(blocking=False):  # else whoever holds it cleans up
            self._discard_child()
            self._lock.release()
        self._starter.shutdown(wait=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _send_ahead(self, waiting: deque[_Argument], source: Iterator[_Argument]) -> bool:
        """Send more when the child needs it, and all again to a new one; tell if any waits."""
        child = self._child
        if child is not None and len(waiting) > _AHEAD // 2:
            return True
        new = list(islice(source, _AHEAD - len(waiting)))
        if not waiting and not new:
            return False
        if child is None or not (waiting or child.is_alive()):
            child = self._replace_child()
            unsent = [*waiting, *new]
        else:
            unsent = new
        requests = [msgspec.msgpack.encode(argument) for argument in unsent]
        child.channel.send(requests)
        waiting += new
        return True

    def _receive(self, timeout: float) -> _Answer | MediaError:
        """Return the next answer; after a death or a timeout there is no child any more."""
        assert self._child is not None  # noqa: S101 - `_send_ahead` has just used it
        try:
            body = self._child.channel.receive(timeout)
        except TimeoutError:
            self._discard_child()
            return MediaError(f"took longer than {timeout:g} seconds")
        except EOFError:
            self._child.await_end()
            reason = self._discard_child()
            if self._closed:
                raise UnavailableError("the worker is closed") from None
            return MediaError(f"the process that read it crashed ({reason})")
        if not body.startswith(ANSWERED):
            return MediaError(body[1:].decode("utf-8", "replace"))
        try:
            answer: _Answer = self._decode(memoryview(body)[1:])
        except msgspec.DecodeError as error:
            logger.error("unintelligible answer of %s: %s", self._target, error)  # noqa: TRY400 - no trace helps
            return MediaError("could not be read; this is a fault of Hydrophone")
        return answer

    def _replace_child(self) -> Child:
        self._discard_child()
        try:
            starting = self._starter.submit(Child, self._target, self._memory)
        except RuntimeError:
            raise UnavailableError("the worker is closed") from None
        self._child = child = starting.result()
        if self._closed:  # while it started: then `close` has not seen it
            raise UnavailableError("the worker is closed")
        logger.debug("started process %d for %s", child.pid, self._target)
        return child

    def _discard_child(self) -> str:
        """End the child, if there is one, and say how it ended."""
        child, self._child = self._child, None
        return "" if child is None else child.end()
