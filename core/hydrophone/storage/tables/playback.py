"""Plays on record, what players are at, and the queue that a user carries between devices."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    true,
)

from hydrophone.storage.tables.base import metadata

play = Table(
    "play",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("track_id", Text, nullable=False),
    Column("played", BigInteger, nullable=False),
    Column("client", Text, nullable=False),
    # Apps tell of a play by scrobbling it, by reports while they play, or by both: then it is one.
    Column("scrobbled", Boolean, nullable=False, server_default=true()),
    # When the listen that was reported began and was last heard of; NULL if none was.
    Column("listen_started", BigInteger),
    Column("listen_ended", BigInteger),
    # The same listen reported twice counts once.
    Index(None, "user_id", "track_id", "played", unique=True),
    # For what was played in the last week.
    Index(None, "user_id", "played"),
    # For those who read on from their place.
    Index(None, "user_id", "row"),
)

# What each player has last said: written often, and worth no wait for the disk.
player = Table(
    "player",
    metadata,
    # Also the number of the player on the wire.
    Column("row", Integer, primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("client", Text, nullable=False),
    Column("track_id", Text, nullable=False),
    Column("duration", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("rate", Float, nullable=False),
    Column("started", BigInteger, nullable=False),
    Column("reported", BigInteger, nullable=False),
    Column("heard", BigInteger, nullable=False),
    Column("told_late", BigInteger),
    Column("counts", Boolean, nullable=False),
    Column("is_counted", Boolean, nullable=False),
    # From then on nobody can be taken to be listening any more.
    Column("expires", BigInteger, nullable=False, index=True),
    Index(None, "user_id", "client", unique=True),
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
