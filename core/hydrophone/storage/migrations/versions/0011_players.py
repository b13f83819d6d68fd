"""What players are at, and by which ways a play was told of."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "player",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("track_id", sa.Text(), nullable=False),
        sa.Column("duration", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("reported", sa.BigInteger(), nullable=False),
        sa.Column("heard", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_player_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_player")),
    )
    op.create_index(op.f("ix_player_expires"), "player", ["expires"], unique=False)
    op.create_index(op.f("ix_player_user_id_client"), "player", ["user_id", "client"], unique=True)
    # All plays so far were scrobbled.
    for column in (
        sa.Column("scrobbled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("listen_started", sa.BigInteger(), nullable=True),
        sa.Column("listen_ended", sa.BigInteger(), nullable=True),
    ):
        op.add_column("play", column)
