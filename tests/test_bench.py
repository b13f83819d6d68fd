"""The bench asks every endpoint that is declared, or says why it sets no limit to it."""

from contrib.bench.endpoint_requests import BODIES, EXEMPT, REQUESTS

from hydrophone_subsonic.endpoints import ENDPOINTS


def test_every_endpoint_is_measured_or_exempt() -> None:
    names = {endpoint.name for endpoint in ENDPOINTS}
    assert {*REQUESTS, *EXEMPT} == names
    assert REQUESTS.keys().isdisjoint(EXEMPT)
    assert BODIES.keys() <= REQUESTS.keys()
    assert all(REQUESTS.values())
    assert all(EXEMPT.values())


def test_requests_name_parameters_that_are_declared() -> None:
    declared = {one.name: {known.name for known in one.parameters} for one in ENDPOINTS}
    for name, queries in REQUESTS.items():
        for query in queries:
            named = {part.partition("=")[0] for part in query.split("&") if "=" in part}
            assert named <= declared[name], name
