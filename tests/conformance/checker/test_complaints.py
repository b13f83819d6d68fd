"""What is complained of on a server that lacks or breaks something, and in which words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.conformance.checker.misbehaviour import lacking

from hydrophone.testing.model_subsonic import ModelServer, Wrong
from hydrophone.testing.model_subsonic.faults import answering, refusing, saying
from hydrophone.testing.model_subsonic.library import Failed, Params
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rules import RULES
from hydrophone_subsonic.conformance.runner import Outcome, check

BY_ID = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize(("endpoint", "path", "value"), [
    ("getAlbum", "album.song.0.genre", ["Rock"]),
    ("getOpenSubsonicExtensions", "openSubsonicExtensions.0.versions", 1),
])  # fmt: skip
def test_an_answer_of_another_form_does_not_end_the_looking_around(
    endpoint: str, path: str, value: object, probe_of: Callable[..., Probe]
) -> None:
    server = ModelServer(Wrong(**saying(endpoint, path, value)))
    assert check(BY_ID[f"{endpoint}.json"], probe_of(server)).outcome is Outcome.FAILED


@pytest.mark.parametrize(("endpoint", "path", "value", "rule", "told"), [
    ("getAlbum", "album", {}, "song.album", "`song` is missing in it."),
    ("getAlbum", "album.song", 7, "song.album", "something in it is of another type, such as"),
    ("getArtists", "artists.index.0", {}, "folders.unknown", "a list in it is shorter than it"),
])  # fmt: skip
def test_an_answer_of_another_form_is_told_in_the_words_of_the_protocol(
    endpoint: str, path: str, value: object, rule: str, told: str, probe_of: Callable[..., Probe]
) -> None:
    probe = probe_of(ModelServer(Wrong(**saying(endpoint, path, value))))
    result = check(BY_ID[rule], probe)
    assert result.message.startswith(f"The answer has another form than it must: {told}")


@pytest.mark.parametrize("rule", ["getArtist.unknown", "getSong.missing"])
def test_a_page_with_an_error_is_no_success(rule: str, probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)
    server.wrong = Wrong(**lacking("getArtist", "getSong"))
    result = check(BY_ID[rule], probe)
    assert result.message.endswith("got HTTP status 404 without a code.")


def test_the_status_is_told_where_the_body_is_no_envelope(
    probe_of: Callable[..., Probe],
) -> None:
    server = ModelServer()
    probe = probe_of(server)
    server.wrong = Wrong(**lacking("getMusicDirectory"))
    result = check(BY_ID["directory.folder"], probe)
    assert result.message.startswith("The HTTP status is 404, and the body is no JSON: ")


def test_one_endpoint_that_fails_breaks_no_rule_on_others(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)
    server.wrong = Wrong(**lacking("getPlaylists"))
    for rule in ("numbers.natural", "dsub.ids", "dsub.starred", "ultrasonic.dates"):
        assert check(BY_ID[rule], probe).outcome is Outcome.PASSED, rule
    assert check(BY_ID["getPlaylists.json"], probe).outcome is Outcome.FAILED
    server.wrong = Wrong(before=failing)
    assert check(BY_ID["numbers.natural"], probe).outcome is Outcome.SKIPPED


def failing(_: str, __: Params) -> None:
    raise Failed(0)


def test_what_came_with_a_later_version_is_not_missing(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)
    wrong = saying("getPlaylist", "playlist.changed", ...)
    server.wrong = Wrong(**wrong)
    for version, outcome in (("1.12.0", Outcome.PASSED), ("1.13.0", Outcome.FAILED)):
        probe.facts = replace(probe.facts, version=version)
        for rule in ("getPlaylist.json", "getPlaylist.xml"):
            assert check(BY_ID[rule], probe).outcome is outcome, (rule, version)


def test_a_classic_server_need_not_have_an_order_that_open_subsonic_added(
    probe_of: Callable[..., Probe],
) -> None:
    server = ModelServer()
    probe = probe_of(server)
    server.wrong = Wrong(**refusing("getAlbumList2", 0, given="type", value="highest"))
    assert check(BY_ID["albums.types"], probe).outcome is Outcome.FAILED
    probe.facts = replace(probe.facts, open_subsonic=False)
    assert check(BY_ID["albums.types"], probe).outcome is Outcome.PASSED
    server.wrong = Wrong(**refusing("getAlbumList", 0, given="type", value="highest"))
    assert check(BY_ID["albums.types"], probe).outcome is Outcome.FAILED


def test_what_is_wrong_with_each_song_hides_nothing_else(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)

    def edit(name: str, _: Params, envelope: dict[str, Any]) -> None:
        if name == "getAlbumList2":
            (one,) = envelope["albumList2"]["album"][:1]
            envelope["albumList2"]["album"] = [{**one, "created": ""} for _ in range(9)]
            envelope["albumList2"]["album"][8]["songCount"] = "many"

    server.wrong = Wrong(edit=edit)
    message = check(BY_ID["getAlbumList2.json"], probe).message
    assert message.count(".created`") == 1
    assert "album[8].songCount` must be an integer" in message


def test_a_wrong_duration_is_shown_in_its_own_answer(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)
    first, second = (str(one["id"]) for one in probe.facts.albums[:2])

    def edit(name: str, params: Params, envelope: dict[str, Any]) -> None:
        if name == "getAlbum" and params["id"] == [first]:
            envelope["album"]["duration"] = 9999

    server.wrong = Wrong(edit=edit)
    result = check(BY_ID["numbers.album-duration"], probe)
    assert first in result.message
    assert f"id={first}" in result.asked
    assert f"id={second}" not in result.asked


def test_no_playlist_and_no_roles_are_called_so(probe_of: Callable[..., Probe]) -> None:
    probe = probe_of(ModelServer())
    probe.facts = replace(probe.facts, playlists=(), roles=None)
    result = check(BY_ID["numbers.playlist-duration"], probe)
    assert result.message == "The library has no playlist."
    assert check(BY_ID["stream.missing"], probe).message == "The roles of the user are not known."


def test_what_was_asked_can_be_asked_again(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)
    server.wrong = Wrong(**answering("getCoverArt", status=200, headers={"etag": '"1"'}))
    assert '\nIf-None-Match: "1"' in check(BY_ID["cover.caching"], probe).asked


def test_what_a_server_lacks_is_skipped(probe_of: Callable[..., Probe]) -> None:
    """By code 0 or by HTTP 404, where it need not have it; else it is a failure."""
    server = ModelServer()
    probe = probe_of(server)

    def after(
        _: httpx.Request, name: str, __: dict[str, list[str]], response: httpx.Response
    ) -> httpx.Response:
        return httpx.Response(404, text="No.") if name in ("getShares", "getSong") else response

    server.wrong = Wrong(after=after)
    assert check(BY_ID["getShares.json"], probe).outcome is Outcome.SKIPPED
    assert check(BY_ID["getSong.json"], probe).outcome is Outcome.FAILED
