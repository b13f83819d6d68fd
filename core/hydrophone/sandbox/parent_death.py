"""Lets a child process end with the process that started it, even after its `kill -9`."""

import ctypes
import os
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


if __name__ == "__main__":
    # `python -m hydrophone.sandbox.parent_death program argument ...`: for programs of others. The
    # wish outlives the exec (prctl(2)), and a parent that was quicker to die has left us to init.
    die_with_parent()
    if os.getppid() != 1:
        os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - no shell; our caller chose the program
