"""All else that smart playlists ask of tracks, out of their documents, and one index of it."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_TEXTS = (
    "sort_title",
    "display_artist",
    "display_album_artist",
    "explicit_status",
    "musicbrainz_id",
    "comment",
)
_LISTS = ("isrcs", "works", "movements", "languages")
_NUMBERS = ("track_total", "disc_total", "movement_number")
_LOUDNESS = ("track_gain", "track_peak", "album_gain", "album_peak")
_TRUTHS = ("has_artist", "has_artwork")


def upgrade() -> None:
    for name in (*_TEXTS, *_LISTS, "genre_key"):
        op.add_column("track", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("track", sa.Column("path", sa.Text(), server_default="", nullable=False))
    for name in _NUMBERS:
        op.add_column("track", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    for name in _LOUDNESS:
        op.add_column("track", sa.Column(name, sa.Float(), nullable=True))
    for name in _TRUTHS:
        no = sa.false()
        op.add_column("track", sa.Column(name, sa.Boolean(), server_default=no, nullable=False))
    values = {
        **{name: f"nullif({_member(name)}, '')" for name in _TEXTS},
        **{name: f"nullif({_member(name)}, '[]')" for name in _LISTS},
        **{name: f"coalesce({_member(name)}, 0)" for name in _NUMBERS},
        **{name: _member(f"replay_gain.{name}") for name in _LOUDNESS},
        "path": f"coalesce({_member('path')}, '')",
        "has_artwork": f"{_member('artwork_id')} IS NOT NULL",
        "has_artist": f"{_member('artists[0]')} IS NOT NULL",
        "genre_key": "(SELECT min(genre_key) FROM track_genre WHERE track_id = track.id)",
    }
    changes = ", ".join(f"{name} = {value}" for name, value in values.items())
    op.execute(f"UPDATE track SET {changes}")  # noqa: S608 - the names above
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
            "path",
            "comment",
        ],
    )
    op.drop_index("ix_origin_track_id", table_name="origin")
    op.create_index("ix_origin_track_id_mtime_ns", "origin", ["track_id", "mtime_ns"])


def _member(name: str) -> str:
    return f"json_extract(document, '$.{name}')"
