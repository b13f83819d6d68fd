"""Plays on record, and the queue that a user carries between devices."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from hydrophone.storage.tables.base import metadata

play = Table(
    "play",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("track_id", Text, nullable=False),
    Column("played", BigInteger, nullable=False),
    Column("client", Text, nullable=False),
    # The same listen reported twice counts once.
    Index(None, "user_id", "track_id", "played", unique=True),
)

play_queue = Table(
    "play_queue",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    # JSON list of ids: it is always read and written as a whole.
    Column("track_ids", Text, nullable=False),
    Column("current_index", Integer, nullable=False),
    Column("position_ms", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
)
