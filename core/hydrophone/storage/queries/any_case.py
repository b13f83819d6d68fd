"""Compares texts as they were written: the one place that knows SQLite's words for case."""

from typing import Any

from sqlalchemy import ColumnElement, collate


def any_case(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a text that is equal to, has, and comes before others in whichever case of ASCII.

    A copy of it in lower case takes longer to make than to look for something in. `LIKE` sees
    to case by itself (sqlite.org/lang_expr.html, 5).
    """
    return collate(text, "NOCASE")
