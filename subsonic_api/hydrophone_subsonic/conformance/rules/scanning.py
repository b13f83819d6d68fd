"""Library scanning."""

from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import check_json, declare_answers
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("scanning", "Library scanning")

declare_answers(chapter, "getScanStatus")


@chapter.rule(
    "scan.start",
    "startScan answers at once with the status; a second call does no harm",
    why="docs:endpoints/startscan/",
    apps=("DSub",),
    writes=True,
)
def _start(probe: Probe) -> None:
    for _ in range(2):
        answer = probe.call("startScan")
        probe.need_success("startScan", answer)
        check_json(probe, answer, "startScan")


@chapter.rule(
    "scan.count",
    "The status has a count",
    why="docs:responses/scanstatus/",
    apps=("DSub",),
)
def _count(probe: Probe) -> None:
    status = probe.ask("getScanStatus")["scanStatus"]
    probe.facts.song()
    expect(status.get("count", 0) > 0 or status["scanning"], f"The status is {status}.")
