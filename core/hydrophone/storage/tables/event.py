"""What has just happened; kept for a day, so that apps which were away miss nothing."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, Text

from hydrophone.storage.tables.base import metadata

event = Table(
    "event",
    metadata,
    # AUTOINCREMENT: an app goes on behind the last number that it has seen.
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("data", Text, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), index=True),
    Column("library_id", Integer),
    sqlite_autoincrement=True,
)
