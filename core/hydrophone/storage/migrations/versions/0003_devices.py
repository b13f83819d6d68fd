"""When app passwords and API keys were last used, and one API key for each device."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("app_password", sa.Column("last_used", sa.BigInteger()))
    op.add_column("api_key", sa.Column("last_used", sa.BigInteger()))
    # No command made keys before, so that only keys put in by hand can share a label.
    op.execute(
        "UPDATE api_key SET label = label || ' ' || id WHERE id NOT IN"
        " (SELECT min(id) FROM api_key GROUP BY user_id, label)"
    )
    op.drop_index(op.f("ix_api_key_user_id"), "api_key")
    op.create_index(op.f("ix_api_key_user_id_label"), "api_key", ["user_id", "label"], unique=True)
