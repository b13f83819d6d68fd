"""What a scan has to say about files that it could read, and about all else that it could not."""

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, Table, Text

from hydrophone.storage.tables.base import metadata

remark = Table(
    "remark",
    metadata,
    Column("library_id", ForeignKey("library.id", ondelete="CASCADE"), nullable=False),
    # Escaped and relative to the root. Audio files that cannot be read are told by their origins.
    Column("path", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("library_id", "path", "kind"),
)
