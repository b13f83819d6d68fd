"""Where tracks can be had: a local file is an origin of the source `local`."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from hydrophone.storage.tables.base import metadata

origin = Table(
    "origin",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    # Of the source local: library id, slash, escaped path relative to the root.
    Column("native_id", Text, nullable=False),
    # NULL for a file that could not be read: `problem` says why.
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE"), index=True),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE")),
    Column("folder_id", Text, index=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    Index(None, "source", "native_id", unique=True),
)
