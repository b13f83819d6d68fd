"""Probes of the server in memory."""

from collections.abc import Callable

import httpx
import pytest

from hydrophone.testing.model_subsonic import KEY, ModelServer
from hydrophone_subsonic.conformance.gather import gather, log_in
from hydrophone_subsonic.conformance.login import Login
from hydrophone_subsonic.conformance.probe import Probe


@pytest.fixture
def probe_of() -> Callable[..., Probe]:
    """Give a function that logs in at a server in memory and looks around there."""

    def make(
        server: ModelServer, *, user: str = "admin", key: bool = False, may_write: bool = True
    ) -> Probe:
        http = httpx.Client(transport=httpx.MockTransport(server), base_url="http://model")
        login = Login(api_key=KEY) if key else Login(user=user, password="sesame-street")
        probe = Probe(http, login, may_write=may_write)
        log_in(probe)
        probe.facts = gather(probe)
        return probe

    return make
