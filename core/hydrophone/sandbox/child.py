"""One child process as its parent sees it: from its start to the reason of its end."""

import signal
import subprocess
import sys
from contextlib import suppress

from hydrophone.errors import UnavailableError
from hydrophone.sandbox.channel import Channel

_LAST_MOMENT = 5.0
"""Seconds that a process may take to end, once it is killed or has lost its pipes."""
_START_TIMEOUT = 60.0
"""Seconds to import the function; a Raspberry Pi under load takes several."""


class Child:
    """A running `python -m hydrophone.sandbox`, ready for requests."""

    def __init__(self, target: str, memory: int) -> None:
        """Start it and wait until it is ready; raises `UnavailableError` if that fails."""
        # -P: a module in the current folder must not stand in for one of the library's.
        command = [sys.executable, "-P", "-m", "hydrophone.sandbox", target, str(memory)]
        self._process = subprocess.Popen(  # noqa: S603 - no shell; our own module
            command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdin is not None  # noqa: S101 - for mypy: both are pipes
        assert self._process.stdout is not None  # noqa: S101 - as above
        self.channel = Channel(self._process.stdin.fileno(), self._process.stdout.fileno())
        try:
            self.channel.receive(_START_TIMEOUT)
        except (EOFError, TimeoutError) as error:
            self.await_end()
            raise UnavailableError(f"worker for {target} did not start: {self.end()}") from error

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Tell whether it still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once; whoever waits for its answer gets `EOFError`. For any thread."""
        self._process.kill()

    def await_end(self) -> None:
        """Wait a moment for a child that has closed its pipes: it is about to end by itself."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LAST_MOMENT)

    def end(self) -> str:
        """Kill it if it still runs, clean up after it, and say how it ended."""
        self._process.kill()
        try:
            code = self._process.wait(_LAST_MOMENT)
        except subprocess.TimeoutExpired:
            # Not even SIGKILL ends a process that waits for a broken disk. It has no work left.
            return "it cannot be killed, its disk hangs"
        finally:
            self._close_pipes()
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
