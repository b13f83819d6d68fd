"""Albums in the order of their artists' sort names, as the artists themselves are."""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    credits_ = connection.execute(
        sa.text(
            "SELECT album_artist.album_id, artist.sort_key FROM album_artist"
            " JOIN artist ON artist.id = album_artist.artist_id"
            " ORDER BY album_artist.album_id, album_artist.position"
        )
    ).all()
    keys = [
        {"album_id": album_id, "key": "\x1f".join(credit.sort_key for credit in those)}
        for album_id, those in groupby(credits_, key=lambda credit: credit.album_id)
    ]
    if keys:
        connection.execute(
            sa.text(
                "UPDATE album SET artist_sort_key = :key"
                " WHERE id = :album_id AND artist_sort_key != :key"
            ),
            keys,
        )
