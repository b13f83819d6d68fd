"""The extension `playbackReport`: what is heard now, and that a play counts once."""

import time

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_refusals
from hydrophone_subsonic.conformance.rules.made import somebody_else
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("reporting", "Playback reports")

declare_refusals(chapter, "reportPlayback", writes=True)

_PAGE = "docs:endpoints/reportplayback/"
_ENTRY = "docs:responses/nowplayingentry/"
_POSITION = 700
_RATE = 1.25
_SLACK = 1000
"""Milliseconds, for a server that counts in seconds."""


def _listener(probe: Probe) -> Probe:
    probe.need_extension("playbackReport")
    return somebody_else(probe)


def _report(listener: Probe, state: str, position: int, **more: Value) -> str:
    """Report on the shortest song; return its id."""
    id_ = str(listener.facts.short_song()["id"])
    asked: dict[str, Value] = {"mediaId": id_, "mediaType": "song", "positionMs": position}
    listener.ask("reportPlayback", {**asked, **more}, state=state)
    return id_


def _playing(probe: Probe, listener: Probe) -> list[Json]:
    """Return what getNowPlaying has of the listener."""
    entries: list[Json] = probe.ask("getNowPlaying")["nowPlaying"].get("entry", [])
    return [one for one in entries if one["username"] == listener.login.user]


def _only(probe: Probe, listener: Probe, id_: str) -> Json:
    mine = _playing(probe, listener)
    expect([one["id"] for one in mine] == [id_], "getNowPlaying does not show it.")
    return mine[0]


@chapter.rule(
    "report.playing",
    "reportPlayback shows what is heard now, with state, position and speed",
    why=_ENTRY,
    writes=True,
)
def _is_playing(probe: Probe) -> None:
    listener = _listener(probe)
    started = time.monotonic()
    id_ = _report(listener, "playing", _POSITION, playbackRate=_RATE)
    entry = _only(probe, listener, id_)
    latest = _POSITION + _SLACK + 1000 * _RATE * (time.monotonic() - started)
    expect(entry.get("state") == "playing", f"`state` is {entry.get('state')!r}.")
    found = entry.get("positionMs", -1)
    expect(_POSITION <= found <= latest,
           f"`positionMs` was reported as {_POSITION}, and is {entry.get('positionMs')!r}"
           " a moment later.")  # fmt: skip
    rate = entry.get("playbackRate", 0)
    expect(abs(rate - _RATE) < 0.01, f"`playbackRate` is {rate!r}, not {_RATE}.")


@chapter.rule(
    "report.paused", "What is paused stays at its position", why=_ENTRY, writes=True
)  # fmt: skip
def _paused(probe: Probe) -> None:
    listener = _listener(probe)
    _report(listener, "playing", 0)
    id_ = _report(listener, "paused", _POSITION)
    for _ in range(2):
        entry = _only(probe, listener, id_)
        found = entry.get("state"), entry.get("positionMs")
        expect(found == ("paused", _POSITION), f"`state` and `positionMs` are {found}.")


@chapter.rule(
    "report.stopped", "What has stopped is shown as stopped, or no longer", why=_PAGE, writes=True
)
def _stopped(probe: Probe) -> None:
    listener = _listener(probe)
    _report(listener, "playing", 0)
    _report(listener, "stopped", _POSITION)
    found = [one.get("state") for one in _playing(probe, listener)]
    expect(set(found) <= {"stopped"}, f"`state` is {found[:1]}.")


@chapter.rule(
    "report.once",
    "A play that is reported to its end and told by scrobble, too, counts once",
    why="Apps that report tell by scrobble as well, for servers that take no reports for plays",
    severity=Severity.SHOULD,
    writes=True,
)
def _once(probe: Probe) -> None:
    listener = _listener(probe)
    began = int(time.time() * 1000)
    id_ = _play_through(listener)
    listener.ask("scrobble", id=id_, time=began)
    found = _plays(listener, id_)
    expect(found == 1, f"`playCount` is {found}, not 1.")


@chapter.rule(
    "report.ignored", "A report with `ignoreScrobble` counts no play", why=_PAGE, writes=True
)
def _ignored(probe: Probe) -> None:
    listener = _listener(probe)
    found = _plays(listener, _play_through(listener, ignoreScrobble=True))
    expect(not found, f"`playCount` is {found}.")


def _play_through(listener: Probe, **more: Value) -> str:
    """Report a song from its beginning to its end, though in no time; return its id."""
    end = int(listener.facts.short_song()["duration"]) * 1000
    _report(listener, "starting", 0, **more)
    _report(listener, "playing", end // 2, **more)
    return _report(listener, "stopped", end, **more)


def _plays(listener: Probe, id_: str) -> int:
    return int(listener.ask("getSong", id=id_)["song"].get("playCount", 0))
