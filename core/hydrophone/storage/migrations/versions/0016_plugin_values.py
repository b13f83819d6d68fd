"""Small things that plugins keep."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plugin_value",
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("instance", "is_secret", "key", name=op.f("pk_plugin_value")),
    )
    op.create_index(op.f("ix_plugin_value_expires"), "plugin_value", ["expires"])
