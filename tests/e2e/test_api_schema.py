"""Requests made from the native API's own description: no answer that it does not describe."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import CheckContext, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hydrophone.testing.server import RunningServer, running_server


def no_fault_of_the_server(
    context: CheckContext, response: Response, case: schemathesis.Case[Any]
) -> None:
    """501 is none: without a plugin for it nothing is recognized."""
    if response.status_code != 501:
        not_a_server_error(context, response, case)


CHECKS = [
    no_fault_of_the_server,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture(scope="module")
def key(server: RunningServer) -> str:
    """An API key: requests may change the password that they log in with."""
    answer = httpx.post(
        f"{server.url}/api/v1/accounts/admin/devices",
        auth=(server.user, server.password),
        json={"name": "schemathesis", "kind": "api_key"},
    )
    return str(answer.json()["secret"])


def test_any_request_gets_an_answer_that_is_described(server: RunningServer, key: str) -> None:
    schema = schemathesis.openapi.from_url(f"{server.url}/api/docs/openapi.json")
    headers = {"Authorization": f"Bearer {key}"}
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    assert len(operations) > 15
    for operation, mode in product(operations, GenerationMode):

        @settings(
            max_examples=6,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS, timeout=120)

        ask()
