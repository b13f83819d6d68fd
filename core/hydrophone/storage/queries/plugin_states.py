"""How plugins stand in the running server."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.plugin_state import plugin_state


def replace(connection: Connection, documents: Sequence[str], now: Timestamp) -> None:
    """Put down how all plugins stand, as JSON and in their order; forget what was there."""
    connection.execute(plugin_state.delete())
    rows = [
        {"position": position, "document": document, "updated": now}
        for position, document in enumerate(documents)
    ]
    if rows:
        connection.execute(plugin_state.insert(), rows)


def load(connection: Connection, since: Timestamp) -> tuple[str, ...]:
    """Return how all plugins stand; empty if nobody has put it down since then."""
    return tuple(
        connection.execute(
            select(plugin_state.c.document)
            .where(plugin_state.c.updated >= since)
            .order_by(plugin_state.c.position)
        ).scalars()
    )
