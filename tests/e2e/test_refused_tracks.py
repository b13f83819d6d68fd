"""A remote track that cannot be heard stays what it was: shown, and in no list."""

import pytest
from tests.e2e.waiting import until

from hydrophone.plugin.capabilities.source import RefusalReason
from hydrophone.services.remote_music import album_id, track_id
from hydrophone.testing import faults
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.synthetic_place import SyntheticPlace
from hydrophone.testing.synthetic_service import refusal

SONG, NEXT, OTHER = (track_id("synthetic", f"track-{number}") for number in (1, 2, 4))


def show(client: SubsonicClient) -> None:
    client.ask("search3", query="First Signal")
    client.ask("getAlbum", id=album_id("synthetic", "album-1"))


def listed(client: SubsonicClient) -> set[str]:
    found = client.ask("getAlbumList2", type="newest")["albumList2"]["album"]
    return {one["name"] for one in found}


def everything(client: SubsonicClient) -> set[str]:
    return {one["id"] for one in client.ask("search3", query="")["searchResult3"]["song"]}


def see_changes(client: SubsonicClient) -> None:
    """Wait until all that has become ours so far is in the lists, with one more."""
    client.ask("search3", query="Second Signal")
    client.ask("star", id=OTHER)
    until(lambda: "Second Signal" in listed(client) and OTHER in everything(client))


@pytest.mark.parametrize("what", ["refused", "down"])
def test_who_tries_to_play_what_is_not_given_puts_nothing_into_the_lists(
    own_place: SyntheticPlace, what: str
) -> None:
    service = own_place.service
    if what == "refused":
        service.refusals["track-1"] = refusal(RefusalReason.REGION)
    else:
        service.loopback.fail(faults.status("404 Not Found"), path="/audio/track-1.mp3")
    with own_place.start("data") as server, server.client() as client:
        show(client)
        client.ask("scrobble", id=SONG, submission="false")
        [playing] = client.ask("getNowPlaying")["nowPlaying"]["entry"]
        assert playing["id"] == SONG
        assert client.error("stream", id=SONG) in (0, 70)
        assert client.ask("getSong", id=SONG)["song"]["title"] == "First Signal 1"
        see_changes(client)
        assert (listed(client), everything(client)) == ({"Second Signal"}, {OTHER})


def test_what_is_heard_is_ours_and_the_next_one_when_it_is_here(
    own_place: SyntheticPlace,
) -> None:
    with own_place.start("data") as server, server.client() as client:
        show(client)
        own_place.service.refusals["track-2"] = refusal(RefusalReason.REGION)
        assert client.get("stream", id=SONG).content == own_place.service.files["track-1"]
        asked = own_place.service.loopback.asked
        until(lambda: any("track-2" in one.target for one in asked("/resolve")))
        see_changes(client)
        assert (listed(client), everything(client)) == (
            {"First Signal", "Second Signal"},
            {SONG, OTHER},
        )
        del own_place.service.refusals["track-2"]
        assert client.get("stream", id=NEXT).content == own_place.service.files["track-2"]
        until(lambda: {SONG, NEXT} <= everything(client))
