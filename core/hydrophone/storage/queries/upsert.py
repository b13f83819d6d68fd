"""INSERT ... ON CONFLICT DO UPDATE of many rows at once."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import insert


def upsert(
    connection: Connection, table: Table, key: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows, or overwrite all given columns of those that have the same key."""
    if not rows:
        return
    statement = insert(table)
    values = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=values), list(rows)
    )
