"""Marks in the order of their key, and the albums that are found by their ids in an index."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_NAMES = (
    "user_id, item_id, starred, rating, rated, play_count, last_played,"
    " bookmark_ms, bookmark_comment, bookmark_created, bookmark_changed"
)


def upgrade() -> None:
    op.create_table(
        "new_annotation",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("starred", sa.BigInteger(), nullable=True),
        sa.Column("rating", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rated", sa.BigInteger(), nullable=True),
        sa.Column("play_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_played", sa.BigInteger(), nullable=True),
        sa.Column("bookmark_ms", sa.BigInteger(), nullable=True),
        sa.Column("bookmark_comment", sa.Text(), server_default="", nullable=False),
        sa.Column("bookmark_created", sa.BigInteger(), nullable=True),
        sa.Column("bookmark_changed", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_annotation_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "item_id", name=op.f("pk_annotation")),
        sqlite_with_rowid=False,
    )
    op.execute(
        f"INSERT INTO new_annotation ({_NAMES})"  # noqa: S608 - names
        f" SELECT {_NAMES} FROM annotation ORDER BY user_id, item_id"
    )
    op.drop_table("annotation")
    op.rename_table("new_annotation", "annotation")
    op.create_index(op.f("ix_annotation_item_id"), "annotation", ["item_id"])
    op.create_index(
        "ix_annotation_rated",
        "annotation",
        ["item_id", "rating"],
        sqlite_where=sa.text("rating > 0"),
    )
    op.create_index("ix_album_found", "album", ["id", "library_id", "track_count"])
