"""Pictures of users, and which libraries a user may see by an admin's choice."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("libraries", sa.Text(), nullable=True))
    op.add_column("user", sa.Column("avatar_changed", sa.BigInteger(), nullable=True))
    op.create_table(
        "avatar",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_avatar_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_avatar")),
    )
