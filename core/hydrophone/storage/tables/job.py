"""Work that outlives a restart; finished jobs are kept for a while."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    false,
    text,
)

from hydrophone.storage.tables.base import metadata

IS_ACTIVE = text("state IN ('waiting', 'running')")
"""Written out, so that SQLite sees that the index below answers it."""

job = Table(
    "job",
    metadata,
    # AUTOINCREMENT: whoever remembers the number of a deleted job must not meet another.
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("user_id", ForeignKey("user.id", ondelete="SET NULL"), index=True),
    Column("payload", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due", BigInteger, nullable=False),
    # Random for each claim, and what a worker proves with that the job is still its own.
    Column("lease", Text, nullable=False, server_default=""),
    Column("lease_expires", BigInteger),
    Column("is_cancelled", Boolean, nullable=False, server_default=false()),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger),
    Column("text", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("result", Text, nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
    Column("created", BigInteger, nullable=False),
    Column("started", BigInteger),
    Column("finished", BigInteger),
    # For PostgreSQL the condition stands in the migration alone: here its name would have every
    # process load the whole dialect, which takes 2 MB.
    Index("uq_job_kind_key_active", "kind", "key", unique=True, sqlite_where=IS_ACTIVE),
    Index("ix_job_turn", "state", "priority", "id"),
    Index("ix_job_due", "state", "due"),
    # For what has to be ended, and for what is to be forgotten.
    Index("ix_job_end", "finished", "is_cancelled"),
    sqlite_autoincrement=True,
)
