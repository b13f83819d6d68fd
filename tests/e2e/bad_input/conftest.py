"""Whatever comes over the wire, the server stays up, and its log has no traceback."""

from collections.abc import Iterator

import pytest

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer


@pytest.fixture(autouse=True)
def no_traceback(server: RunningServer) -> Iterator[None]:
    """Fail after any test upon which the server's log has a traceback that was not there."""
    before = server.log.stat().st_size
    yield
    with server.log.open(encoding="utf-8", errors="replace") as log:
        log.seek(before)
        written = log.read()
    assert "Traceback" not in written, written[-4000:]
    assert " ERROR " not in written, written[-4000:]


@pytest.fixture
def song(client: SubsonicClient) -> str:
    return str(client.songs()[0]["id"])
