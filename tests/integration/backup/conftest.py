"""A data folder with something of everything in it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hydrophone.backup import BackupRequest
from hydrophone.domain.backup import BackupReason
from hydrophone.domain.ids import PlaylistId
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import Roles
from hydrophone.services.credentials import load_key
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.queries import annotations, devices, playlists, users
from hydrophone.testing.factories import fill_library, make_database, make_track

MADE = Timestamp(1_795_228_565_000)  # 2026-11-21T02:36:05Z

Wanted = Callable[..., BackupRequest]


@pytest.fixture
def wanted(data: Path, tmp_path: Path) -> Wanted:
    """Ask for a backup by hand of the folder `data`, at a certain time."""

    def ask(
        target: Path = tmp_path / "backup.zip",
        *,
        reason: BackupReason = BackupReason.MANUAL,
        made: int = MADE,
        config_file: str = "",
    ) -> BackupRequest:
        return BackupRequest(
            data_dir=str(data),
            target=str(target),
            reason=reason,
            made=Timestamp(made),
            config_file=config_file,
        )

    return ask


@pytest.fixture(scope="session")
def filled_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data folder with two users, 300 tracks, stars and playlists."""
    data = tmp_path_factory.mktemp("filled") / "data"
    make_database(data / DATABASE)
    load_key(data)
    tracks = [make_track(f"Song {n}", artist="Björk", comment=str(n) * 99) for n in range(300)]
    with connect(data / DATABASE, durable=False) as connection, transaction(connection):
        fill_library(connection, tracks)
        ids = [track.id for track in tracks]
        for name in ("Anna", "b/e:r?ta"):
            user = users.add(connection, name, "no hash", Roles(), Timestamp(1))
            devices.add_app_password(connection, user, "phone", b"secret", Timestamp(1))
            annotations.star(connection, user, ids[:50], Timestamp(7))
            for number, title in enumerate(("Evening", "evening", "../../x")):
                playlists.put(
                    connection,
                    PlaylistId(f"pl-{user}{number}"),
                    user,
                    name=title,
                    comment="",
                    is_public=False,
                    tracks=[ids[1], ids[0], ids[1], "tr-gone"],
                    now=Timestamp(7 + number),
                )
    return data


@pytest.fixture
def data(filled_data: Path, tmp_path: Path) -> Path:
    """A copy of one's own."""
    return Path(shutil.copytree(filled_data, tmp_path / "data"))
