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
    # Of a smart playlist what `domain.nsp` reads; empty if its tracks were chosen one by one.
    Column("rules", Text, nullable=False, server_default=""),
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

playlist_file = Table(
    "playlist_file",
    metadata,
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    # Escaped (domain/paths.py) and relative to the library's root.
    Column("path", Text, nullable=False),
    # NULL for a file that could not be read: `problem` says why.
    Column("playlist_id", ForeignKey("playlist.id", ondelete="CASCADE"), unique=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    # Of its bytes: a new file with those of one that is gone is the same playlist elsewhere.
    Column("digest", Text, nullable=False),
    # Entries that are no tracks yet: they may come.
    Column("unresolved", Integer, nullable=False),
    # Name, comment and whether it is public as the file said it last (JSON).
    Column("said", Text, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("library_id", "path"),
)
"""Files in libraries that are playlists."""
