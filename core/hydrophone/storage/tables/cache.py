"""Music of sources that is on the disk, and who wants it to stay."""

from sqlalchemy import BigInteger, Column, ForeignKey, PrimaryKeyConstraint, Table, Text

from hydrophone.storage.tables.base import metadata

cached_file = Table(
    "cached_file",
    metadata,
    # Size and path, relative to the folder of the cache, stand there: it is of the source `cache`.
    Column("origin_row", ForeignKey("origin.row", ondelete="CASCADE"), primary_key=True),
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE"), nullable=False, unique=True),
    # Where it came from.
    Column("source", Text, nullable=False, index=True),
    # That of its source, which names the very bytes.
    Column("representation", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    # When it was last played; to the hour.
    Column("used", BigInteger, nullable=False, index=True),
)

keep = Table(
    "keep",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", BigInteger, nullable=False),
    PrimaryKeyConstraint("user_id", "track_id"),
)
"""Tracks that users have asked to be kept; stars and playlists are looked at where they are."""

kept_playlist = Table(
    "kept_playlist",
    metadata,
    Column("playlist_id", ForeignKey("playlist.id", ondelete="CASCADE"), primary_key=True),
    Column("created", BigInteger, nullable=False),
)
"""Playlists all of whose tracks are kept, those that are still to come as well."""

deleted_copy = Table(
    "deleted_copy",
    metadata,
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE"), primary_key=True),
)
"""Tracks whose copy was deleted by hand: no star or playlist brings it back."""
