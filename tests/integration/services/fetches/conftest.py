"""The source on loopback, and the cache over it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert
from tests.integration.services.fetches.place import OneSource, Place, opened

from hydrophone.domain.ids import LibraryId, UserId
from hydrophone.domain.music import Track
from hydrophone.domain.units import Kbps, Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.plugin import Context
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.user import user as user_table
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.factories import fill_library, make_track
from hydrophone.testing.loopback import Loopback


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two minutes, nearly 2 MB: enough for a far seek."""
    path = make_audio(tmp_path_factory.mktemp("audio") / "a.mp3", seconds=120.0)
    return path.read_bytes()


@pytest.fixture
def source(hydrophone_loopback: Loopback, hydrophone_context: Context, audio: bytes) -> OneSource:
    return OneSource(hydrophone_loopback, hydrophone_context, audio)


@pytest.fixture
def track() -> Track:
    return make_track("Song", suffix="mp3", duration=Seconds(120.0), bit_rate=Kbps(128))


@pytest.fixture
def tracks(track: Track) -> list[Track]:
    """All that the source has."""
    return [track]


@pytest.fixture
def folder(tmp_path: Path, empty_database: Path, tracks: list[Track]) -> Path:
    folder = tmp_path / "server"
    folder.mkdir()
    database = folder / "hydrophone.db"
    shutil.copy(empty_database, database)
    with connect(database, durable=False) as connection, transaction(connection):
        fill_library(connection, tracks)
        connection.execute(delete(origin))
        for track in tracks:
            connection.execute(
                insert(origin).values(
                    source="one",
                    native_id=track.title,
                    track_id=track.id,
                    size=0,
                    mtime_ns=0,
                    ctime_ns=0,
                )
            )
    return folder


@pytest.fixture
def user(folder: Path) -> User:
    with connect(folder / "hydrophone.db", durable=False) as connection, transaction(connection):
        known = {"name": "anna", "name_key": "anna", "roles": "{}", "password_hash": ""}
        connection.execute(insert(user_table).values(id=1, created=0, **known))
    return User(id=UserId(1), name="anna", libraries=(LibraryId(1),), created=Timestamp(0))


@pytest.fixture
async def place(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> AsyncIterator[Place]:
    async with opened(folder, hydrophone_context, source, track, user) as place:
        yield place
