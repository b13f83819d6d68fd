"""How tests wait for what a server does by itself."""

import time
from collections.abc import Callable


def until(condition: Callable[[], object], what: str = "", *, seconds: float = 120.0) -> None:
    """Wait until something is so; fail, saying what was waited for, if it takes too long."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.05)
