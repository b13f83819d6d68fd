"""System: unknown methods and parameters, the licence, extensions."""

from urllib.parse import urlencode

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.calls import CALLS
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_answers
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("system", "System")

declare_answers(chapter, "ping", "getLicense", "getOpenSubsonicExtensions", "tokenInfo")


@chapter.rule(
    "method.unknown",
    "An unknown method is a failure in an envelope, with HTTP status 200",
    why="The original server does so; DSub throws on 4xx, and repeats on 5xx five times",
    severity=Severity.APP,
    apps=("DSub", "Ultrasonic"),
)
def _unknown_method(probe: Probe) -> None:
    answer = probe.call("noSuchMethod")
    expect(answer.status == 200, f"The HTTP status is {answer.status}.")
    expect(answer.code() in (0, 30, 70), f"The code is {answer.code()}.")


@chapter.rule(
    "parameters.unknown",
    "Unknown parameters are ignored",
    why="Apps send parameters of other versions and of extensions",
    severity=Severity.SHOULD,
    apps=("DSub", "aonsoku"),
)
def _unknown_parameters(probe: Probe) -> None:
    probe.ask("ping", hls=True, noSuchParameter="1")
    probe.ask("getArtists", noSuchParameter="1")


@chapter.rule(
    "parameters.repeated",
    "A parameter that is given twice breaks nothing",
    why="Apps repeat `f` and `c` when they build addresses out of parts",
    severity=Severity.SHOULD,
)
def _repeated(probe: Probe) -> None:
    usual = urlencode(probe.usual())
    answer = probe.send("GET", f"/rest/ping.view?{usual}&f=json&f=json&c=again", headers={})
    expect(answer.status == 200 and answer.code() is None, "It fails.")


@chapter.rule(
    "license.valid",
    "The licence is valid",
    why="docs:endpoints/getlicense/",
    severity=Severity.APP,
    apps=("DSub", "Ultrasonic"),
)
def _license(probe: Probe) -> None:
    expect(probe.ask("getLicense")["license"]["valid"] is True, "`valid` is not true.")


@chapter.rule(
    "extensions.public",
    "Extensions are told without a login",
    why="docs:endpoints/getopensubsonicextensions/",
    apps=("airsonic-refix",),
)
def _extensions_public(probe: Probe) -> None:
    probe.need_open_subsonic()
    answer = probe.call("getOpenSubsonicExtensions", login={})
    expect(answer.code() is None, "It fails without a login.")


@chapter.rule(
    "extensions.unique",
    "Each extension is listed once, with versions",
    why="docs:endpoints/getopensubsonicextensions/",
)
def _extensions_unique(probe: Probe) -> None:
    probe.need_open_subsonic()
    listed: list[Json] = probe.ask("getOpenSubsonicExtensions")["openSubsonicExtensions"]
    names = [one["name"] for one in listed]
    expect(len(names) == len(set(names)), f"Some are listed twice: {sorted(names)}.")
    expect(all(one["versions"] for one in listed), "One has no versions.")
    expect("template" not in names, "`template` is a pattern for documents, and no extension.")


@chapter.rule(
    "extensions.kept",
    "What an advertised extension adds is there",
    why="docs:extensions/",
)
def _extensions_kept(probe: Probe) -> None:
    probe.need_open_subsonic()
    promised = [
        one
        for one in ENDPOINTS.values()
        if one.extension in probe.facts.extensions and one.name in CALLS and one.name != "tokenInfo"
    ]
    if not promised:
        raise Skipped("No advertised extension adds an endpoint that only reads.")
    for endpoint in promised:
        answer = probe.call(endpoint.name, CALLS[endpoint.name](probe.facts))
        expect(answer.status == 200, f"{endpoint.name} answers with status {answer.status}.")
        expect(answer.code() is None, f"{endpoint.name} fails with code {answer.code()}.")
