"""By what the recordings that sources have shown are known.

What was shown before is known by it as soon as it is shown again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remote_track_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("track_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["remote_track.id"],
            name=op.f("fk_remote_track_key_track_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "track_id", name=op.f("pk_remote_track_key")),
    )
    op.create_index(op.f("ix_remote_track_key_track_id"), "remote_track_key", ["track_id"])
