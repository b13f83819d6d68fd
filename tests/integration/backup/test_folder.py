"""Which backups there are, and which of them are deleted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hydrophone.backup import (
    BackupRequest,
    create_backup,
    find_backup,
    list_backups,
    prune,
)
from hydrophone.domain.backup import BackupReason
from hydrophone.errors import NotFoundError

Wanted = Callable[..., BackupRequest]


@pytest.fixture
def folder(wanted: Wanted, tmp_path: Path) -> Path:
    """Make four nightly backups, the others before and between, and a file that is damaged."""
    folder = tmp_path / "backups"
    for number, reason in enumerate(
        (
            BackupReason.MANUAL,
            BackupReason.NIGHTLY,
            BackupReason.NIGHTLY,
            BackupReason.MIGRATION,
            BackupReason.NIGHTLY,
            BackupReason.NIGHTLY,
        )
    ):
        # Names that are not in the order of the times.
        create_backup(wanted(folder / f"{9 - number}.zip", reason=reason, made=number * 1000))
    (folder / "0.zip").write_text("damaged")
    (folder / "notes.txt").write_text("not ours")
    return folder


def test_the_newest_is_first_and_what_is_damaged_last(folder: Path) -> None:
    found = list_backups(folder)
    assert [one.name for one in found] == [f"{number}.zip" for number in (4, 5, 6, 7, 8, 9, 0)]
    assert found[-1].manifest is None
    assert "is none" in found[-1].problem
    assert all(one.manifest and one.size > 1000 and not one.problem for one in found[:-1])
    assert list_backups(folder / "not there") == ()


def test_only_surplus_nightly_ones_are_deleted(folder: Path) -> None:
    assert prune(folder, 4) == ()
    assert [path.name for path in prune(folder, 2)] == ["7.zip", "8.zip"]
    assert sorted(path.name for path in folder.iterdir()) == [
        "0.zip",
        "4.zip",
        "5.zip",
        "6.zip",
        "9.zip",
        "notes.txt",
    ]
    prune(folder, 0)
    assert (folder / "4.zip").exists(), "the newest is never deleted"


def test_a_backup_is_found_by_path_and_by_name(folder: Path) -> None:
    for name in (str(folder / "4.zip"), "4.zip", "4"):
        assert find_backup(name, folder) == folder / "4.zip"
    with pytest.raises(NotFoundError, match="no backup 3"):
        find_backup("3", folder)
