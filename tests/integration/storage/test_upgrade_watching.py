"""The schema 0001 with a scanned library: it stays, and the next quick pass looks at all of it."""

import shutil
from pathlib import Path

from hydrophone.domain.ids import LibraryId
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import inventory, libraries
from hydrophone.storage.upgrade import MIGRATIONS, upgrade

_NEWER = [f"{number:04}_*" for number in range(2, 100)]


def test_libraries_and_folders_stay(tmp_path: Path) -> None:
    first = tmp_path / "first"
    shutil.copytree(MIGRATIONS, first, ignore=shutil.ignore_patterns("__pycache__", *_NEWER))
    path = tmp_path / "h.db"
    upgrade(path, back_up=lambda revision: tmp_path / revision, migrations=first)
    with connect(path, durable=False) as connection, transaction(connection):
        connection.exec_driver_sql(
            "INSERT INTO library (id, name, path, device, problem, scanned) "
            "VALUES (1, 'Music', '/music', 7, 'It is empty.', 5)"
        )
        connection.exec_driver_sql(
            "INSERT INTO folder (id, library_id, path, name, sort_key) "
            "VALUES ('fo-1', 1, '', 'Music', 'music')"
        )
    upgrade(path, back_up=lambda revision: tmp_path / revision)
    music = LibraryId(1)
    with connect(path, durable=False) as connection:
        [status] = libraries.statuses(connection, [music])
        assert (status.problem, status.polled, status.scanned) == ("It is empty.", "", 5)
        assert inventory.root(connection, music) == (7, "It is empty.")
        [folder] = inventory.folders(connection, music).values()
        assert (folder.name, folder.mtime_ns) == ("Music", 0)
