"""Stars, ratings, play counts and bookmarks: one row per user and thing."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from hydrophone.storage.tables.base import metadata

annotation = Table(
    "annotation",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    # No foreign key: what a user wrote outlives the thing, which may come back.
    Column("item_id", Text, nullable=False),
    Column("starred", BigInteger),
    Column("rating", Integer, nullable=False, server_default="0"),
    # When the rating was set; NULL without one, and for those from before this was written down.
    Column("rated", BigInteger),
    Column("play_count", Integer, nullable=False, server_default="0"),
    Column("last_played", BigInteger),
    # Where the user wants to go on, in milliseconds; NULL without a bookmark.
    Column("bookmark_ms", BigInteger),
    Column("bookmark_comment", Text, nullable=False, server_default=""),
    Column("bookmark_created", BigInteger),
    Column("bookmark_changed", BigInteger),
    PrimaryKeyConstraint("user_id", "item_id"),
    Index(None, "item_id"),
    # Few things are rated, and each that is listed is asked how all have rated it.
    Index("ix_annotation_rated", "item_id", "rating", sqlite_where=text("rating > 0")),
    # Nor are many starred, of all that was heard.
    Index(
        "ix_annotation_starred",
        "user_id",
        "item_id",
        "starred",
        sqlite_where=text("starred IS NOT NULL"),
    ),
    # A user may have heard 60,000 tracks: they are gone through where their key is, in an eighth of
    # the time that looking up each in a table beside it takes (sqlite.org/withoutrowid.html).
    sqlite_with_rowid=False,
)
