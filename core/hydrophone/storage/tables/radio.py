"""Internet radio stations; everybody sees all of them."""

from sqlalchemy import Column, Table, Text

from hydrophone.storage.tables.base import metadata

radio_station = Table(
    "radio_station",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("stream_url", Text, nullable=False),
    Column("homepage_url", Text, nullable=False, server_default=""),
)
