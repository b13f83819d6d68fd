"""Tells which processes a process has started (Linux)."""

import os
from pathlib import Path


def descendants(pid: int) -> set[int]:
    """Return the ids of all living processes that descend from this one."""
    children: dict[int, list[int]] = {}
    # Not by the pattern `[0-9]*/stat`: that raises an error if a process ends meanwhile.
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            children.setdefault(int(fields[1]), []).append(int(process.name))
    found: set[int] = set()
    pending = [pid]
    while pending:
        for child in children.get(pending.pop(), []):
            found.add(child)
            pending.append(child)
    return found


def alive(pids: set[int]) -> set[int]:
    """Return those of these processes that still run; zombies do not."""
    running = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            running.add(pid)
    return running


def children_named(name: str) -> set[int]:
    """Return the ids of the main thread's child processes with a name, zombies included."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {int(pid) for pid in children if name in _program(pid)}


def _program(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        # It has ended since it was listed.
        return ""
