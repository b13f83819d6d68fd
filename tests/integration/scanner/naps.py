"""A clock for what waits in a scan: to sleep takes no time."""

from collections.abc import Callable


class Naps:
    """Stands in for the module `time`; moves when somebody sleeps, or the test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        """Each sleep that was longer than nothing."""
        self.meanwhile: Callable[[], object] = lambda: None
        """What happens during each of them."""

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.slept.append(seconds)
            self.now += seconds
            self.meanwhile()
