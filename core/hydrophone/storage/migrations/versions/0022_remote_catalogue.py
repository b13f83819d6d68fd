"""Sources beside libraries, what they have shown, and what they have answered."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_cache",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("hits", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "key", name=op.f("pk_answer_cache")),
    )
    op.create_index(op.f("ix_answer_cache_created"), "answer_cache", ["created"])
    op.create_table(
        "recording_link",
        sa.Column("a", sa.Text(), nullable=False),
        sa.Column("b", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_recording_link")),
    )
    op.create_index(op.f("ix_recording_link_b"), "recording_link", ["b"])
    op.create_table(
        "remote_album_artist",
        sa.Column("album_id", sa.Text(), nullable=False),
        sa.Column("artist_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("artist_id", "album_id", name=op.f("pk_remote_album_artist")),
    )
    op.create_index(op.f("ix_remote_album_artist_album_id"), "remote_album_artist", ["album_id"])
    op.create_table(
        "past_search",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("searched", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_past_search_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "library_id", "text", name=op.f("pk_past_search")),
    )
    op.create_index(op.f("ix_past_search_user_id_searched"), "past_search", ["user_id", "searched"])
    op.create_table(
        "remote_album",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("artwork_url", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("is_opened", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"],
            ["library.id"],
            name=op.f("fk_remote_album_library_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_remote_album")),
        sa.UniqueConstraint("id", name=op.f("uq_remote_album_id")),
    )
    op.create_index(
        op.f("ix_remote_album_library_id_group_id"), "remote_album", ["library_id", "group_id"]
    )
    op.create_index(op.f("ix_remote_album_seen"), "remote_album", ["seen"])
    op.create_table(
        "remote_artist",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("artwork_url", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"],
            ["library.id"],
            name=op.f("fk_remote_artist_library_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", "library_id", name=op.f("pk_remote_artist")),
    )
    op.create_index(op.f("ix_remote_artist_seen"), "remote_artist", ["seen"])
    op.create_table(
        "remote_folder",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("artwork_url", sa.Text(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"],
            ["library.id"],
            name=op.f("fk_remote_folder_library_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remote_folder")),
    )
    op.create_index(op.f("ix_remote_folder_seen"), "remote_folder", ["seen"])
    op.create_table(
        "remote_track",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("album_id", sa.Text(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("artwork_url", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"],
            ["library.id"],
            name=op.f("fk_remote_track_library_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_remote_track")),
        sa.UniqueConstraint("id", name=op.f("uq_remote_track_id")),
    )
    op.create_index(
        op.f("ix_remote_track_album_id_position"), "remote_track", ["album_id", "position"]
    )
    op.create_index(op.f("ix_remote_track_seen"), "remote_track", ["seen"])
    op.add_column("library", sa.Column("source", sa.Text(), nullable=True))
    op.create_index(op.f("ix_library_source"), "library", ["source"], unique=True)
