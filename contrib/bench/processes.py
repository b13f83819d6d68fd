"""CPU time and memory of processes, from the kernel (Linux)."""

import time
from collections.abc import Callable
from pathlib import Path

_ROUNDS = 5
_ROUND_SECONDS = 0.4


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a running process: all threads, past ones too, to the nanosecond.

    The number of another process's clock is a fixed part of Linux's interface; glibc's
    `clock_getcpuclockid` makes it in the same way. /proc/<pid>/stat only has hundredths.
    """
    return time.clock_gettime((~pid << 3) | 2)


def resident_megabytes(pid: int, *, peak: bool = False) -> float:
    """Return the resident memory of a process, now or at its highest; 0 if it has just ended."""
    field = "VmHWM:" if peak else "VmRSS:"
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith(field)) / 1000


def children(pid: int) -> list[int]:
    """Return the processes that any thread of a process has started and that still run."""
    found = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in listing.read_text().split()]
    return found


def cost(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Return the seconds that one call takes on a clock of CPU time.

    The least of five rounds: others on the machine make it look dearer, never cheaper.
    """
    for _ in range(3):
        work()
    began = time.perf_counter()
    work()
    once = time.perf_counter() - began
    times = max(3, round(_ROUND_SECONDS / once))
    rounds = []
    for _ in range(_ROUNDS):
        before = clock()
        for _ in range(times):
            work()
        rounds.append((clock() - before) / times)
    return min(rounds)
