"""How the process shares its memory, as glibc itself tells it."""

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, threading
from hydrophone.server.memory import share_memory

def take(all_here):
    ctypes.CDLL(None).malloc(100_000)
    all_here.wait(10)

if {shares}:
    share_memory()
all_here = threading.Barrier(4)
threads = [threading.Thread(target=take, args=(all_here,)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
ctypes.CDLL(None).malloc_stats()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="Only glibc tells of its arenas.")
@pytest.mark.parametrize("shares", [True, False])
def test_threads_share_one_arena(shares: bool) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(shares=shares)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert (ran.stderr.count("Arena ") == 1) is shares
