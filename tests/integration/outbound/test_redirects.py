"""What the client follows, and what it gives away on the way."""

import logging

import pytest
from tests.integration.outbound.asking import failure, fetch

from hydrophone.errors import BadAnswerError
from hydrophone.outbound import Outbound
from hydrophone.outbound.addresses import LOOPBACK
from hydrophone.testing.loopback import Loopback

pytestmark = pytest.mark.anyio


async def test_only_redirects_for_good_change_the_address(
    outbound: Outbound, remote: Loopback
) -> None:
    end = remote.serve("/end", b"x")
    second = remote.redirect("/second", "/end")
    first = remote.redirect("/first", "second", status="301 Moved Permanently")
    got = await fetch(outbound, first)
    assert (got.url, got.permanent_url) == (end, second)
    got = await fetch(outbound, remote.redirect("/zero", "/first"))
    assert got.permanent_url == f"{remote.url}/zero"


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd",
        "http://localhost:1/", "http://2130706433:1/", "ftp://example.org/", "http://[::1]/",
        "javascript:alert(1)", "http://0/", "//127.0.0.1:2/", "http://a.example:99999/",
    ],
)  # fmt: skip
async def test_a_redirect_to_where_nobody_may_go_is_refused(
    outbound: Outbound, remote: Loopback, target: str
) -> None:
    error = await failure(outbound, remote.redirect("/away", target))
    assert isinstance(error, BadAnswerError)
    assert "refused" in str(error)


async def test_redirects_in_a_circle_end(outbound: Outbound, remote: Loopback) -> None:
    error = await failure(outbound, remote.redirect("/loop", "/loop"))
    assert isinstance(error, BadAnswerError)
    assert len(remote.requests) == 9


async def test_keys_stay_with_the_host_that_they_are_for(remote: Loopback) -> None:
    client = Outbound(allow=[LOOPBACK])
    remote.serve("/end", b"here")
    url = remote.redirect("/away", f"http://localhost:{remote.port}/end")
    headers = {"X-Api-Key": "s3cret", "Authorization": "Bearer s3cret", "Range": "bytes=1-"}
    await fetch(client, url, headers=headers)
    first, second = (one.headers for one in remote.requests)
    assert first["x-api-key"] == "s3cret"
    assert second["range"] == "bytes=1-"
    assert not {"x-api-key", "authorization"} & second.keys()
    await client.close()


async def test_a_login_in_the_url_stays_with_its_host_and_out_of_errors(
    outbound: Outbound, remote: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "hydrophone")
    remote.serve("/feed", b"x", status="403 Forbidden")
    error = await failure(outbound, f"http://anna:s3cret@{remote.place}/feed?key=s3cret")
    assert remote.requests[0].headers["authorization"].startswith("Basic ")
    assert "s3cret" not in f"{error} {caplog.text}"
    assert "403" in str(error)
