"""What browsers ask before they let pages of other origins read an answer."""

from hydrophone_subsonic.conformance.gather import strangers_login
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("cors", "Browsers")

_ORIGIN = {"Origin": "https://player.example"}


@chapter.rule(
    "cors.origin",
    "Pages of any origin may read the answers",
    why="Players that run in a browser come from other origins",
    severity=Severity.APP,
    apps=("Feishin", "aonsoku", "airsonic-refix"),
)
def _cors(probe: Probe) -> None:
    for answer in (
        probe.call("ping", headers=_ORIGIN),
        probe.call("ping", headers=_ORIGIN, login=strangers_login(probe.login)),
    ):
        found = answer.headers.get("access-control-allow-origin")
        expect(found in ("*", _ORIGIN["Origin"]), f"Access-Control-Allow-Origin is {found!r}.")


@chapter.rule(
    "cors.exposed",
    "Pages of other origins may read the headers that tell of length and range",
    why="Browsers hide all headers but a few from pages",
    severity=Severity.SHOULD,
    apps=("aonsoku", "Feishin"),
)
def _exposed(probe: Probe) -> None:
    found = probe.call("ping", headers=_ORIGIN).headers.get("access-control-expose-headers", "")
    names = {name.strip().lower() for name in found.split(",")}
    is_enough = {"content-range", "content-length"} <= names or "*" in names
    expect(is_enough, f"Access-Control-Expose-Headers is {found!r}.")


@chapter.rule(
    "cors.preflight",
    "A browser's OPTIONS is answered without a login",
    why="Browsers ask so before they POST or send Range, and never send a login with it",
    severity=Severity.APP,
    apps=("Feishin", "aonsoku", "airsonic-refix"),
)
def _preflight(probe: Probe) -> None:
    asks = {
        **_ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,range",
    }
    answer = probe.call("stream", f="", method="OPTIONS", login={}, headers=asks)
    expect(answer.status in (200, 204), f"The HTTP status is {answer.status}.")
    found = answer.headers.get("access-control-allow-origin")
    expect(found in ("*", _ORIGIN["Origin"]), f"Access-Control-Allow-Origin is {found!r}.")
    allowed = answer.headers.get("access-control-allow-headers", "").lower()
    expect("*" in allowed or "range" in allowed, f"Allowed headers are {allowed!r}.")
