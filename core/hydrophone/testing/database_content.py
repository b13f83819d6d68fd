"""Tells whether two databases hold the same, row by row."""

import sqlite3
from contextlib import closing
from pathlib import Path

Content = dict[str, list[tuple[object, ...]]]
"""Rows by table; under the empty name the schema."""


def content(database: Path) -> Content:
    """Return the schema as text and all rows of all tables, the search index's too."""
    with closing(sqlite3.connect(database)) as connection:
        schema = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2")
        everything: Content = {"": schema.fetchall()}
        for name in [str(row[1]) for row in everything[""] if row[0] == "table"]:
            rows = connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - a table's name
            everything[name] = rows.fetchall()
        return everything
