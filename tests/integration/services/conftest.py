"""All services over a small library, with a clock that stands still."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hydrophone.config import Config
from hydrophone.domain.music import Track
from hydrophone.domain.units import Kbps, Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.server.data_folder import make_data_dir, prepare
from hydrophone.server.wiring import Server, open_server
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.data_folder import DATABASE
from hydrophone.testing.factories import fill_library, make_track


class StandingClock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = 1_800_000_000_000

    def now(self) -> Timestamp:
        return Timestamp(self.time)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def tracks() -> list[Track]:
    """Two libraries; the second is Berta's alone."""
    return [
        make_track("One", genres=("Rock",), year=1990, track_number=1),
        make_track("Two", genres=("Rock", "Pop"), year=1991, track_number=2),
        make_track("Far", artist="Other", album="Else", genres=("Pop",), year=2020),
        make_track("Mp3", artist="Other", album="Lossy", suffix="mp3", bit_rate=Kbps(320)),
        make_track("Short", artist="Other", album="Lossy", duration=Seconds(10)),
        make_track("Secret", artist="Berta", album="Hers", library_id=2),
    ]


@pytest.fixture
async def server(
    config: Config, tracks: list[Track], clock: StandingClock, empty_database: Path
) -> AsyncIterator[Server]:
    shutil.copy(empty_database, make_data_dir(config) / DATABASE)
    prepare(config)
    database = config.server.data_dir / DATABASE
    with connect(database, durable=False) as connection, transaction(connection):
        fill_library(connection, tracks)
    async with open_server(config, clock=clock) as opened:
        yield opened


@pytest.fixture
async def anna(server: Server) -> User:
    made = await server.services.accounts.add("anna")
    return await server.services.logins.verify_password("anna", made.password)


@pytest.fixture
async def berta(server: Server) -> User:
    made = await server.services.accounts.add("Berta")
    return await server.services.logins.verify_password("berta", made.password)


@pytest.fixture
async def admin(server: Server) -> User:
    assert server.new_admin is not None
    return await server.services.logins.verify_password("admin", server.new_admin.password)
