"""Playlists and what is in them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from hydrophone.storage.tables.base import metadata

playlist = Table(
    "playlist",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("comment", Text, nullable=False, server_default=""),
    Column("is_public", Boolean, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    # What its picture is asked for by, another after each change; NULL means the id itself.
    Column("picture_id", Text, index=True),
)

playlist_track = Table(
    "playlist_track",
    metadata,
    Column("playlist_id", ForeignKey("playlist.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    # No foreign key: a track that went missing keeps its place.
    Column("track_id", Text, nullable=False, index=True),
    PrimaryKeyConstraint("playlist_id", "position"),
)
