"""Accounts."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

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
