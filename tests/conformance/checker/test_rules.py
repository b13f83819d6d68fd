"""The rules as a whole: against a server that does all right, and how they leave it."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.conformance.checker.misbehaviour import cutting_tracks, lacking

from hydrophone.testing.model_subsonic import ModelServer, Wrong
from hydrophone.testing.model_subsonic.faults import (
    Fault,
    remembering_nothing,
    saying,
)
from hydrophone.testing.model_subsonic.library import ROLES, Params
from hydrophone_subsonic.conformance.facts import Facts
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rules import RULES
from hydrophone_subsonic.conformance.runner import Outcome, Result, check, run
from hydrophone_subsonic.conformance.sampling import whole_files
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.undo import Undo
from hydrophone_subsonic.conformance.verdict import Stopped

BY_ID = {rule.id: rule for rule in RULES}
FOR_KEYS = {"tokenInfo.json", "tokenInfo.xml", "tokenInfo.same", "tokenInfo.ways", "login.api-key"}
FLEETING = {"counter", "asked", "accidents", "user", "body", "wrong", "plays", "playing", "ratings"}
"""What changes by itself; plays and ratings of users who are gone, and ratings of 0."""


def state(server: ModelServer) -> dict[str, Any]:
    kept = {name: value for name, value in vars(server).items() if name not in FLEETING}
    kept["plays"] = {play for play in server.plays if play[0] in server.users}
    kept["ratings"] = {key: value for key, value in server.ratings.items() if value}
    kept["queues"] = {user: queue for user, queue in server.queues.items() if queue}
    return deepcopy(kept)


def nothing(_: Result) -> None: ...


def test_genres_without_songs_silence_no_rule(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer(Wrong(**saying("getGenres", "genres.genre.0.songCount", 0)))
    results = list(run(RULES, probe_of(server), nothing))
    assert {r.rule.id for r in results if r.outcome is Outcome.FAILED} == {"numbers.genres"}
    assert {r.rule.id for r in results if r.outcome is Outcome.SKIPPED} == FOR_KEYS


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(RULES)


def test_each_rule_says_what_is_right_and_why() -> None:
    for rule in RULES:
        assert rule.title
        assert not rule.title.endswith(".")
        assert rule.why
        assert "docs:" not in rule.why


def test_a_right_server_passes_and_is_left_as_it_was(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)
    before = state(server)
    results = list(run(RULES, probe, nothing))
    assert [r for r in results if r.outcome is Outcome.FAILED or r.left] == []
    assert {r.rule.id for r in results if r.outcome is Outcome.SKIPPED} == FOR_KEYS
    assert server.asked >= set(ENDPOINTS)
    assert len(ENDPOINTS) == 87
    assert state(server) == before
    assert server.accidents == []


def test_tracks_that_are_cut_out_of_a_file_are_no_fault(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer(Wrong(after=cutting_tracks))
    results = list(run(RULES, probe_of(server), nothing))
    assert [(r.rule.id, r.message) for r in results if r.outcome is Outcome.FAILED] == []
    assert {r.rule.id for r in results if r.outcome is Outcome.SKIPPED} == FOR_KEYS


def test_a_library_of_nothing_but_cut_tracks_says_so(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer(Wrong(after=cutting_tracks))
    server.songs = {id_: song for id_, song in server.songs.items() if id_ in ("so-1x", "so-2x")}
    probe = probe_of(server)
    probe.facts = replace(probe.facts, files=whole_files(probe, list(server.songs.values())))
    result = check(BY_ID["stream.range-end"], probe)
    assert result.outcome is Outcome.SKIPPED
    assert "sent as a file" in result.message


def test_what_a_rule_needs_may_be_far_from_the_first_albums(
    probe_of: Callable[..., Probe],
) -> None:
    """Only the last of the songs has a picture."""
    server = ModelServer()
    for id_, song in server.songs.items():
        if id_ != "so-6x":
            del song["coverArt"]
    probe = probe_of(server)
    assert check(BY_ID["cover.ids"], probe).outcome is Outcome.PASSED
    del server.songs["so-6x"]["coverArt"]
    probe = probe_of(server)
    result = check(BY_ID["cover.ids"], probe)
    assert result.outcome is Outcome.SKIPPED
    assert result.message == "None of the 6 songs looked at has a `coverArt`."


def test_an_api_key_is_enough(probe_of: Callable[..., Probe]) -> None:
    results = list(run(RULES, probe_of(ModelServer(), key=True), nothing))
    assert [r for r in results if r.outcome is Outcome.FAILED] == []
    assert {r.rule.id for r in results if r.outcome is Outcome.PASSED} >= FOR_KEYS


def test_a_right_server_passes_also_for_a_user_who_may_not_stream(
    probe_of: Callable[..., Probe],
) -> None:
    server = ModelServer()
    server.users["guest"] = dict.fromkeys(ROLES, False)
    server.passwords["guest"] = "sesame-street"
    probe = probe_of(server, user="guest", may_write=False)
    results = list(run(RULES, probe, nothing))
    assert [(r.rule.id, r.message) for r in results if r.outcome is Outcome.FAILED] == []


def test_without_leave_nothing_is_written(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server, may_write=False)
    server.asked.clear()
    before = state(server)
    results = list(run(RULES, probe, nothing))
    assert {r.rule.id for r in results if r.message == "Needs --write."} == {
        rule.id for rule in RULES if rule.writes
    }
    reading = ("get", "search", "find", "ping", "stream", "download", "hls", "tokenInfo", "no")
    assert {name for name in server.asked if not name.startswith(reading)} == {"jukeboxControl"}
    assert state(server) == before


def test_no_rule_asks_too_much(probe_of: Callable[..., Probe]) -> None:
    probe = probe_of(ModelServer())
    for rule in RULES:
        start = probe.trace.requests
        check(rule, probe)
        assert probe.trace.requests - start <= 60, rule.id


WRITING = [
    ("playlist.order", "createPlaylist"), ("playlist.create", "createPlaylist"),
    ("star.song", "star"), ("star.several", "star"), ("rating.set", "setRating"),
    ("bookmark.create", "createBookmark"), ("queue.save", "savePlayQueue"),
    ("queue.index", "savePlayQueueByIndex"), ("share.create", "createShare"),
    ("radio.create", "createInternetRadioStation"), ("user.create", "createUser"),
    ("scrobble.counts", "createUser"), ("scrobble.counts", "scrobble"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "endpoint"), WRITING)
def test_ctrl_c_after_a_change_still_takes_it_back(
    rule: str, endpoint: str, probe_of: Callable[..., Probe]
) -> None:
    """Also when the answer, with the id of what was made, never arrives."""
    server = ModelServer()
    probe = probe_of(server)
    probe.ask("savePlayQueue", id=["so-3x"], current="so-3x", position=7)
    probe.ask("setRating", id="so-1x", rating=5)
    before = state(server)
    changed: list[dict[str, Any]] = []

    def interrupt(
        _: httpx.Request, name: str, __: dict[str, list[str]], response: httpx.Response
    ) -> httpx.Response:
        if name == endpoint and not changed:
            changed.append(state(server))
            raise KeyboardInterrupt
        return response

    server.wrong = Wrong(after=interrupt)
    with pytest.raises(Stopped, match="Interrupted") as stopped:
        check(BY_ID[rule], probe)
    assert stopped.value.left == []
    assert changed[0] != before
    assert state(server) == before


def test_what_cannot_be_put_back_is_said(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)

    server.wrong = Wrong(before=lambda name, _: failing_at(name))
    result = check(BY_ID["playlist.order"], probe)
    assert "the playlist 'conformance-" in result.left[0]


@pytest.mark.parametrize(
    ("rule", "endpoint", "what"),
    [
        ("playlist.order", "deletePlaylist", "the playlist 'conformance-"),
        ("playlist.create", "deletePlaylist", "the playlist 'conformance-"),
        ("star.several", "unstar", "the star of song"),
        ("star.folder", "unstar", "the star of di-1x"),
        ("bookmark.create", "deleteBookmark", "the bookmark of so-1x"),
        ("share.create", "deleteShare", "the share 'conformance-"),
        ("radio.create", "deleteInternetRadioStation", "the radio station 'conformance-"),
        ("user.create", "deleteUser", "the user 'conformance-"),
    ],
)
def test_what_only_seems_to_be_put_back_is_said(
    rule: str, endpoint: str, what: str, probe_of: Callable[..., Probe]
) -> None:
    server = ModelServer()
    probe = probe_of(server)
    server.wrong = Wrong(**remembering_nothing(endpoint))
    result = check(BY_ID[rule], probe)
    assert what in " ".join(result.left)
    assert "did not" in result.left[0]


def test_a_rating_that_cannot_be_taken_away_is_said(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)
    server.wrong = Wrong(**refusing_rating_0())
    result = check(BY_ID["rating.set"], probe)
    assert "the rating of so-1x" in result.left[0]


def refusing_rating_0() -> Fault:
    """Say ok to a rating of 0, and do nothing."""

    def before(name: str, params: Params) -> None:
        if name == "setRating" and params["rating"] == ["0"]:
            params["rating"] = ["2"]

    return {"before": before}


@pytest.mark.parametrize("rule", ["star.song", "star.folder", "rating.set"])
def test_what_was_never_changed_is_not_called_left(
    rule: str, probe_of: Callable[..., Probe]
) -> None:
    server = ModelServer()
    probe = probe_of(server)
    server.wrong = Wrong(**lacking("star", "unstar", "setRating"))
    result = check(BY_ID[rule], probe)
    assert result.outcome is Outcome.FAILED
    assert result.left == ()


def test_a_server_of_one_user_is_not_said_to_have_kept_another(
    probe_of: Callable[..., Probe],
) -> None:
    server = ModelServer()
    probe = probe_of(server)
    server.wrong = Wrong(**lacking("createUser", "deleteUser"))
    server.wrong.before = answering_as_admin
    result = check(BY_ID["user.create"], probe)
    assert result.message == "The server does not have createUser."
    assert result.left == ()


def answering_as_admin(name: str, params: Params) -> None:
    """Tell of the one user there is, whoever is asked for."""
    if name == "getUser":
        params["username"] = ["admin"]


def test_an_answer_of_another_form_does_not_end_the_putting_back() -> None:
    def stumble() -> None:
        raise AttributeError("'str' object has no attribute 'get'")

    undo = Undo()
    undo.later("the first", stumble, still=lambda: True)
    undo.later("the second", lambda: None, still=stumble)
    assert [what.partition(":")[0] for what in undo.run()] == ["the second", "the first"]


def failing_at(name: str) -> None:
    if name == "deletePlaylist":
        raise httpx.ReadTimeout("The server sleeps.")


def test_a_server_that_is_gone_ends_the_run(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)

    def refuse(name: str, _: object) -> None:
        raise httpx.ConnectError(f"{name}: refused")

    server.wrong = Wrong(before=refuse)
    with pytest.raises(Stopped, match="Nobody answers"):
        list(run(RULES, probe, nothing))


def test_what_is_left_after_ctrl_c_is_said(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)

    def before(name: str, _: object) -> None:
        failing_at(name)
        if name == "getPlaylist":
            raise KeyboardInterrupt

    server.wrong = Wrong(before=before)
    with pytest.raises(Stopped) as stopped:
        check(BY_ID["playlist.order"], probe)
    assert "the playlist 'conformance-" in stopped.value.left[0]


def test_a_server_that_hangs_fails_the_rule(probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)

    def hang(*_: object) -> None:
        raise httpx.ReadTimeout("")

    server.wrong = Wrong(before=hang)
    result = check(BY_ID["ping.json"], probe)
    assert result.outcome is Outcome.FAILED
    assert "ReadTimeout" in result.message


def test_a_list_that_lasts_is_chosen_before_one_that_is_made_anew() -> None:
    smart, lasting = {"id": "1", "validUntil": "2026-01-01T00:00:00Z"}, {"id": "2"}
    assert Facts(playlists=(smart, lasting)).playlist() == lasting
    assert Facts(playlists=(smart,)).playlist() == smart
