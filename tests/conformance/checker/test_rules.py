"""The rules as a whole: against a server that does all right, and how they leave it."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import httpx
import pytest

from hydrophone.testing.model_subsonic import ModelServer, Wrong
from hydrophone.testing.model_subsonic.faults import saying
from hydrophone.testing.model_subsonic.library import ROLES
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rules import RULES
from hydrophone_subsonic.conformance.runner import Outcome, Result, check, run
from hydrophone_subsonic.conformance.spec import ENDPOINTS
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
