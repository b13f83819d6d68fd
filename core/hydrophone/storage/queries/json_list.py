"""Lists of values as one parameter, whatever their number."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import BindParameter, ColumnElement, TableValuedAlias, func, select

Numbers = Collection[int] | BindParameter[Collection[int]]
"""Some numbers, or what stands for them in a statement that is made once."""


def among(column: ColumnElement[Any], values: str | BindParameter[str]) -> ColumnElement[bool]:
    """Say that a column has one of some values, which are a text of `as_json`.

    Hundreds of parameters of their own would be written into the statement each time anew.
    """
    return column.in_(select(listed(values).c.value))


def listed(values: str | BindParameter[str]) -> TableValuedAlias:
    """Return a table with some values, which are a text of `as_json`, in the column `value`."""
    return func.json_each(values).table_valued("value")


def as_json(values: Iterable[object]) -> str:
    """Write values as SQLite's `json_each` reads them."""
    return msgspec.json.encode(list(values)).decode()
