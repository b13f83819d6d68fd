"""What sources have shown: kept apart, so that lists and searches of the library stay as they are.

The `document` of an artist, album or track is the domain Struct, as in `music`: under the same id
it becomes a row there once somebody stars, lists, plays or keeps it. What stands here stays then,
for the source is still to be asked by it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    false,
)

from hydrophone.storage.tables.base import metadata

remote_artist = Table(
    "remote_artist",
    metadata,
    # Of several sources: one artist has the same id at all of them.
    Column("id", Text, nullable=False),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    # Empty where the source knows but the name.
    Column("native_id", Text, nullable=False),
    Column("artwork_url", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("seen", BigInteger, nullable=False, index=True),
    PrimaryKeyConstraint("id", "library_id"),
)

remote_album = Table(
    "remote_album",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    # Empty for a track that belongs to no album: it is one by itself.
    Column("native_id", Text, nullable=False),
    # The same for all versions of one work at this source, by rank; empty if there is but one.
    Column("group_id", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("artwork_url", Text, nullable=False),
    Column("notes", Text, nullable=False),
    # What was opened tells more than what a search shows in passing, and is not replaced by it.
    Column("is_opened", Boolean, nullable=False, server_default=false()),
    Column("document", Text, nullable=False),
    Column("seen", BigInteger, nullable=False, index=True),
    # For the first time.
    Column("shown", BigInteger, nullable=False, server_default="0", index=True),
    Index(None, "library_id", "group_id"),
)

remote_album_artist = Table(
    "remote_album_artist",
    metadata,
    Column("album_id", Text, nullable=False),
    Column("artist_id", Text, nullable=False),
    PrimaryKeyConstraint("artist_id", "album_id"),
    Index(None, "album_id"),
)

remote_track = Table(
    "remote_track",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("album_id", Text, nullable=False),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    Column("native_id", Text, nullable=False),
    # Place in the album as it was opened, from 1; 0 if only a search has shown it.
    Column("position", Integer, nullable=False),
    Column("artwork_url", Text, nullable=False),
    # Why the source does not play it; empty if it does.
    Column("refusal", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("seen", BigInteger, nullable=False, index=True),
    Index(None, "album_id", "position"),
)

remote_track_key = Table(
    "remote_track_key",
    metadata,
    # By what a recording is known: artist and title, MusicBrainz id, ISRC; see `shown_recordings`.
    Column("key", Text, nullable=False),
    Column(
        "track_id", ForeignKey("remote_track.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    PrimaryKeyConstraint("key", "track_id"),
)

remote_folder = Table(
    "remote_folder",
    metadata,
    Column("id", Text, primary_key=True),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    Column("parent_id", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("artwork_url", Text, nullable=False),
    Column("seen", BigInteger, nullable=False, index=True),
)

answer_cache = Table(
    "answer_cache",
    metadata,
    # The instance of the plugin.
    Column("source", Text, nullable=False),
    # search, browse, artist, album.
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    # The answer as JSON; `null` for: asked, and there is nothing.
    Column("document", Text, nullable=False),
    Column("created", BigInteger, nullable=False, index=True),
    Column("hits", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("source", "kind", "key"),
)

recording_link = Table(
    "recording_link",
    metadata,
    # Two tracks, the lesser id first.
    Column("a", Text, nullable=False),
    Column("b", Text, nullable=False, index=True),
    # musicbrainz, isrc, acoustid, fuzzy, manual; `different` is a person's word that they are not.
    Column("kind", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    PrimaryKeyConstraint("a", "b"),
)

past_search = Table(
    "past_search",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    # The library that was searched; 0 for all.
    Column("library_id", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("searched", BigInteger, nullable=False),
    # What sources had found when the first page was shown, by kind: later pages go on with it.
    Column("snapshot", Text, nullable=False),
    PrimaryKeyConstraint("user_id", "library_id", "text"),
    Index(None, "user_id", "searched"),
)
