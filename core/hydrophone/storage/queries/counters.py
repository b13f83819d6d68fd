"""Counters by which one process learns that another has changed something."""

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.library import counter

LIBRARY = "library"
PODCASTS = "podcasts"
CHOICES = "choices"
"""Raised when a playlist or a queue may have tracks that it had not."""
ACCOUNTS = "accounts"
JOBS = "jobs"
"""Raised for what a runner should look at soon: new jobs, and jobs to be cancelled."""

_UNASKED = Timestamp(0)
"""When something was changed of which nobody asks when."""
_VALUE = select(counter.c.value).where(counter.c.name == bindparam("name"))


def bump(connection: Connection, name: str, now: Timestamp = _UNASKED) -> None:
    """Say, within the transaction that changes something, that it has changed.

    `now` is what `changed` returns then.
    """
    statement = insert(counter).values(name=name, value=1, changed=now)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[counter.c.name],
            set_={"value": counter.c.value + 1, "changed": statement.excluded.changed},
        )
    )


def values(connection: Connection) -> dict[str, int]:
    """Return all counters; one that was never raised is absent."""
    return {row.name: row.value for row in connection.execute(select(counter))}


def value(connection: Connection, name: str) -> int:
    """Return how often a counter was raised; 0 if never."""
    return connection.execute(_VALUE, {"name": name}).scalar_one_or_none() or 0


def changed(connection: Connection, name: str) -> Timestamp:
    """Return when a counter was last raised; 0 if never."""
    statement = select(counter.c.changed).where(counter.c.name == name)
    return Timestamp(connection.execute(statement).scalar_one_or_none() or 0)
