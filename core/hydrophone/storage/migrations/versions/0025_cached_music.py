"""Music of sources that is on the disk, and who wants it to stay."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cached_file",
        sa.Column("origin_row", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("representation", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin_row"],
            ["origin.row"],
            name=op.f("fk_cached_file_origin_row_origin"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["track.id"],
            name=op.f("fk_cached_file_track_id_track"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("origin_row", name=op.f("pk_cached_file")),
        sa.UniqueConstraint("track_id", name=op.f("uq_cached_file_track_id")),
    )
    op.create_index(op.f("ix_cached_file_source"), "cached_file", ["source"])
    op.create_index(op.f("ix_cached_file_used"), "cached_file", ["used"])
    op.create_table(
        "keep",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_keep_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["track.id"], name=op.f("fk_keep_track_id_track"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "track_id", name=op.f("pk_keep")),
    )
    op.create_index(op.f("ix_keep_track_id"), "keep", ["track_id"])
    op.create_table(
        "kept_playlist",
        sa.Column("playlist_id", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["playlist_id"],
            ["playlist.id"],
            name=op.f("fk_kept_playlist_playlist_id_playlist"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("playlist_id", name=op.f("pk_kept_playlist")),
    )
    op.create_table(
        "deleted_copy",
        sa.Column("track_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["track.id"],
            name=op.f("fk_deleted_copy_track_id_track"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("track_id", name=op.f("pk_deleted_copy")),
    )
