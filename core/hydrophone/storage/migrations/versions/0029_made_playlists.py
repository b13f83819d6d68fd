"""What playlists of the server's own ask: a user's last plays, and when albums came to light."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_play_user_id_played"), "play", ["user_id", "played"])
    op.add_column(
        "remote_album", sa.Column("shown", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.execute("UPDATE remote_album SET shown = seen")
    op.create_index(op.f("ix_remote_album_shown"), "remote_album", ["shown"])
