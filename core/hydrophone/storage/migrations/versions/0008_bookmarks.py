"""Bookmarks: where a user wants to go on in a track; and ids for the pictures of playlists."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("bookmark_ms", sa.BigInteger(), nullable=True),
        sa.Column("bookmark_comment", sa.Text(), server_default="", nullable=False),
        sa.Column("bookmark_created", sa.BigInteger(), nullable=True),
        sa.Column("bookmark_changed", sa.BigInteger(), nullable=True),
    ):
        op.add_column("annotation", column)
    op.add_column("playlist", sa.Column("picture_id", sa.Text(), nullable=True))
    op.create_index(op.f("ix_playlist_picture_id"), "playlist", ["picture_id"], unique=False)
