"""What stands in documents, as SQL sees it: the one place that knows SQLite's words for JSON."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

Predicate = Callable[[ColumnElement[Any]], ColumnElement[bool]]


def member(document: ColumnElement[str], name: str) -> ColumnElement[Any]:
    """Return a member of a document that is an object; NULL if it has none of that name."""
    return func.json_extract(document, f"$.{name}")


def any_of(
    document: ColumnElement[str], name: str, predicate: Predicate, *conditions: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Say that one of the texts in a member, which is a list, meets a predicate.

    `conditions` join the table of the document to others, if it is not that of the statement.
    """
    listed = func.json_each(document, f"$.{name}").table_valued("value", joins_implicitly=True)
    return select(literal_column("1")).where(predicate(listed.c.value), *conditions).exists()


def as_list(rows: Select[Any]) -> Select[str]:
    """Return the numbers or texts that a statement selects, in its order, as one text of JSON.

    To fetch a hundred thousand rows one by one would hold up the event loop (traps 2).
    """
    numbered = rows.subquery()
    return select(func.json_group_array(numbered.c[0]))
