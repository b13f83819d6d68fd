"""How much of a listen was told all at once; nothing of those that are under way now."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("player", sa.Column("told_late", sa.BigInteger(), nullable=True))
