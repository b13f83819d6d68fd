"""Turns what the kernel tells of files into the folders that a scan has to look at."""

import os
from collections.abc import Iterable, Iterator

from watchfiles import Change

from hydrophone.domain.video import CAPTION_SUFFIXES, VIDEO_TYPES
from hydrophone.scanner.suffixes import SUFFIXES
from hydrophone.scanner.walk import (
    COVER_SUFFIXES,
    PLAYLIST_SUFFIXES,
    SHEET_SUFFIX,
    is_left_out,
    walk,
)

FileChange = tuple[Change, str]
"""What happened, and to which absolute path."""

_COUNTING = frozenset(
    {
        *(*SUFFIXES, *COVER_SUFFIXES, *PLAYLIST_SUFFIXES, SHEET_SUFFIX),
        *(*VIDEO_TYPES, *CAPTION_SUFFIXES),
    }
)


def changed_folders(root: str, changes: Iterable[FileChange]) -> set[str]:
    """Return folders (relative to the root, as `os` gives them) in which something counts.

    Music, videos, covers, captions, CUE sheets, playlists and folders do; what is hidden or in a
    folder that is left out does not. Lyrics beside the music are read when somebody wants them.
    May walk new folders; blocks.
    """
    return {folder for change in changes for folder in _of_change(root, *change)}


def _of_change(root: str, change: Change, path: str) -> Iterator[str]:
    relative = path[len(root.rstrip("/")) + 1 :]
    parts = relative.split("/")
    if any(is_left_out(part) for part in parts[:-1]) or parts[-1].startswith("."):
        return
    parent, _, name = relative.rpartition("/")
    if name.rpartition(".")[2].lower() in _COUNTING:
        yield parent
    elif change is Change.deleted:
        # It may have been a folder.
        yield parent
    elif os.path.isdir(path) and not is_left_out(name):  # noqa: PTH112 - a str
        yield parent
        # Moved here, perhaps in the place of another with folders of the same names, or opened.
        yield from _all_below(root, relative)


def _all_below(root: str, folder: str) -> Iterator[str]:
    for found in walk(root, (), begin=[folder]):
        yield found.path
