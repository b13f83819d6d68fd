"""The parent's ends of the two pipes to a child: frames, and no waiting beyond a deadline."""

import math
import os
import select
import time
from collections.abc import Iterable

from hydrophone.sandbox.frames import LENGTH, MAX_FRAME, frame

_CHUNK = 256 * 1024


class Channel:
    """Sends and receives frames without ever blocking on a child that does neither.

    For one thread at a time. The descriptors stay with their owner, who closes them.
    """

    def __init__(self, to_child: int, from_child: int) -> None:
        os.set_blocking(to_child, False)
        os.set_blocking(from_child, False)
        self._to_child = to_child
        self._from_child = from_child
        self._unsent = bytearray()
        self._received = bytearray()
        self._readable = select.poll()
        self._readable.register(from_child, select.POLLIN)
        self._usable = select.poll()
        self._usable.register(from_child, select.POLLIN)
        self._usable.register(to_child, select.POLLOUT)

    def send(self, bodies: Iterable[bytes]) -> None:
        """Send what the pipe takes of these frames; `receive` sends the rest. Never blocks."""
        for body in bodies:
            self._unsent += frame(body)
        self._write()

    def receive(self, timeout: float) -> bytes:
        """Return the body of the next frame, waiting at most `timeout` seconds for it.

        Raises `TimeoutError`, and `EOFError` when the child has ended or sends no frames.
        """
        deadline = time.monotonic() + timeout
        while (body := self._take_frame()) is None:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            self._transfer(remaining)
        return body

    def _take_frame(self) -> bytes | None:
        if len(self._received) < LENGTH:
            return None
        end = LENGTH + int.from_bytes(self._received[:LENGTH], "big")
        if end > MAX_FRAME:
            raise EOFError
        if len(self._received) < end:
            return None
        body = bytes(self._received[LENGTH:end])
        del self._received[:end]
        return body

    def _transfer(self, seconds: float) -> None:
        """Wait until one of the pipes can be used, and use it."""
        poll = self._usable if self._unsent else self._readable
        for fd, _ in poll.poll(math.ceil(seconds * 1000)):
            if fd == self._to_child:
                self._write()
            else:
                self._read()

    def _read(self) -> None:
        data = os.read(self._from_child, _CHUNK)
        if not data:
            raise EOFError
        self._received += data

    def _write(self) -> None:
        try:
            sent = os.write(self._to_child, self._unsent)
        except BlockingIOError:
            return
        except BrokenPipeError:
            # The child is gone; what it answered before may still be read.
            sent = len(self._unsent)
        del self._unsent[:sent]
