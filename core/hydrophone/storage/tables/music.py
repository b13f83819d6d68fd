"""Artists, albums, tracks, genres.

The `document` of a row is the whole domain Struct as JSON, without what belongs to a user; the
other columns are what SQL filters, joins or sorts by. One decode is several times cheaper than
building a Struct from thirty columns, and a page of 500 albums is nothing but such rows.
`row` is the row's number in the search index and the stable order of "everything".
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    false,
    text,
)

from hydrophone.storage.tables.base import metadata

artist = Table(
    "artist",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, index=True),
    Column("musicbrainz_id", Text, nullable=False, server_default=""),
    Column("sort_key", Text, nullable=False, index=True),
    Column("document", Text, nullable=False),
)

album = Table(
    "album",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    # What identifies the album in its library now; the id was given once and stays.
    Column("key", Text, nullable=False),
    Column("name_key", Text, nullable=False, index=True),
    Column("sort_key", Text, nullable=False, index=True),
    Column("artist_sort_key", Text, nullable=False, index=True),
    Column("year", Integer, nullable=False),
    # Numbers as `domain.rules.day_number` makes them; NULL if unknown. The last one is that of
    # which apps show the year.
    Column("original_day", Integer, index=True),
    Column("release_day", Integer, index=True),
    Column("day", Integer, index=True),
    # In lower case (of ASCII), as smart playlists compare them; NULL if empty.
    Column("edition_key", Text, index=True),
    Column("musicbrainz_key", Text, index=True),
    Column("created", BigInteger, nullable=False),
    # Tracks that are there; an album without any is hidden.
    Column("track_count", Integer, nullable=False),
    Column("artwork_id", Text),
    Column("document", Text, nullable=False),
    # The key first: an index by library would make SQLite look for the albums of an artist among
    # all albums of the libraries that a user sees.
    Index(None, "key", "library_id", unique=True),
    # As `ix_track_found`.
    Index("ix_album_found", "id", "library_id", "track_count"),
)

track = Table(
    "track",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column(
        "album_id",
        # Deferred: an album is written when its tracks are known.
        ForeignKey("album.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    Column("folder_id", Text, nullable=False, index=True),
    Column("fingerprint", Text, nullable=False, index=True),
    Column("name_key", Text, nullable=False),
    Column("disc_number", Integer, nullable=False),
    Column("track_number", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("duration", Float, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("artwork_id", Text, index=True),
    # Since when no origin has it; NULL while it can be played.
    Column("missing_since", BigInteger),
    # Missing for longer than the time of grace: unknown to users, though not to scans.
    Column("hidden", Boolean, nullable=False, server_default=false()),
    Column("document", Text, nullable=False),
    # What smart playlists ask that stands in the document too, which takes ten times as long to
    # look into. The lists are JSON. What may be NULL is not known, or empty.
    Column("suffix", Text, nullable=False, server_default=""),
    Column("codec", Text, nullable=False, server_default=""),
    Column("bit_rate", Integer, nullable=False, server_default="0"),
    Column("bit_depth", Integer, nullable=False, server_default="0"),
    Column("sampling_rate", Integer, nullable=False, server_default="0"),
    Column("channel_count", Integer, nullable=False, server_default="0"),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("bpm", Integer, nullable=False, server_default="0"),
    Column("moods", Text),
    Column("groupings", Text),
    Column("sort_title", Text),
    Column("display_artist", Text),
    Column("display_album_artist", Text),
    # The first of its genres, and all of them in order, each between two ends of line.
    Column("genre_key", Text),
    Column("genre_keys", Text),
    Column("has_artist", Boolean, nullable=False, server_default=false()),
    Column("has_artwork", Boolean, nullable=False, server_default=false()),
    Column("track_total", Integer, nullable=False, server_default="0"),
    Column("disc_total", Integer, nullable=False, server_default="0"),
    Column("movement_number", Integer, nullable=False, server_default="0"),
    Column("track_gain", Float),
    Column("track_peak", Float),
    Column("album_gain", Float),
    Column("album_peak", Float),
    Column("explicit_status", Text),
    Column("musicbrainz_id", Text),
    Column("isrcs", Text),
    Column("works", Text),
    Column("movements", Text),
    Column("languages", Text),
    Column("path", Text, nullable=False, server_default=""),
    Column("comment", Text),
    Index(None, "album_id", "disc_number", "track_number"),
    # By title, with all that smart playlists ask: the tracks themselves, which are strewn over the
    # file in this order, are not read for it.
    Index(
        "ix_track_name_key",
        "name_key",
        "missing_since",
        "library_id",
        "year",
        "duration",
        "created",
        "disc_number",
        "track_number",
        "album_id",
        "id",
        # Behind thirty others they are found in twice the time: SQLite counts where each ends.
        "genre_keys",
        "path",
        "suffix",
        "codec",
        "bit_rate",
        "bit_depth",
        "sampling_rate",
        "channel_count",
        "size",
        "bpm",
        "moods",
        "groupings",
        "sort_title",
        "display_artist",
        "display_album_artist",
        "genre_key",
        "has_artist",
        "has_artwork",
        "track_total",
        "disc_total",
        "movement_number",
        "track_gain",
        "track_peak",
        "album_gain",
        "album_peak",
        "explicit_status",
        "musicbrainz_id",
        "isrcs",
        "works",
        "movements",
        "languages",
        # Last, for it may be long.
        "comment",
    ),
    # All that filters ask of a track that was found by its id, beside its row: a document is read
    # from the disk for it otherwise.
    Index("ix_track_found", "id", "missing_since", "library_id", "album_id", "year"),
    # As smart playlists sort by them; the title itself counts where there is none, which is most.
    Index(
        "ix_track_sort_title",
        text("sort_title COLLATE NOCASE"),
        "missing_since",
        "library_id",
        "duration",
        sqlite_where=text("sort_title IS NOT NULL"),
    ),
)

track_artist = Table(
    "track_artist",
    metadata,
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE"), nullable=False),
    Column("role", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("artist_id", ForeignKey("artist.id"), nullable=False, index=True),
    PrimaryKeyConstraint("track_id", "role", "position"),
)

album_artist = Table(
    "album_artist",
    metadata,
    Column("album_id", ForeignKey("album.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("artist_id", ForeignKey("artist.id"), nullable=False, index=True),
    PrimaryKeyConstraint("album_id", "position"),
)

genre = Table(
    "genre",
    metadata,
    # The name without case; the first spelling that came is the one shown.
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

track_genre = Table(
    "track_genre",
    metadata,
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE"), nullable=False),
    Column("genre_key", ForeignKey("genre.key"), nullable=False, index=True),
    PrimaryKeyConstraint("track_id", "genre_key"),
)

lyrics = Table(
    "lyrics",
    metadata,
    # The words in the file's own tags, plain or LRC; those beside the file are read when asked.
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("track_id", "position"),
)

alias = Table(
    "alias",
    metadata,
    Column("old_id", Text, primary_key=True),
    Column("new_id", Text, nullable=False, index=True),
)
"""Ids of things that were found to be another: an artist by name that got a MusicBrainz id, a copy
whose original is gone. A track or album that is there again is itself, whatever stands here."""

former_file = Table(
    "former_file",
    metadata,
    # Whose file the track has now; it is missing until that is given back.
    Column("copy_id", ForeignKey("track.id", ondelete="CASCADE"), primary_key=True),
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE"), nullable=False, index=True),
    # The file that it had before, with what tells that it is there again.
    Column("native_id", Text, nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
)
"""What tracks were before they took over the files of copies, should their own come back."""

former_album = Table(
    "former_album",
    metadata,
    Column("track_id", ForeignKey("track.id", ondelete="CASCADE"), nullable=False),
    # On which the track was until it was put on another one, alone or with some of its tracks.
    Column("album_id", ForeignKey("album.id", ondelete="CASCADE"), nullable=False, index=True),
    # When it was; rows are kept for the time of grace.
    Column("since", BigInteger, nullable=False),
    # Of the youngest track there was then; NULL if it was not noted.
    Column("newest_row", Integer),
    PrimaryKeyConstraint("track_id", "album_id"),
)
"""What tells an album that was retagged file by file from one that its tracks have joined."""
