"""An index that answers, for a track found by its id, what filters ask of it."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_track_found", "track", ["id", "missing_since", "library_id", "album_id", "year"]
    )
