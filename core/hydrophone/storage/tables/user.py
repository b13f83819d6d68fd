"""Accounts, and the pictures of their owners."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Table, Text

from hydrophone.storage.tables.base import metadata

user = Table(
    "user",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("email", Text, nullable=False, server_default=""),
    Column("roles", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("max_bit_rate", Integer, nullable=False, server_default="0"),
    Column("created", BigInteger, nullable=False),
    # JSON list of ids, always read with the account; NULL means all that the configuration allows.
    Column("libraries", Text),
    Column("avatar_changed", BigInteger),
)

avatar = Table(
    "avatar",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("picture", LargeBinary, nullable=False),
    Column("content_type", Text, nullable=False),
)
