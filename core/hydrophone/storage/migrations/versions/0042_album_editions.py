"""The editions and MusicBrainz ids of albums out of their documents."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_MEMBERS = {"edition_key": "edition", "musicbrainz_key": "musicbrainz_id"}


def upgrade() -> None:
    for name in _MEMBERS:
        op.add_column("album", sa.Column(name, sa.Text(), nullable=True))
    values = ", ".join(
        f"{name} = nullif(lower(json_extract(document, '$.{member}')), '')"
        for name, member in _MEMBERS.items()
    )
    op.execute(f"UPDATE album SET {values}")  # noqa: S608 - names
    for name in _MEMBERS:
        op.create_index(f"ix_album_{name}", "album", [name])
