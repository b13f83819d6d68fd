"""What endpoints ask of the services and make of the answers: podcasts."""

from typing import Any

import pytest
from tests.unit.subsonic_api.asking import Ask

from hydrophone.testing.factories import make_channel

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("asked", ["getPodcasts?includeEpisodes=false", "getPodcasts?id=pc-1"])
@pytest.mark.parametrize(
    ("has_role", "url"),
    [
        (True, "https://anna:sesame@a.example:8443/feed?a=b@c"),
        (False, "https://a.example:8443/feed?a=b@c"),
    ],
)
async def test_the_password_of_a_feed_is_for_those_with_the_role(
    ask: Ask, fakes: Any, asked: str, url: str, *, has_role: bool
) -> None:
    fakes.logins.roles = {"podcast": has_role, "admin": False}
    channel = make_channel(url="https://anna:sesame@a.example:8443/feed?a=b@c")
    fakes.podcasts.answers |= {
        "channels": (channel,),
        "channel": channel,
        "touched": (),
        "plain": (),
    }
    (shown,) = (await ask(asked))["podcasts"]["channel"]
    assert shown["url"] == url
