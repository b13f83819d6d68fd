"""Tells from /proc/self/mountinfo (proc(5), Linux) on what kind of file system a folder is."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

_MOUNTINFO = Path("/proc/self/mountinfo")
_OCTAL = re.compile(r"\\([0-7]{3})")
_NETWORK = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "drvfs",
        "fuse",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "prl_fs",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
        "vmhgfs",
    }
)
"""What others may change without our kernel seeing it; `fuse` alone is what davfs2 says."""
_LOCAL_FUSE = frozenset(
    {"fuse.bindfs", "fuse.encfs", "fuse.fuse-overlayfs", "fuse.gocryptfs", "fuse.mergerfs"}
)
"""File systems of programs on this machine; all other `fuse.*` may be at the end of a network."""


class Mount(Struct, frozen=True):
    """A file system and where it is mounted."""

    id: str
    """Given anew by the kernel with each mount."""
    point: str
    kind: str

    @property
    def is_network(self) -> bool:
        """Say whether files may change there without a word from our kernel."""
        if self.kind.startswith("fuse."):
            return self.kind not in _LOCAL_FUSE
        return self.kind in _NETWORK


def mounts_of(path: str) -> tuple[Mount, ...]:
    """Return the mount that a real path lies on, then those below it; empty if not on Linux."""
    try:
        text = _MOUNTINFO.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ()
    return select(parse(text.splitlines()), path)


def parse(lines: Iterable[str]) -> Iterator[Mount]:
    """Read lines of mountinfo in their order."""
    for line in lines:
        place, _, kind = line.partition(" - ")
        fields = place.split(" ")
        point = _OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[4])
        yield Mount(fields[0], point, kind.partition(" ")[0])


def select(mounts: Iterable[Mount], path: str) -> tuple[Mount, ...]:
    """Return the mount that a path lies on, then those below it. Of one point the last counts."""
    by_point = {mount.point: mount for mount in mounts}
    above = [point for point in by_point if f"{path}/".startswith(f"{point.rstrip('/')}/")]
    below = sorted(point for point in by_point if point.startswith(f"{path.rstrip('/')}/"))
    home = max(above, key=len, default=None)
    chosen = ([] if home is None else [home]) + [point for point in below if point != home]
    return tuple(by_point[point] for point in chosen)
