"""Ids and numbers that are none, for each parameter that takes one: the answer is an envelope."""

from urllib.parse import urlencode

import httpx
import pytest
from tests.e2e.bad_input.exchange import assert_envelope
from tests.e2e.bad_input.parameters import HOSTILE_IDS, HOSTILE_NUMBERS, IDS, NUMBERS, PARAMETERS

from hydrophone.testing.client import SubsonicClient

NECESSARY = {
    "type": "newest",
    "genre": "Pop",
    "username": "admin",
    "query": "song",
    "rating": "1",
    "artist": "Anna",
}
"""What a required parameter may be while another one is bad."""


def necessary(endpoint: str, bad: str, song: str) -> dict[str, str]:
    """Return values for what an endpoint requires beside the bad parameter."""
    return {
        one["name"]: NECESSARY.get(one["name"], song)
        for one in PARAMETERS[endpoint]
        if one.get("required") and one["name"] != bad
    }


def call(client: SubsonicClient, endpoint: str, parameters: dict[str, str]) -> httpx.Response:
    return client.http.get(f"/rest/{endpoint}", params={**client.login, "f": "json", **parameters})


@pytest.mark.parametrize(("endpoint", "name"), IDS, ids=lambda value: value)
def test_hostile_ids(client: SubsonicClient, song: str, endpoint: str, name: str) -> None:
    """They are not found, or where an empty answer is due there is one; nothing is opened."""
    others = necessary(endpoint, name, song)
    for value in HOSTILE_IDS:
        answer = call(client, endpoint, {**others, name: value})
        envelope = assert_envelope(answer)
        assert "root:" not in answer.text
        if envelope["status"] == "failed":
            assert envelope["error"]["code"] in (0, 10, 70)


@pytest.mark.parametrize(("endpoint", "name"), NUMBERS, ids=lambda value: value)
def test_hostile_numbers(client: SubsonicClient, song: str, endpoint: str, name: str) -> None:
    others = necessary(endpoint, name, song)
    for value in HOSTILE_NUMBERS:
        assert_envelope(call(client, endpoint, {**others, name: value}))


@pytest.mark.parametrize(
    "query",
    [
        "offset=" + "9" * 15,
        "size=0",
        "size=999999999",
        "musicFolderId=9007199254740991",
        "fromYear=-5000&toYear=9007199254740991&type=byYear",
    ],
)
def test_extreme_numbers_are_ordinary_ones(client: SubsonicClient, query: str) -> None:
    answer = client.http.get(
        f"/rest/getAlbumList2?{urlencode({'type': 'newest', **client.login})}&f=json&{query}"
    )
    assert assert_envelope(answer)["status"] == "ok"
