"""Migrations of these tests' own, and the backups that are made before."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

from hydrophone.domain.ids import PlaylistId, UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import annotations, playlists
from hydrophone.storage.upgrade import MIGRATIONS, known_revisions
from hydrophone.testing.factories import fill_library, make_track

_REVISION = '''"""A revision of the test's own."""

import time

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"


def upgrade() -> None:
{body}
'''

REBUILD = """\
    for parent in ("user", "library", "artist", "album", "track", "playlist", "genre", "folder"):
        with op.batch_alter_table(parent, recreate="always") as batch:
            batch.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
"""
SLOW = """\
    time.sleep(0.5)
    op.execute("INSERT INTO counter VALUES ('migrated', 1, 1)")
"""

MakeMigrations = Callable[..., Path]
BackUp = Callable[[str], Path]


def put_migrations(folder: Path, *bodies: str) -> Path:
    """Copy the program's migrations into a folder and put further revisions on top."""
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    number = int(known_revisions()[-1])
    for body in bodies:
        text = _REVISION.format(number=f"{number + 1:04}", before=f"{number:04}", body=body)
        number += 1
        (folder / "versions" / f"{number:04}_test.py").write_text(text)
    return folder


def unpacked(backup: Path) -> Path:
    """Unpack the database of a backup beside it."""
    with ZipFile(backup) as archive:
        return Path(archive.extract("hydrophone.db", backup.with_suffix("")))


def fill(path: Path, anna: UserId) -> None:
    with connect(path, durable=False) as connection, transaction(connection):
        fill_library(connection, [make_track("Jóga", artist="Björk", genres=("Pop",))])
        annotations.star(connection, anna, ["al-1", "tr-1"], Timestamp(7))
        playlists.put(
            connection,
            PlaylistId("pl-1"),
            anna,
            name="Evening",
            comment="",
            is_public=False,
            tracks=["tr-1", "tr-2"],
            now=Timestamp(7),
        )


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()
