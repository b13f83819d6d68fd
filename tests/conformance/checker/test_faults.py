"""Each rule finds the fault that it is for: a table of faults, one at least for every rule."""

import json
from collections.abc import Callable

import pytest
from tests.conformance.checker.fault_table import FAULTS, LYRICS
from tests.conformance.checker.misbehaviour import (
    bad_request,
    empty_of_xml,
    not_found,
    without_length,
)

from hydrophone.testing.model_subsonic import ModelServer, Wrong
from hydrophone.testing.model_subsonic.faults import (
    Fault,
    answering,
    doing,
    refusing,
    saying,
    with_code,
)
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Rule
from hydrophone_subsonic.conformance.rules import RULES
from hydrophone_subsonic.conformance.runner import Outcome, check

FIRST_CUE, CUE = (f"{LYRICS}.cueLine.0.cue.{number}" for number in (0, 1))
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


SWAPPED = [{"id": "v2", "role": "main"}, {"id": "v1", "role": "bg"}]
MORE: list[tuple[str, str, Fault]] = [
    ("report.playing", "speed", saying("getNowPlaying", "nowPlaying.entry.0.playbackRate", ...)),
    ("report.playing", "far", saying("getNowPlaying", "nowPlaying.entry.0.positionMs", 9000)),
    ("report.paused", "state", saying("getNowPlaying", "nowPlaying.entry.0.state", "playing")),
    ("cover.picture", "another-type", answering("getCoverArt", kind="image/gif")),
    (
        "cover.caching",
        "no-cache",
        answering(
            "getCoverArt",
            headers={"etag": None, "last-modified": None, "cache-control": "no-cache"},
        ),
    ),
    (
        "cover.caching",
        "not-honoured",
        answering(
            "getCoverArt",
            headers={
                "etag": None,
                "last-modified": "Sun, 01 Nov 2026 00:00:00 GMT",
                "cache-control": None,
            },
        ),
    ),
    (
        "dsub.starred",
        "not-listed",
        saying("getAlbumList2", "albumList2.album.0.starred", "1970-01-01T00:00:00.000Z"),
    ),
    (
        "dsub.starred",
        "song-not-listed",
        saying("getAlbum", "album.song.0.starred", "1970-01-01T00:00:00.000Z"),
    ),
    ("avatar.picture", "another-type", answering("getAvatar", kind="image/jpeg")),
    ("cover.picture", "leads-nowhere", refusing("getCoverArt", 70, given="id", value="co-2")),
    ("captions.format", "garbage", answering("getCaptions", content=(b"", b"garbage"))),
    ("captions.format", "html", answering("getCaptions", kind="text/html")),
    ("hls.durations", "no-target", answering("hls.m3u8", content=(b"TARGET", b"X-"))),
    ("envelope.status-200", "not-found", {"after": not_found}),
    ("envelope.status-200", "missing", {"after": bad_request}),
    ("download.file", "longer", answering("download", content=(b"\x01\x02", b"\x01\x02\0"))),
    ("stream.whole", "no-length", {"after": without_length}),
    ("lyrics.agents", "none", saying("getLyricsBySongId", f"{LYRICS}.agents", ...)),
    ("lyrics.agents", "no-main", saying("getLyricsBySongId", f"{LYRICS}.agents.0.role", "bg")),
    ("lyrics.agents", "late", saying("getLyricsBySongId", f"{LYRICS}.agents", SWAPPED)),
    ("lyrics.cue-bytes", "far", saying("getLyricsBySongId", f"{CUE}.byteEnd", 6)),
    ("lyrics.cue-bytes", "half", saying("getLyricsBySongId", f"{FIRST_CUE}.byteEnd", 1)),
    ("lyrics.cue-times", "back", saying("getLyricsBySongId", f"{FIRST_CUE}.start", 600)),
    ("lyrics.cue-times", "negative", saying("getLyricsBySongId", f"{FIRST_CUE}.start", -1)),
    ("lyrics.enhanced", "other", saying("getLyricsBySongId", f"{LYRICS}.kind", "translation")),
    ("lyrics.plain", "cues", doing("getLyricsBySongId", lambda p: p.update(enhanced=["true"]))),
]


@pytest.mark.parametrize(("rule", "fault"), [
    pytest.param(rule, fault, id=f"{rule}-{name}") for rule, name, fault in MORE
])  # fmt: skip
def test_the_rule_finds_this_too(rule: str, fault: Fault, probe_of: Callable[..., Probe]) -> None:
    server = ModelServer()
    probe = probe_of(server)
    server.wrong = Wrong(**fault)
    result = check(BY_ID[rule], probe)
    assert server.accidents == []
    assert result.outcome is Outcome.FAILED, result.message


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
