"""The secrets of single devices: app passwords and API keys."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from hydrophone.storage.tables.base import metadata

app_password = Table(
    "app_password",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("label", Text, nullable=False),
    # AES-GCM under the key file: token login needs it in clear.
    Column("secret", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("last_used", BigInteger),
    Index(None, "user_id", "label", unique=True),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("label", Text, nullable=False),
    # SHA-256: a key is long and random, so a slow hash would protect nothing.
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("created", BigInteger, nullable=False),
    Column("last_used", BigInteger),
    Index(None, "user_id", "label", unique=True),
)
