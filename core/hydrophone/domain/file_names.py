"""Names for files that leave this machine: into a zip, a backup, another player's folder."""

import re

_LONGEST = 100
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
"""What no file name may have on some system; a zip is opened on any."""


def safe_name(name: str) -> str:
    """Turn a name into that of a file or folder, for any system; never empty."""
    text = name.encode("utf-8", "replace").decode()
    return _UNSAFE.sub("_", text)[:_LONGEST].strip(" .") or "_"


def free_name(stem: str, suffix: str, taken: set[str]) -> str:
    """Return `stem.suffix`, with a number where a file system would take it for one of `taken`.

    It is added to them.
    """
    name, count = stem, 1
    while f"{name}.{suffix}".casefold() in taken:
        count += 1
        name = f"{stem} ({count})"
    taken.add(f"{name}.{suffix}".casefold())
    return f"{name}.{suffix}"
