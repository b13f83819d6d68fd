"""Paths further to the front of the index of titles, where they are found sooner."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
