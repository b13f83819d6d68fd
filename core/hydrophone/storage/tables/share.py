"""Shares: addresses by which somebody without an account may listen."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

from hydrophone.storage.tables.base import metadata

share = Table(
    "share",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("description", Text, nullable=False, server_default=""),
    # JSON list of ids: it is always read and written as a whole.
    Column("item_ids", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    # NULL means never.
    Column("expires", BigInteger),
    Column("last_visited", BigInteger),
    Column("visit_count", Integer, nullable=False, server_default="0"),
)
