"""Accounts and their secrets."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

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
)

app_password = Table(
    "app_password",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("label", Text, nullable=False),
    # AES-GCM under the key file: token login needs it in clear.
    Column("secret", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    Index(None, "user_id", "label", unique=True),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("label", Text, nullable=False),
    # SHA-256: a key is long and random, so a slow hash would protect nothing.
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("created", BigInteger, nullable=False),
)
