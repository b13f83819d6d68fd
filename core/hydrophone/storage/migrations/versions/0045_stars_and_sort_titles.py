"""What is starred, and tracks by their sort titles, where these are found without the others."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_annotation_starred",
        "annotation",
        ["user_id", "item_id", "starred"],
        sqlite_where=sa.text("starred IS NOT NULL"),
    )
    op.create_index(
        "ix_track_sort_title",
        "track",
        [sa.text("sort_title COLLATE NOCASE"), "missing_since", "library_id", "duration"],
        sqlite_where=sa.text("sort_title IS NOT NULL"),
    )
