"""The chat of all users."""

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text

from hydrophone.storage.tables.base import metadata

chat_message = Table(
    "chat_message",
    metadata,
    # Milliseconds since 1970, moved on where two would have the same: clients ask by it.
    Column("time", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Text, nullable=False),
)
