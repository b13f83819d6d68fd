"""Each rule finds the fault that it is for: a table of faults, one at least for every rule."""

import json
from collections.abc import Callable

import pytest
from tests.conformance.checker.fault_table import FAULTS
from tests.conformance.checker.misbehaviour import empty_of_xml

from hydrophone.testing.model_subsonic import ModelServer, Wrong
from hydrophone.testing.model_subsonic.faults import (
    Fault,
    answering,
    with_code,
)
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Rule
from hydrophone_subsonic.conformance.rules import RULES
from hydrophone_subsonic.conformance.runner import Outcome, check

BY_ID = {rule.id: rule for rule in RULES}


def fault_of_an_answer(rule: Rule) -> Fault | None:
    """Return the fault for a rule that every endpoint has."""
    endpoint, _, kind = rule.id.partition(".")
    if endpoint == "hls":
        endpoint, kind = "hls.m3u8", rule.id.rpartition(".")[2]
    wrong_answers: dict[str, Fault] = {
        "json": answering(endpoint, f="json", content=(b'"subsonic-response"', b'"response"')),
        "xml": answering(
            endpoint, f="xml", content=(b"<subsonic-response ", b'<subsonic-response new="1" ')
        ),
        "same": {"after": empty_of_xml},
        "ways": answering(endpoint, post=True, status=405),
        "missing": with_code(endpoint, None),
        "unknown": with_code(endpoint, 40),
    }
    return wrong_answers.get(kind)


def fault_of(rule: Rule) -> Fault:
    fault = FAULTS.get(rule.id) or fault_of_an_answer(rule)
    assert fault is not None, f"No fault shows what {rule.id} is for."
    return fault


def test_no_fault_is_for_a_rule_that_is_gone() -> None:
    assert set(FAULTS) <= set(BY_ID)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_rule_finds_its_fault(rule: Rule, probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    needs_key = rule.id.startswith("tokenInfo.") or rule.id == "login.api-key"
    probe = probe_of(server, key=needs_key)
    server.wrong = Wrong(**fault_of(rule))
    result = check(rule, probe)
    assert server.accidents == []
    assert result.outcome is Outcome.FAILED, result.message
    assert result.asked
    assert "sesame" not in json.dumps([result.message, result.asked, result.came])


@pytest.mark.parametrize("rule", ["getAlbum.json", "getAlbum.xml", "album.songs", "stream.range"])
def test_a_redirect_of_any_call_is_named(rule: str, probe_of: Callable[..., Probe]) -> None:
    """A proxy may send a part of the protocol elsewhere, with the credentials."""
    server = ModelServer()
    probe = probe_of(server)
    target = "https://other.example/login"
    endpoint = rule.partition(".")[0].replace("album", "getAlbum")
    headers = {"location": f"{target}?to=%2Frest&p=sesame-street"}
    server.wrong = Wrong(**answering(endpoint, status=302, headers=headers))
    result = check(BY_ID[rule], probe)
    assert result.outcome is Outcome.FAILED
    assert f"redirects to {target}." in result.message or f"302 to {target}" in result.came
    assert "sesame" not in json.dumps([result.message, result.asked, result.came])
