"""Keeps SQLite from an index that it thinks too highly of."""

from typing import TypeVar

from sqlalchemy import ColumnElement, UnaryExpression
from sqlalchemy.sql.operators import custom_op

Value = TypeVar("Value")


def unindexed(column: ColumnElement[Value]) -> ColumnElement[Value]:
    """Return the same value, which is not that of an index (sqlite.org/optoverview.html, 2)."""
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)
