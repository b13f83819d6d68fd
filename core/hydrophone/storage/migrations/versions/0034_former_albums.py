"""Albums on which tracks were before: they may be retagged one after the other."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_album",
        sa.Column("track_id", sa.Text(), nullable=False),
        sa.Column("album_id", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["track.id"],
            name=op.f("fk_former_album_track_id_track"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["album_id"],
            ["album.id"],
            name=op.f("fk_former_album_album_id_album"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("track_id", "album_id", name=op.f("pk_former_album")),
    )
    op.create_index(op.f("ix_former_album_album_id"), "former_album", ["album_id"])
