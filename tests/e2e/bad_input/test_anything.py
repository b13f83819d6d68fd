"""Whatever comes over the wire, the answer is an envelope, and the server stays quick."""

import threading
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.e2e.bad_input.exchange import FORM, assert_envelope
from tests.e2e.bad_input.parameters import HOSTILE_IDS, HOSTILE_NUMBERS, PARAMETERS

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer

nasty = st.one_of(
    st.sampled_from([*HOSTILE_IDS[:-1], *HOSTILE_NUMBERS, "", "true", "False", "json", "newest"]),
    st.text(max_size=40),
)

calls = st.sampled_from(sorted(PARAMETERS)).flatmap(
    lambda endpoint: st.tuples(
        st.just(endpoint),
        st.lists(
            st.tuples(
                st.sampled_from([one["name"] for one in PARAMETERS[endpoint]] or ["x"]), nasty
            ),
            max_size=6,
        ),
        st.sampled_from(["xml", "json", "jsonp"]),
        st.booleans(),
    )
)


@pytest.fixture(scope="module")
def fuzzer(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client(name="fuzzer") as client:
        yield client


def test_anything_at_all_gets_an_envelope(server: RunningServer, fuzzer: SubsonicClient) -> None:
    """Meanwhile `ping` is answered."""
    waits: list[float] = []
    done = threading.Event()

    def keep_pinging() -> None:
        with server.client(name="pinger") as client:
            while not done.wait(0.05):
                started = time.monotonic()
                client.ask("ping")
                waits.append(time.monotonic() - started)

    @settings(
        max_examples=600,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(calls)
    def throw(call: tuple[str, list[tuple[str, str]], str, bool]) -> None:
        endpoint, parameters, format_, post = call
        pairs = [*fuzzer.login.items(), ("f", format_), ("callback", "f"), *parameters]
        text = "&".join(
            f"{quote(name)}={quote(value, safe='', errors='surrogatepass')}"
            for name, value in pairs
        )
        path = f"/rest/{endpoint}"
        answer = (
            fuzzer.http.post(path, content=text.encode(), headers={"Content-Type": FORM})
            if post
            else fuzzer.http.get(f"{path}?{text}")
        )
        assert_envelope(answer)

    pinging = threading.Thread(target=keep_pinging)
    pinging.start()
    try:
        throw()
    finally:
        done.set()
        pinging.join()
    assert max(waits) < 20, waits
