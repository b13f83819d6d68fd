"""An index that answers how all users have rated a thing."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_annotation_rated",
        "annotation",
        ["item_id", "rating"],
        sqlite_where=sa.text("rating > 0"),
    )
