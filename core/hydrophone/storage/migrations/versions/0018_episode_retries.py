"""What codec episodes are in, and when their downloads are tried again."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("codec", "codec_profile"):
        column = sa.Column(name, sa.Text(), server_default="", nullable=False)
        op.add_column("podcast_episode", column)
    op.add_column(
        "podcast_episode",
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("podcast_episode", sa.Column("due", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_podcast_episode_due"), "podcast_episode", ["due"])
