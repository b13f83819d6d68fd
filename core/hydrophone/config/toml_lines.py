"""On which line of a TOML document each key stands, which tomllib does not tell.

The scanner reads only documents that tomllib has accepted, so it looks for the end of each
value and leaves its meaning aside (TOML 1.0, https://toml.io/en/v1.0.0).
"""

import re
import tomllib

KeyPath = tuple[str | int, ...]
"""Names of tables and keys from the outside in; a number is a place in an array, from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
# A string of several lines ends at its first three quotes, but up to two more belong to it.
_STRING = re.compile(
    r""""{3}(?:\\.|[^\\])*?"{3}"{0,2}|'{3}.*?'{3}'{0,2}|"(?:\\.|[^"\\\n])*"|'[^'\n]*\'""", re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Map each table, array, array item and key of a valid document to its line, from 1.

    A table is on the line that first names it: its header, or the first key inside it.
    """
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted_to = 0
        self._lines: dict[KeyPath, int] = {}
        self._table_counts: dict[KeyPath, int] = {}
        """How many `[[headers]]` each array of tables has had so far."""

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self._lines

    def _header(self) -> KeyPath:
        line = self._current_line()
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        *outer, last = self._key()
        self._at += brackets
        path: KeyPath = ()
        for name in outer:
            path = self._enter((*path, name), line)
        path = (*path, last)
        if brackets == 2:
            self._table_counts[path] = self._table_counts.get(path, 0) + 1
        return self._enter(path, line)

    def _enter(self, path: KeyPath, line: int) -> KeyPath:
        """Note a table of a header; of an array of tables, go to the newest one."""
        self._lines.setdefault(path, line)
        if path in self._table_counts:
            path = (*path, self._table_counts[path] - 1)
            self._lines.setdefault(path, line)
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._current_line()
        path = table
        for name in self._key():
            path = (*path, name)
            self._lines.setdefault(path, line)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> list[str]:
        names = [self._key_part()]
        while self._text.startswith(".", self._at):
            self._at += 1
            names.append(self._key_part())
        return names

    def _key_part(self) -> str:
        self._skip(_SPACE)
        written = self._skip(_KEY_PART)
        self._skip(_SPACE)
        if not written.startswith(('"', "'")):
            return written
        return str(tomllib.loads(f"key = {written}")["key"])

    def _value(self, path: KeyPath) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            self._skip(_STRING if opening in "\"'" else _SCALAR)

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        index = 0
        while not self._closed("]"):
            item = (*path, index)
            self._lines.setdefault(item, self._current_line())
            self._value(item)
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while not self._closed("}"):
            self._pair(path)

    def _closed(self, bracket: str) -> bool:
        """Skip what stands between two items; tell whether the bracket follows, and skip it."""
        self._skip(_BLANK)
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip(_BLANK)
        closed = self._text.startswith(bracket, self._at)
        self._at += closed
        return closed

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:  # cannot be: tomllib has accepted the document
            raise ValueError(f"no TOML at line {self._current_line()}")
        self._at = match.end()
        return match.group()

    def _current_line(self) -> int:
        self._line += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        return self._line
