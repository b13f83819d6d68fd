"""Small things that plugins keep."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from hydrophone.storage.tables.base import metadata

plugin_value = Table(
    "plugin_value",
    metadata,
    # The name of the plugin's table in the configuration.
    Column("instance", Text, nullable=False),
    # AES-GCM under the key file.
    Column("is_secret", Boolean, nullable=False),
    Column("key", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    # When it is forgotten; NULL for never.
    Column("expires", BigInteger),
    PrimaryKeyConstraint("instance", "is_secret", "key"),
    Index(None, "expires"),
)
