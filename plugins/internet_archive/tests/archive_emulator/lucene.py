"""As much of Lucene's query language as the Archive's search is asked in."""

import re
import unicodedata
from collections.abc import Callable, Mapping

Fields = Mapping[str, object]
Test = Callable[[Fields], bool]
_TOKEN = re.compile(
    r"\s*(?P<op>\(|\)|AND\b|OR\b|NOT\b|(?P<field>\w+):(?=\S))"
    r"|\s*(?P<range>\[(?P<first>[^\]]+?) TO (?P<last>[^\]]+?)\])"
    r'|\s*"(?P<phrase>(?:[^"\\]|\\.)*)"'
    r'|\s*(?P<word>(?:[^\s()"\[\]:\\]|\\.)+)'
)


class BadQueryError(ValueError):
    """What the search cannot read."""


def parse(query: str) -> Test:
    """Return what says of an item's fields whether the query finds it."""
    parser = _Parser(query)
    test = parser.either()
    if parser.tokens:
        raise BadQueryError(f"unexpected {parser.tokens[0][1]!r}")
    return test


class _Parser:
    def __init__(self, query: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        query = query.rstrip()
        while at < len(query):
            match = _TOKEN.match(query, at)
            if match is None:
                raise BadQueryError(f"cannot parse {query[at:]!r}")
            at = match.end()
            if match["field"]:
                self.tokens.append(("field", match["field"]))
            elif match["op"]:
                self.tokens.append(("op", match["op"]))
            elif match["range"]:
                self.tokens.append(("range", f"{match['first']} {match['last']}"))
            elif match["phrase"] is not None:
                self.tokens.append(("text", re.sub(r"\\(.)", r"\1", match["phrase"])))
            else:
                self.tokens.append(("text", re.sub(r"\\(.)", r"\1", match["word"])))
        if not self.tokens:
            raise BadQueryError("empty query")

    def either(self) -> Test:
        tests = [self.all()]
        while self._take("OR"):
            tests.append(self.all())
        return lambda fields: any(test(fields) for test in tests)

    def all(self) -> Test:
        tests = [self.one()]
        while self.tokens and self.tokens[0] not in (("op", "OR"), ("op", ")")):
            self._take("AND")
            tests.append(self.one())
        return lambda fields: all(test(fields) for test in tests)

    def one(self, field: str = "") -> Test:
        if self._take("NOT"):
            inner = self.one()
            return lambda fields: not inner(fields)
        if self._take("("):
            within = self.either()
            if not self._take(")"):
                raise BadQueryError("a bracket is not closed")
            return within
        if not self.tokens:
            raise BadQueryError("something is missing at the end")
        kind, value = self.tokens.pop(0)
        if kind == "field":
            return self.one(value)
        if kind == "range":
            first, last = value.split(" ")
            return lambda fields: any(
                first <= one[:10] <= last for one in _valid_dates(fields.get(field))
            )
        if kind == "text":
            return lambda fields: _has(fields, field, value)
        raise BadQueryError(f"unexpected {value!r}")

    def _take(self, op: str) -> bool:
        if self.tokens and self.tokens[0] == ("op", op):
            self.tokens.pop(0)
            return True
        return False


def values(value: object) -> list[str]:
    """Return the texts of a field that may be one or a list."""
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one is not None]


def _valid_dates(value: object) -> list[str]:
    pattern = r"[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T.*)?"
    return [one for one in values(value) if re.fullmatch(pattern, one)]


def _has(fields: Fields, field: str, wanted: str) -> bool:
    if field in ("collection", "mediatype", "identifier"):
        return wanted in values(fields.get(field))
    if field:
        return _phrase(wanted) in _phrase(" ".join(values(fields.get(field))))
    return _phrase(wanted) in _phrase(
        " ".join(text for one in fields.values() for text in values(one))
    )


def _phrase(text: str) -> str:
    """Return the words of a text with a space around each."""
    return " ".join(
        ["", *re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold()), ""]
    )
