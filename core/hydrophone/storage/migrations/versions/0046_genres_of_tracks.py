"""All genres of a track beside its title, where smart playlists look for them."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_FILL = """
UPDATE track SET genre_keys = (
    SELECT char(10) || group_concat(genre_key, char(10)) || char(10)
    FROM (SELECT genre_key FROM track_genre WHERE track_id = track.id ORDER BY genre_key)
)
WHERE genre_key IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("track", sa.Column("genre_keys", sa.Text(), nullable=True))
    op.execute(_FILL)
    op.drop_index("ix_track_name_key", table_name="track")
    op.create_index(
        "ix_track_name_key",
        "track",
        [
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
            "comment",
        ],
    )
