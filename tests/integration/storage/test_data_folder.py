"""What lies in the data folder is for its owner, and a lock holds as long as its file is there."""

import shutil
import stat
from pathlib import Path

import pytest

from hydrophone.errors import ConflictError
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.data_folder import locked
from hydrophone.testing.factories import make_database


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def write(path: Path) -> None:
    with connect(path, durable=False) as connection:
        with transaction(connection):
            connection.exec_driver_sql("INSERT INTO counter VALUES ('x', 1, 1)")
        found = modes(path.parent)
    assert found == {
        "hydrophone.db": 0o600,
        "hydrophone.db-wal": 0o600,
        "hydrophone.db-shm": 0o600,
    }


def test_a_database_is_private_in_a_folder_that_is_not(tmp_path: Path) -> None:
    """As systemd or somebody's `mkdir` has made it."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    make_database(folder / "hydrophone.db")
    write(folder / "hydrophone.db")


def test_one_that_others_can_read_is_made_private_with_what_is_beside_it(
    path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    with connect(path, durable=False) as connection:
        with transaction(connection):
            connection.exec_driver_sql("INSERT INTO counter VALUES ('y', 1, 1)")
        for file in path.parent.glob("hydrophone.db*"):
            shutil.copy(file, folder)
    for file in folder.iterdir():
        file.chmod(0o644)
    assert len(modes(folder)) == 3
    make_database(folder / "hydrophone.db")
    write(folder / "hydrophone.db")


def test_one_of_somebody_else_is_used_as_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted", str(self))

    path.chmod(0o666)
    monkeypatch.setattr(Path, "chmod", refuse)
    make_database(path)
    assert "can be used by others (mode 0666)" in caplog.text


def test_a_lock_on_a_removed_file_is_none(tmp_path: Path) -> None:
    """Who opened it just before keeps nobody away that comes later."""
    with (tmp_path / "lock").open("w") as file:
        (tmp_path / "lock").unlink()
        removed = Path(f"/proc/self/fd/{file.fileno()}")
        with pytest.raises(ConflictError, match="taken"), locked(removed, "taken"):
            pass


def test_a_lock_is_for_its_owner_alone(tmp_path: Path) -> None:
    with locked(tmp_path / "lock", "taken"):
        assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
