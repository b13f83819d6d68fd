r"""Paths as text that any database and any terminal can hold, without losing a byte.

A file name on Linux is bytes; Python keeps those that are no UTF-8 as lone surrogates, which
neither SQLite nor JSON accepts. Escaped, such a byte is `\xff` and a backslash is `\\`.
"""

import re
import unicodedata

_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u2028-\u202e\u2066-\u2069\ud800-\udfff]+')
"""What some file system forbids, or what turns a line of text around."""
_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-f]{2}))")


def escape_path(path: str) -> str:
    """Turn a path as Python's `os` gives it into text without surrogates."""
    if path.isascii() and "\\" not in path:
        return path
    return (
        path.replace("\\", "\\\\")
        .encode("utf-8", "surrogateescape")
        .decode("utf-8", "backslashreplace")
    )


def unescape_path(text: str) -> str:
    """Turn escaped text back into the very path that it was made from."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(0xDC00 + int(m[1], 16)) if m[1] else "\\", text)


def file_name(text: str, most_bytes: int) -> str:
    """Make of any text the name of a file or a folder, on whatever disk; never empty or hidden.

    In UTF-8 it has at most so many bytes.
    """
    name = _UNFIT.sub("_", unicodedata.normalize("NFC", text))
    name = name.encode()[:most_bytes].decode("utf-8", "ignore").strip(" .")
    return name or "_"
