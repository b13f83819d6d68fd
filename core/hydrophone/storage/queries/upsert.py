"""INSERT ... ON CONFLICT DO UPDATE of many rows at once."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import Insert, insert


def upsert(
    connection: Connection, table: Table, key: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows, or overwrite all given columns of those that have the same key."""
    if rows:
        connection.execute(_statement(table, tuple(key), tuple(rows[0])), list(rows))


@cache
def _statement(table: Table, key: tuple[str, ...], columns: tuple[str, ...]) -> Insert:
    """Build a statement once: `excluded` copies the whole table, a sixth of a scan's time."""
    statement = insert(table)
    values = {name: statement.excluded[name] for name in columns if name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=values)
