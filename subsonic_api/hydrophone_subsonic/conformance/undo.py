"""Putting back what a rule changes, also when somebody presses Ctrl-C in the middle of it."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from hydrophone_subsonic.conformance.verdict import Fault, ServerGone, Skipped

_FAILURES = (
    Fault, Skipped, ServerGone, httpx.HTTPError,
    LookupError, TypeError, ValueError, AttributeError,
)  # fmt: skip
"""How a step ends that does not succeed; the last ones are of an answer in another form."""


class Undo:
    """Steps back, which run in the opposite order of their announcement.

    A step is announced *before* what it takes back is done, and finds by itself what there is to
    do: an interruption may come between a request and its answer. After each step it is looked
    whether it did what it says: a server's success may be no more than a word, and where a step
    fails, there may be nothing to put back.
    """

    def __init__(self) -> None:
        self._steps: list[tuple[str, Callable[[], object], Callable[[], object]]] = []

    def later(self, what: str, step: Callable[[], object], *, still: Callable[[], object]) -> None:
        """Announce a step; `what` says for people what is left behind if it fails.

        `still` asks the server whether it is there, or is changed, all the same.
        """
        self._steps.append((what, step, still))

    def run(self) -> list[str]:
        """Go all steps back; return what could not be put back, and why."""
        left = []
        with _uninterrupted():
            while self._steps:
                what, step, still = self._steps.pop()
                why = "the server says that it did so, and did not."
                try:
                    step()
                except _FAILURES as failure:
                    why = str(failure)
                try:
                    if still():
                        left.append(f"{what}: {why}")
                except _FAILURES as failure:
                    left.append(f"{what}: {failure}")
        return left


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back while this runs: it takes a few requests, each with a time limit."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: caught.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if caught:
            signal.raise_signal(signal.SIGINT)
