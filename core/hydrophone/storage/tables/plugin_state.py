"""How plugins stand in the running server, for other processes to read."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from hydrophone.storage.tables.base import metadata

plugin_state = Table(
    "plugin_state",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    # The whole `PluginStatus` as JSON.
    Column("document", Text, nullable=False),
    Column("updated", BigInteger, nullable=False),
)
