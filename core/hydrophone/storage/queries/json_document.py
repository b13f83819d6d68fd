"""What stands in documents, as SQL sees it: the one place that knows SQLite's words for JSON."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    SelectBase,
    TableValuedAlias,
    func,
    literal_column,
    select,
)

_decode_numbers = msgspec.json.Decoder(list[int]).decode

Predicate = Callable[[ColumnElement[Any]], ColumnElement[bool]]


def member(document: ColumnElement[str], name: str) -> ColumnElement[Any]:
    """Return a member of a document that is an object; NULL if it has none of that name."""
    return func.json_extract(document, f"$.{name}")


def any_of(
    document: ColumnElement[str], predicate: Predicate, name: str | None = None
) -> ColumnElement[bool]:
    """Say that one of the texts in a list, or in a member that is one, meets a predicate."""
    listed = items(document, name)
    return select(literal_column("1")).where(predicate(listed.c.value)).exists()


def items(document: ColumnElement[str], name: str | None = None) -> TableValuedAlias:
    """Return the `value`s of a list, or of a member that is one, to be joined to the document."""
    path = "$" if name is None else f"$.{name}"
    return func.json_each(document, path).table_valued("value", joins_implicitly=True)


def as_list(rows: SelectBase) -> Select[str]:
    """Return the first column that a statement selects, in its order, as one text of JSON.

    To fetch a hundred thousand rows one by one would hold up the event loop (traps 2).
    """
    numbered = rows.subquery()
    return select(func.json_group_array(numbered.c[0]))


def as_lists(rows: SelectBase) -> Select[*tuple[str, ...]]:
    """Do the same with each column."""
    return select(*map(func.json_group_array, rows.subquery().c))


def numbers(
    connection: Connection, listed: Select[str], values: Mapping[str, object] | None = None
) -> list[int]:
    """Run a statement of `as_list` that selects numbers; they come in its order."""
    return _decode_numbers(connection.execute(listed, values).scalar_one())
