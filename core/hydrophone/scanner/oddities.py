"""Says what is odd about the entries of a folder: links away, what is no file, odd names."""

import errno
import os
from functools import cached_property
from stat import S_ISDIR, S_ISFIFO, S_ISREG, S_ISSOCK

from hydrophone.domain.paths import escape_path
from hydrophone.domain.report import Note, RemarkKind
from hydrophone.scanner.sidecar_links import is_within, leads_out

_GONE = (errno.ENOENT, errno.ENOTDIR)
_NO_UTF8 = "a name that is no UTF-8, and so is shown escaped"


class Oddities:
    """Collects remarks on one folder while it is listed; opens nothing, and never raises."""

    def __init__(self, root: str, folder: str, *, real_root: str, private: str) -> None:
        """`folder` is relative to the library's root; `private` as in `leads_out`."""
        self._library = root
        self._path = folder
        self._folder = os.path.join(root, folder) if folder else root  # noqa: PTH118 - a str
        self._root = real_root
        self._private = private
        self._links: set[str] = set()
        self.notes: dict[str, Note] = {}
        """{name of an entry, as `os` gives it: remark}."""

    def refused(self, name: str, error: OSError) -> None:
        """Remark on what cannot be looked at; what vanished meanwhile is nothing odd."""
        try:
            target = os.readlink(os.path.join(self._folder, name))  # noqa: PTH115, PTH118 - a str
        except OSError:
            if error.errno not in _GONE:
                self._pass_over(name, error.strerror or "cannot be looked at")
            return
        if error.errno == errno.ELOOP:
            self._pass_over(name, "a link that leads back to itself")
        elif error.errno in _GONE:
            self._pass_over(name, f"a link to what is not there: {escape_path(target)}")
        else:
            self._pass_over(name, f"a link that cannot be followed: {error.strerror}")

    def found(self, name: str, mode: int, *, is_link: bool) -> None:
        """Remark on what is wanted by its name, or is a folder, if there is anything to say.

        There is one remark at most: what an entry is, or where it leads, goes before its name.
        """
        if not S_ISREG(mode) and not S_ISDIR(mode):
            self._pass_over(name, _no_file(mode))
        elif is_link:
            self._links.add(name)
            self._follow(name, is_folder=S_ISDIR(mode))
        if name not in self.notes and not _is_utf8(name):
            self.notes[name] = Note(RemarkKind.NAME, _NO_UTF8)

    def shuts_out(self, name: str) -> bool:
        """Say whether a file beside music may not be read, and remark on it then."""
        if name not in self._links:
            return False
        path = f"{self._path}/{name}" if self._path else name
        if is_out := leads_out(self._library, path, self._private):
            self._pass_over(name, "a link out of the library, where only music is followed to")
        return is_out

    def _follow(self, name: str, *, is_folder: bool) -> None:
        target = os.path.realpath(os.path.join(self._here, name))  # noqa: PTH118 - a str
        is_inside = is_within(target, self._root)
        is_above_root = not is_inside and is_within(self._root, target)
        if is_folder and is_within(self._here, target) and not is_above_root:
            self._pass_over(name, "a link to a folder that it is in itself")
        elif not is_inside:
            reason = f"a link out of the library, to {escape_path(target)}"
            self.notes[name] = Note(RemarkKind.OUTSIDE, reason)

    def _pass_over(self, name: str, reason: str) -> None:
        self.notes[name] = Note(RemarkKind.PASSED_OVER, reason)

    @cached_property
    def _here(self) -> str:
        return os.path.realpath(self._folder)


def _is_utf8(name: str) -> bool:
    """Say of a name, as `os` gives it, whether it has no lone surrogate for a byte."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_file(mode: int) -> str:
    if S_ISFIFO(mode):
        return "a pipe, which is no file"
    return "a socket, which is no file" if S_ISSOCK(mode) else "a device, which is no file"
