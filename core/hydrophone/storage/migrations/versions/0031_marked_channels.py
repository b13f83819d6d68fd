"""Channels tell by a mark whether their episodes are still the same."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "podcast_channel",
        sa.Column("mark", sa.BigInteger(), server_default="0", nullable=False),
    )
