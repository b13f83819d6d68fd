"""Lets a child process end with the process that started it, even after its `kill -9`."""

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel (Linux; see prctl(2)) to kill this process when its parent ends.

    "Parent" is the thread that started this process. Elsewhere nothing happens: there the end
    of the stdin pipe has to do.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
