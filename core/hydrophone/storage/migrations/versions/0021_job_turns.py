"""Indexes by which the next job is found among many thousands."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_job_due"), "job", ["state", "due"])
    op.create_index(op.f("ix_job_end"), "job", ["finished", "is_cancelled"])
    op.drop_index(op.f("ix_job_finished"), "job")
