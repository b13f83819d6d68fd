r"""Paths as text that any database and any terminal can hold, without losing a byte.

A file name on Linux is bytes; Python keeps those that are no UTF-8 as lone surrogates, which
neither SQLite nor JSON accepts. Escaped, such a byte is `\xff` and a backslash is `\\`.
"""

import re

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
