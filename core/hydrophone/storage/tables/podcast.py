"""Podcast channels and their episodes; everybody sees all of them."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, Table, Text

from hydrophone.storage.tables.base import metadata

podcast_channel = Table(
    "podcast_channel",
    metadata,
    Column("id", Text, primary_key=True),
    # Follows redirects that are for good; the id stays that of the first one.
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("image_url", Text, nullable=False, server_default=""),
    Column("artwork_id", Text, index=True),
    Column("status", Text, nullable=False),
    Column("error", Text, nullable=False, server_default=""),
    Column("etag", Text, nullable=False, server_default=""),
    Column("last_modified", Text, nullable=False, server_default=""),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("refreshed", BigInteger),
    # When to read the feed again; NULL means not by the clock.
    Column("due", BigInteger, index=True),
    # Another one as soon as anything about its episodes is another.
    Column("mark", BigInteger, nullable=False, server_default="0"),
    Column("created", BigInteger, nullable=False),
)

podcast_episode = Table(
    "podcast_episode",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel_id", ForeignKey("podcast_channel.id", ondelete="CASCADE"), nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("published", BigInteger),
    Column("url", Text, nullable=False),
    Column("duration", Float, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("suffix", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("codec", Text, nullable=False, server_default=""),
    Column("codec_profile", Text, nullable=False, server_default=""),
    Column("bit_rate", Integer, nullable=False, server_default="0"),
    Column("bit_depth", Integer, nullable=False, server_default="0"),
    Column("sampling_rate", Integer, nullable=False, server_default="0"),
    Column("channel_count", Integer, nullable=False, server_default="0"),
    Column("status", Text, nullable=False, index=True),
    Column("error", Text, nullable=False, server_default=""),
    Column("failures", Integer, nullable=False, server_default="0"),
    # When to try its download again; NULL means when somebody asks.
    Column("due", BigInteger, index=True),
    # Escaped (domain/paths.py), relative to the folder of podcasts; empty if it is not here.
    Column("path", Text, nullable=False, server_default=""),
    # ETag or date of the file of which a part is here.
    Column("validator", Text, nullable=False, server_default=""),
    Column("created", BigInteger, nullable=False),
    Index(None, "channel_id", "published"),
    Index(None, "published"),
)
