"""The dates of albums out of their documents, and the orders in which smart playlists begin."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_DAYS = ("original_day", "release_day", "day")
_ORDERS = {
    "album": ("sort_key", "artist_sort_key", *_DAYS),
    "artist": ("sort_key",),
    "origin": ("mtime_ns",),
}


def upgrade() -> None:
    for name in _DAYS:
        op.add_column("album", sa.Column(name, sa.Integer(), nullable=True))
    original, release = _day("original_date"), _day("release_date")
    op.execute(
        f"UPDATE album SET original_day = {original}, release_day = {release},"  # noqa: S608 - names
        f" day = coalesce({original}, {release})"
    )
    for table, columns in _ORDERS.items():
        for name in columns:
            op.create_index(f"ix_{table}_{name}", table, [name])


def _day(date: str) -> str:
    year, month, day = (
        f"coalesce(json_extract(document, '$.{date}.{part}'), 0)"
        for part in ("year", "month", "day")
    )
    return f"nullif({year} * 10000 + {month} * 100 + {day}, 0)"
