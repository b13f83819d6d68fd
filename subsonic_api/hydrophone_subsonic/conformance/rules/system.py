"""System: envelope, formats, unknown methods and parameters, extensions, CORS."""

import re
from urllib.parse import urlencode

from hydrophone_subsonic.conformance.answer import Answer, Json
from hydrophone_subsonic.conformance.calls import CALLS
from hydrophone_subsonic.conformance.gather import strangers_login
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_answers
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("system", "System")

declare_answers(chapter, "ping", "getLicense", "getOpenSubsonicExtensions", "tokenInfo")

_ENVELOPE = "docs:responses/subsonic-response/"
_FORMATS = "docs:api-reference/"
_ORIGIN = {"Origin": "https://player.example"}


def _failure(probe: Probe, f: str = "json") -> Answer:
    """Provoke a failure that no server can fail to make: a login of nobody."""
    return probe.call("ping", f=f, login=strangers_login(probe.login))


@chapter.rule("envelope.version", "The version has three numbers", why=_ENVELOPE)
def _version(probe: Probe) -> None:
    found = probe.ask("ping").get("version")
    expect(re.fullmatch(r"1\.\d+\.\d+", str(found)), f"`version` is {found!r}.")


@chapter.rule(
    "envelope.open-subsonic",
    "An OpenSubsonic server says so, with its name and version",
    why=_ENVELOPE,
    apps=("Feishin", "aonsoku", "Symfonium"),
)
def _open_subsonic(probe: Probe) -> None:
    envelope = probe.ask("ping")
    if not {"type", "serverVersion", "openSubsonic"} & set(envelope):
        raise Skipped("The server is a classic one.")
    expect(envelope.get("openSubsonic") is True, "`openSubsonic` is not true.")
    for name in ("type", "serverVersion"):
        value = envelope.get(name)
        expect(isinstance(value, str) and value, f"`{name}` is {value!r}, not a text.")


@chapter.rule(
    "envelope.failure",
    "A failure has the whole envelope, with a code and a sentence",
    why=_ENVELOPE,
    apps=("aonsoku",),
)
def _whole_failure(probe: Probe) -> None:
    success, answer = probe.ask("ping"), _failure(probe)
    expect(answer.code() is not None, "A login of nobody succeeds.")
    envelope = answer.envelope()
    expect(isinstance(envelope["error"].get("message"), str), "`error.message` is no text.")
    for name in ("version", "type", "serverVersion", "openSubsonic"):
        expect(envelope.get(name) == success.get(name), f"`{name}` is not as in a success.")


@chapter.rule(
    "envelope.status-200",
    "A failure has HTTP status 200",
    why="The original server does so, and apps lose the error's code with any other status",
    severity=Severity.APP,
    apps=("DSub", "Ultrasonic", "airsonic-refix"),
)
def _status_200(probe: Probe) -> None:
    for f in ("json", "xml"):
        answer = _failure(probe, f)
        expect(answer.status == 200, f"The HTTP status is {answer.status}, not 200.")


@chapter.rule("envelope.alone", "JSON has nothing beside `subsonic-response`", why=_ENVELOPE)
def _alone(probe: Probe) -> None:
    found = list(probe.call("ping").document())
    expect(found == ["subsonic-response"], f"The document has the keys {found}.")


@chapter.rule("envelope.no-error", "A success has no `error`", why=_ENVELOPE)
def _no_error(probe: Probe) -> None:
    expect("error" not in probe.ask("ping"), "A success has an `error`.")
    root = probe.call("ping", f="xml").root()
    expect(len(root) == 0, "A successful ping has children in XML.")


@chapter.rule("format.default", "Without `f`, the answer is XML", why=_FORMATS)
def _default(probe: Probe) -> None:
    probe.call("ping", f="").root()


@chapter.rule(
    "format.xml-type", "XML is sent as text/xml or application/xml", why=_FORMATS, apps=("DSub",)
)
def _xml_type(probe: Probe) -> None:
    found = probe.call("ping", f="xml").content_type
    expect(found in ("text/xml", "application/xml"), f"The Content-Type is {found!r}.")


@chapter.rule("format.json-type", "JSON is sent as application/json", why=_FORMATS)
def _json_type(probe: Probe) -> None:
    found = probe.call("ping").content_type
    expect(found == "application/json", f"The Content-Type is {found!r}.")


@chapter.rule("format.jsonp", "JSONP calls the function with what JSON says", why=_FORMATS)
def _jsonp(probe: Probe) -> None:
    answer = probe.call("ping", f="jsonp", callback="receive")
    text = answer.content.decode().strip().removesuffix(";")
    expect(text.startswith("receive(") and text.endswith(")"), "It is no call of `receive`.")
    expect("javascript" in answer.content_type, f"The type is {answer.content_type!r}.")
    expect('"subsonic-response"' in text, "The argument is no envelope.")


@chapter.rule(
    "format.jsonp-code",
    "JSONP runs nothing that came in `callback`",
    why="A link could run anything in a page of the server's origin",
    severity=Severity.SHOULD,
)
def _jsonp_code(probe: Probe) -> None:
    answer = probe.call("ping", f="jsonp", callback="alert(document.cookie);x")
    is_script = "javascript" in answer.content_type or "html" in answer.content_type
    expect(not (is_script and answer.content.lstrip().startswith(b"alert(")), "It is a call of it.")


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
