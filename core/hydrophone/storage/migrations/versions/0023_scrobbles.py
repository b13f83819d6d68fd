"""How far scrobblers have got, and an index by which they find what is new."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scrobble_place",
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("play_row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_scrobble_place_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("instance", "user_id", name=op.f("pk_scrobble_place")),
    )
    op.create_index(op.f("ix_scrobble_place_user_id"), "scrobble_place", ["user_id"])
    op.create_index(op.f("ix_play_user_id_row"), "play", ["user_id", "row"])
