"""The jukebox: read only, for nobody wants it to begin to play."""

from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_answers, declare_refusals
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("jukebox", "Jukebox")

declare_answers(chapter, "jukeboxControl")
declare_refusals(chapter, "jukeboxControl")

_PAGE = "docs:endpoints/jukeboxcontrol/"


@chapter.rule("jukebox.playlist", "The action `get` answers with `jukeboxPlaylist`", why=_PAGE)
def _playlist(probe: Probe) -> None:
    probe.facts.need_role("jukeboxRole")
    found = probe.ask("jukeboxControl", action="get")
    expect("jukeboxPlaylist" in found, f"It answers with {sorted(found)}.")


@chapter.rule(
    "jukebox.gain",
    "The status has `gain` and `position`",
    why="DSub reads them without looking",
    severity=Severity.APP,
    apps=("DSub",),
)
def _gain(probe: Probe) -> None:
    probe.facts.need_role("jukeboxRole")
    status = probe.ask("jukeboxControl", action="status")["jukeboxStatus"]
    for name in ("gain", "position", "currentIndex"):
        expect(name in status, f"`{name}` is missing.")


@chapter.rule("jukebox.unknown", "An unknown action is a failure", why=_PAGE)
def _unknown(probe: Probe) -> None:
    probe.facts.need_role("jukeboxRole")
    probe.ask("jukeboxControl", action="status")
    code = probe.call("jukeboxControl", action="conformance").code()
    expect(code is not None, "It succeeds.")
