"""Says whether what lies beside music may be read where links lead to.

Words, captions, pictures, sheets and playlists are shown to users, or say what is shown. Music is
followed anywhere, for only what parses as sound is sent; these are held to their library.
"""

import os
from collections.abc import Iterator


def leads_out(root: str, path: str, private: str) -> bool:
    """Say whether a file (relative to a library's root) is outside of the library by its links.

    Inside are the root's real folder, and each folder that is itself linked into the library. The
    folder `private` (absolute; empty if there is none), the server's own, is never inside, unless
    the library is in it. Blocking; a file that is not there leads to where it would be.
    """
    real = _real(root, path)
    real_root = os.path.realpath(root)
    own = os.path.realpath(private) if private else ""
    if own and is_within(real, own):
        return real_root == own or not (is_within(real_root, own) and is_within(real, real_root))
    return not any(is_within(real, folder) for folder in (real_root, *_above(root, path)))


def is_within(path: str, folder: str) -> bool:
    """Say whether a path is a folder's own or below it; both absolute, without links."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _above(root: str, path: str) -> Iterator[str]:
    """Yield the real places of the folders that a file is in."""
    while path := path.rpartition("/")[0]:
        yield _real(root, path)


def _real(root: str, path: str) -> str:
    return os.path.realpath(os.path.join(root, path))  # noqa: PTH118 - a str with surrogates
