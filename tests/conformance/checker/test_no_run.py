"""The command where there is nothing to check: what it says, and in which format."""

import json

import httpx
import pytest
from click.testing import Result
from lxml import etree
from tests.conformance.checker.command import PASSWORD, run, served

from hydrophone.testing.model_subsonic import ModelServer, Wrong


def check_model(
    model: ModelServer, *options: str, end: str = "", password: str = PASSWORD
) -> Result:
    """Run the command against a model at an address with something at its end."""
    with served(model) as url:
        return run(f"{url}{end}", "-u", "admin", "--only", "chat", *options, password=password)


def always(answer: httpx.Response) -> ModelServer:
    """Return a server that answers everything the same."""
    return ModelServer(Wrong(after=lambda *_: answer))


def test_a_redirect_is_named_without_credentials() -> None:
    headers = {"location": "https://music.example/sub/rest/ping.view?u=admin&p=sesame-street"}
    finished = check_model(always(httpx.Response(301, headers=headers)))
    assert finished.exit_code == 2
    wanted = "The server redirects to https://music.example/sub; give that address.\n"
    assert finished.stderr.endswith(wanted)


def test_a_redirect_to_a_page() -> None:
    finished = check_model(always(httpx.Response(302, headers={"location": "/login?to=%2Frest"})))
    assert finished.exit_code == 2
    assert "/login, which is no address of the protocol" in finished.stderr
    assert "%2F" not in finished.stderr


def test_a_page_is_cut_short() -> None:
    page = "<!doctype html>\n" + "<p>Welcome!</p>\n" * 200
    finished = check_model(always(httpx.Response(200, html=page)))
    assert finished.exit_code == 2
    assert "The body is no JSON" in finished.stderr
    assert "<!doctype html> <p>Welcome!</p>" in finished.stderr
    assert len(finished.stderr) < 400


@pytest.mark.parametrize("end", ["?x=1", "/rest?apiKey=a-secret", "/#/login", "?"])
def test_no_query_and_no_fragment_in_the_address(end: str) -> None:
    finished = check_model(ModelServer(), end=end)
    assert finished.exit_code == 2
    assert "is no address: it must end before ? and #" in finished.stderr
    assert "a-secret" not in finished.stderr


def test_json_says_what_failed() -> None:
    finished = check_model(ModelServer(), "--format", "json", password="wrong")
    assert finished.exit_code == 2
    document = json.loads(finished.stdout)
    assert document["error"] == "Cannot log in: the server answers with code 40 (No.)."
    assert document["results"] == []
    assert document["summary"] == {"passed": 0, "failed": 0, "skipped": 0, "score": None}
    passed = check_model(ModelServer(), "--format", "json")
    assert json.loads(passed.stdout)["error"] is None


def test_junit_says_what_failed() -> None:
    finished = check_model(ModelServer(), "--format", "junit", end="?x=1")
    assert finished.exit_code == 2
    (suite,) = etree.fromstring(finished.stdout.encode())
    assert suite.get("errors") == "1"
    (error,) = suite.iterfind("testcase/error")
    assert "is no address" in str(error.get("message"))
