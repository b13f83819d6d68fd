"""Keeps SQLite from an index that it thinks too highly of."""

from typing import TypeVar

from sqlalchemy import ColumnElement, UnaryExpression
from sqlalchemy.sql.operators import custom_op

Value = TypeVar("Value")


def unindexed(value: ColumnElement[Value]) -> ColumnElement[Value]:
    """Return the same value, or condition, for which no index is searched.

    That is what a unary + says to SQLite (sqlite.org/optoverview.html, 2).
    """
    return UnaryExpression(value, operator=custom_op("+", precedence=100), type_=value.type)
