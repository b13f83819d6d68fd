"""How far scrobblers have got: plays stay where they are, and each reads on from its place."""

from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text

from hydrophone.storage.tables.base import metadata

scrobble_place = Table(
    "scrobble_place",
    metadata,
    # The name of the plugin's table in the configuration.
    Column("instance", Text, nullable=False),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    # The row of the user's last play that the service has answered for.
    Column("play_row", Integer, nullable=False),
    PrimaryKeyConstraint("instance", "user_id"),
)
