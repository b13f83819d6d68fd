"""Another's server on loopback, and an admin who may ask it."""

import pytest
from msgspec.structs import replace
from tests.integration.services.podcasts.listener import Listener, StandingClock

from hydrophone.config import Config, OutboundConfig
from hydrophone.config.outbound import HostAndPort
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.loopback import Loopback


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("audio") / "a.mp3"
    make_audio(path, seconds=30.0)
    return path.read_bytes()


@pytest.fixture
def config(config: Config, remote: Loopback) -> Config:
    return replace(config, outbound=OutboundConfig(allow=(HostAndPort(remote.place),)))


@pytest.fixture
def listener(server: Server, admin: User, clock: StandingClock) -> Listener:
    return Listener(server, admin, clock)
