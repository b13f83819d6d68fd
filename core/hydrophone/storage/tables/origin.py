"""Where tracks can be had: a local file is an origin of the source `local`."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, Table, Text

from hydrophone.storage.tables.base import metadata

origin = Table(
    "origin",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    # Of the source local: library id, slash, escaped path relative to the root. A track within
    # a file has its number behind two slashes.
    Column("native_id", Text, nullable=False),
    # NULL for a file that could not be read: `problem` says why.
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE")),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE")),
    Column("folder_id", Text, index=True),
    # Seconds into the file where the track begins; NULL if it is all of the file.
    Column("start", Float),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False, index=True),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    # By which program and rules the file was read (scanner/reading.py); another one reads it anew.
    Column("reading", BigInteger, nullable=False, server_default="0"),
    # With what smart playlists ask of the files of a track.
    Index(None, "track_id", "mtime_ns"),
    Index(None, "source", "native_id", unique=True),
)
