"""Library roots and what stands beside them, folders, counters that tell others of changes."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from hydrophone.storage.tables.base import metadata

library = Table(
    "library",
    metadata,
    Column("id", Integer, primary_key=True),
    # The name is the identity: a library may move to another disk and keeps its id.
    Column("name", Text, nullable=False, unique=True),
    Column("path", Text, nullable=False),
    # The instance of the plugin, if this is no folder but what a source has; else NULL.
    Column("source", Text),
    Column("device", BigInteger),
    Column("problem", Text, nullable=False, server_default=""),
    # Why the server cannot watch it; empty while it does, and while no server runs.
    Column("polled", Text, nullable=False, server_default=""),
    Column("scanned", BigInteger),
    Index(None, "source", unique=True),
)

folder = Table(
    "folder",
    metadata,
    Column("id", Text, primary_key=True),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    Column("parent_id", ForeignKey("folder.id", ondelete="CASCADE")),
    # Escaped (domain/paths.py) and relative to the root, whose own path is "".
    Column("path", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sort_key", Text, nullable=False),
    # What the cover file looked like when it was read: name, size and time as one text.
    Column("cover", Text, nullable=False, server_default=""),
    Column("artwork_id", Text),
    # When something last came or went directly in it; 0 if the next quick pass has to look.
    Column("mtime_ns", BigInteger, nullable=False, server_default="0"),
    Index(None, "library_id", "path", unique=True),
    Index(None, "parent_id"),
)

artwork = Table(
    "artwork",
    metadata,
    Column("id", Text, primary_key=True),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    # The picture file, or the audio file in which the picture is embedded.
    Column("path", Text, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
)
"""`library` and `accounts`: raised by every change, watched by server processes."""
