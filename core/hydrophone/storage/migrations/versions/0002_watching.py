"""What keeping libraries current needs: times of folders, and why a library is polled."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "folder", sa.Column("mtime_ns", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("library", sa.Column("polled", sa.Text(), server_default="", nullable=False))
