"""By what each file was read, and embedded lyrics in several versions."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # 0: by a program that knew fewer tags, so the next scan reads every file once.
    op.add_column(
        "origin", sa.Column("reading", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_table(
        "lyrics_version",
        sa.Column("track_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_lyrics_track_id_track"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("track_id", "position", name=op.f("pk_lyrics")),
    )
    op.execute("INSERT INTO lyrics_version SELECT track_id, 0, text FROM lyrics")
    op.drop_table("lyrics")
    op.rename_table("lyrics_version", "lyrics")
