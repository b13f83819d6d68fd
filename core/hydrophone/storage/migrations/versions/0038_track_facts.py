"""What smart playlists ask of tracks most, out of their documents, and an index of all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_TEXTS = ("suffix", "codec")
_NUMBERS = ("bit_rate", "bit_depth", "sampling_rate", "channel_count", "size", "bpm")
_LISTS = ("moods", "groupings")


def upgrade() -> None:
    for name in _TEXTS:
        op.add_column("track", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name in _NUMBERS:
        kind = sa.BigInteger() if name == "size" else sa.Integer()
        op.add_column("track", sa.Column(name, kind, server_default="0", nullable=False))
    for name in _LISTS:
        op.add_column("track", sa.Column(name, sa.Text(), nullable=True))
    empty = {**dict.fromkeys(_TEXTS, "''"), **dict.fromkeys(_NUMBERS, "0")}
    values = [
        f"{name} = coalesce(json_extract(document, '$.{name}'), {nothing})"
        for name, nothing in empty.items()
    ]
    values += [f"{name} = nullif(json_extract(document, '$.{name}'), '[]')" for name in _LISTS]
    op.execute(f"UPDATE track SET {', '.join(values)}")  # noqa: S608 - the names above
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
            *_TEXTS,
            *_NUMBERS,
            *_LISTS,
        ],
    )
