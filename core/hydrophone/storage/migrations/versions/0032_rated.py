"""When something was rated, for playlists by rules: of what is rated already nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("annotation", sa.Column("rated", sa.BigInteger(), nullable=True))
