"""A backup comes from outside: what is wrong with one is told, and nothing else happens."""

import random
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec
import pytest

from hydrophone.backup import BackupRequest, create_backup, restore_backup, verify_backup
from hydrophone.domain.units import Timestamp
from hydrophone.errors import HydrophoneError, NotFoundError, StorageError

Wanted = Callable[..., BackupRequest]


@pytest.fixture
def good(wanted: Wanted) -> Path:
    return create_backup(wanted())


def members_of(backup: Path) -> dict[str, bytes]:
    with ZipFile(backup) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, files: Mapping[str, bytes], /, **changes: object) -> Path:
    """Pack members with a manifest that fits them, apart from the changes."""
    manifest = msgspec.json.decode(files["manifest.json"])
    rest = {name: data for name, data in files.items() if name != "manifest.json"}
    manifest["members"] = [
        {"name": name, "size": len(data), "sha256": sha256(data).hexdigest()}
        for name, data in rest.items()
    ]
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in rest.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", msgspec.json.encode(manifest | changes))
    return path


def refusal(backup: Path) -> str:
    with pytest.raises(StorageError) as told:
        verify_backup(backup)
    assert len(str(told.value).splitlines()) == 1
    return str(told.value)


def test_one_that_was_packed_anew_is_good(good: Path, tmp_path: Path) -> None:
    assert verify_backup(packed(tmp_path / "again.zip", members_of(good))).rows["track"] == 300


def test_any_damaged_byte_is_found_or_does_no_harm(good: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    intact = good.read_bytes()
    manifest = verify_backup(good)
    damaged = tmp_path / "damaged.zip"
    refused = 0
    for _ in range(60):
        data = bytearray(intact)
        for _ in range(chance.choice((1, 20))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        damaged.write_bytes(data)
        try:
            # Some fields of a zip, such as times, mean nothing to us.
            assert verify_backup(damaged) == manifest
        except StorageError:
            refused += 1
    assert refused > 50


@pytest.mark.parametrize("part", [0.0, 0.3, 0.99])
def test_half_of_a_file_is_refused(good: Path, part: float) -> None:
    good.write_bytes(good.read_bytes()[: int(part * good.stat().st_size)])
    assert "is none" in refusal(good)


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.zip"
    text.write_text("no zip")
    assert "is none" in refusal(text)
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("holiday.jpg", b"")
    assert "not a backup" in refusal(tmp_path / "other.zip")
    with pytest.raises(NotFoundError):
        verify_backup(tmp_path / "missing.zip")


def test_a_layout_of_the_future_is_refused(good: Path, tmp_path: Path) -> None:
    future = packed(tmp_path / "future.zip", members_of(good), format=2, reason="whim")
    assert "newer Hydrophone" in refusal(future)


def test_names_that_lead_out_of_a_folder_lead_nowhere(good: Path, tmp_path: Path) -> None:
    members = members_of(good)
    evil = {"../evil": b"1", "/tmp/evil": b"2", "playlists/../../evil": b"3"}
    backup = packed(tmp_path / "evil.zip", members | evil)
    verify_backup(backup)
    target = tmp_path / "a" / "b" / "new"
    restore_backup(backup, target, now=Timestamp(1), with_config=True)
    assert [path for path in tmp_path.rglob("evil*") if path != backup] == []
    assert not Path("/tmp/evil").exists()


def test_members_are_what_the_manifest_says(good: Path, tmp_path: Path) -> None:
    members = members_of(good)
    manifest = msgspec.json.decode(members["manifest.json"])
    backup = tmp_path / "wrong.zip"
    packed(backup, members, members=manifest["members"][1:])
    assert "members" in refusal(backup)
    packed(backup, {name: data for name, data in members.items() if name != "hydrophone.db"})
    assert "members" in refusal(backup)
    packed(backup, members | {"secret.key": b"another"}, members=manifest["members"])
    assert "members" in refusal(backup)
    other = members["secret.key"].swapcase()
    packed(backup, members | {"secret.key": other}, members=manifest["members"])
    assert "secret.key" in refusal(backup)
    packed(backup, members, rows=manifest["rows"] | {"track": 299})
    assert "other rows" in refusal(backup)
    packed(backup, members | {"hydrophone.db": b"no database" * 99})
    assert "damaged" in refusal(backup)


def test_a_bomb_is_not_unpacked(good: Path, tmp_path: Path) -> None:
    members = members_of(good)
    backup = packed(tmp_path / "bomb.zip", members | {"secret.key": bytes(10_000_000)})
    assert backup.stat().st_size < 200_000
    assert "too large" in refusal(backup)
    with ZipFile(backup, "w", ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(70_000_000))
    assert "not a backup" in refusal(backup)


def test_a_name_may_not_come_twice(good: Path) -> None:
    with ZipFile(good, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("secret.key", b"another")
    assert "two members" in refusal(good)


def test_a_backup_that_is_refused_changes_nothing(good: Path, tmp_path: Path, data: Path) -> None:
    before = {path: path.read_bytes() for path in data.iterdir()}
    good.write_bytes(good.read_bytes()[:-100])
    with pytest.raises(HydrophoneError):
        restore_backup(good, data, now=Timestamp(1))
    locks = {"server.lock", "scan.lock"}
    assert {p: p.read_bytes() for p in data.iterdir() if p.name not in locks} == before
