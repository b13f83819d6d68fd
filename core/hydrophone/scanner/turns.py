"""Transactions of a scan, between which the server gets its turn to write."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from hydrophone.storage.connection import transaction

_LONGEST_TURN = 0.5
"""Seconds of writing after which others are let in: longer than that nobody waits for his turn."""
_PAUSE = 0.12
"""Seconds: whoever waits for SQLite's lock looks after it every 0.1 s, and in no order."""

Item = TypeVar("Item")


class Turns:
    """Opens the transactions of one scan on its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ended = time.monotonic()
        self._busy = 0.0

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the body in a transaction, after a pause if others may have waited for long."""
        idle = time.monotonic() - self._ended
        if self._busy >= _LONGEST_TURN and idle < _PAUSE:
            time.sleep(_PAUSE - idle)
            idle = _PAUSE
        if idle >= _PAUSE:
            self._busy = 0.0
        began = time.monotonic()
        with transaction(self._connection):
            yield
        self._ended = time.monotonic()
        self._busy += self._ended - began

    def write(
        self,
        items: Iterable[Item],
        write: Callable[[Item], object],
        *,
        finish: Callable[[], None] | None = None,
    ) -> None:
        """Write items one after the other, as many in one transaction as a turn has room for.

        `finish` is called at the end of each transaction.
        """
        waiting = iter(items)
        for first in waiting:
            with self.transaction():
                began = time.monotonic()
                write(first)
                for item in waiting:
                    write(item)
                    if time.monotonic() - began >= _LONGEST_TURN:
                        break
                if finish is not None:
                    finish()


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Cut a sequence into pieces of at most `size`, small enough for one statement or turn."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
