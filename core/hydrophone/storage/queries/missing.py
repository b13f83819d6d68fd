"""Tracks and videos that have lost their files, once nobody waits for these to come back."""

from sqlalchemy import Connection, update

from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.video import video


def hide(connection: Connection, before: Timestamp) -> int:
    """Hide what has been missing since before a time; return how much newly is.

    What users wrote on it stays.
    """
    return sum(
        connection.execute(
            update(table)
            .where(table.c.missing_since < before, table.c.hidden.is_(False))
            .values(hidden=True)
        ).rowcount
        for table in (track, video)
    )
