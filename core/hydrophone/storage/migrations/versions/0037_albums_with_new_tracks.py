"""Which tracks are younger than the retagging of an album: they were on no other."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("former_album") as batch:
        batch.add_column(sa.Column("newest_row", sa.Integer(), nullable=True))
