"""The schema 0001 with a scanned library: it stays, and the next quick pass looks at all of it."""

from pathlib import Path

from hydrophone.domain.ids import LibraryId
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import inventory, libraries
from hydrophone.storage.upgrade import upgrade


def test_libraries_and_folders_stay(old_path: Path, tmp_path: Path) -> None:
    with connect(old_path, durable=False) as connection, transaction(connection):
        connection.exec_driver_sql(
            "INSERT INTO library (id, name, path, device, problem, scanned) "
            "VALUES (1, 'Music', '/music', 7, 'It is empty.', 5)"
        )
        connection.exec_driver_sql(
            "INSERT INTO folder (id, library_id, path, name, sort_key) "
            "VALUES ('fo-1', 1, '', 'Music', 'music')"
        )
    upgrade(old_path, back_up=lambda revision: tmp_path / revision)
    music = LibraryId(1)
    with connect(old_path, durable=False) as connection:
        [status] = libraries.statuses(connection, [music])
        assert (status.problem, status.polled, status.scanned) == ("It is empty.", "", 5)
        assert libraries.root(connection, music) == (7, "It is empty.")
        [folder] = inventory.folders(connection, music).values()
        assert (folder.name, folder.mtime_ns) == ("Music", 0)
