"""Videos, the files that they are, and their captions.

`row` and `document` are as in the tables of music.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    false,
)

from hydrophone.storage.tables.base import metadata

video = Table(
    "video",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("folder_id", Text, nullable=False, index=True),
    Column("fingerprint", Text, nullable=False, index=True),
    Column("sort_key", Text, nullable=False),
    Column("artwork_id", Text, index=True),
    # Since when no file has it; NULL while it can be watched.
    Column("missing_since", BigInteger),
    # Missing for longer than the time of grace: unknown to users, though not to scans.
    Column("hidden", Boolean, nullable=False, server_default=false()),
    Column("document", Text, nullable=False),
)

video_file = Table(
    "video_file",
    metadata,
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    # Escaped (domain/paths.py) and relative to the library's root.
    Column("path", Text, nullable=False),
    # NULL for a file that cannot be read (`problem` says why), or that is no video after all.
    Column("video_id", ForeignKey("video.id", ondelete="CASCADE"), index=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    # What belongs to it by its name, captions and a picture, as it was then.
    Column("beside", Text, nullable=False),
    # By which program, and whether with ffmpeg, it was read.
    Column("reading", Integer, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("library_id", "path"),
)
"""Files in libraries that are videos by their name."""

video_caption = Table(
    "video_caption",
    metadata,
    Column("id", Text, primary_key=True),
    Column("video_id", ForeignKey("video.id", ondelete="CASCADE"), nullable=False, index=True),
)
"""Whose captions an id means; what they are is in the document."""
