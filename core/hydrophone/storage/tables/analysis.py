"""What analyzers have heard in tracks."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from hydrophone.storage.tables.base import metadata

analysis = Table(
    "analysis",
    metadata,
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE"), nullable=False),
    # The name of the plugin's table in the configuration.
    Column("analyzer", Text, nullable=False),
    Column("version", Text, nullable=False),
    # JSON, {name: number}; so are the tags, a list of objects. Both are empty if it heard nothing.
    Column("features", Text, nullable=False),
    Column("tags", Text, nullable=False),
    # Floats of four bytes, in the machine's order.
    Column("embedding", LargeBinary, nullable=False),
    Column("made", BigInteger, nullable=False),
    PrimaryKeyConstraint("track_id", "analyzer"),
)
