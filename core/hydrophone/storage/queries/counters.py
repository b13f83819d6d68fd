"""Counters by which one process learns that another has changed something."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.storage.tables.library import counter

LIBRARY = "library"
ACCOUNTS = "accounts"


def bump(connection: Connection, name: str) -> None:
    """Say, within the transaction that changes something, that it has changed."""
    connection.execute(
        insert(counter)
        .values(name=name, value=1)
        .on_conflict_do_update(index_elements=[counter.c.name], set_={"value": counter.c.value + 1})
    )


def values(connection: Connection) -> dict[str, int]:
    """Return all counters; one that was never raised is absent."""
    return {row.name: row.value for row in connection.execute(select(counter))}
