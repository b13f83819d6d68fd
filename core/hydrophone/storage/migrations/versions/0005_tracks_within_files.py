"""Tracks that a CUE sheet finds within a file."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("origin", sa.Column("start", sa.Float(), nullable=True))
