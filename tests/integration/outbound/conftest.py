"""A server on this machine, and a client that may ask it."""

from collections.abc import AsyncIterator

import pytest

from hydrophone.outbound import Outbound
from hydrophone.testing.loopback import Loopback


@pytest.fixture
async def outbound(remote: Loopback) -> AsyncIterator[Outbound]:
    client = Outbound(allow=[remote.place])
    yield client
    await client.close()
