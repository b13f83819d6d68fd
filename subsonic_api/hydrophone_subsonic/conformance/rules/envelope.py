"""The envelope of every answer, and its formats."""

import re
from collections.abc import Callable, Mapping, Sequence

from hydrophone_subsonic.conformance.answer import Answer, Json
from hydrophone_subsonic.conformance.facts import Facts
from hydrophone_subsonic.conformance.gather import strangers_login
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import well_formed_but_unknown
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("envelope", "Envelope and formats")

_ENVELOPE = "docs:responses/subsonic-response/"
_FORMATS = "docs:api-reference/"


def _failure(probe: Probe, f: str = "json") -> Answer:
    """Provoke a failure that no server can fail to make: a login of nobody."""
    return probe.call("ping", f=f, login=strangers_login(probe.login))


_FAILING: Mapping[str, Callable[[Facts], Sequence[Json]]] = {
    "getMusicDirectory": lambda facts: facts.directories,
    "getArtist": lambda facts: facts.artists,
    "getAlbum": lambda facts: facts.albums,
    "getSong": lambda facts: facts.songs,
    "getPlaylist": lambda facts: facts.playlists,
}
"""Endpoints that fail without an id, and for one that does not exist; and things that have ids."""


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
    "A failure has HTTP status 200: of a login, of what is missing, and of what is not found",
    why="The original server does so, and apps lose the error's code with any other status",
    severity=Severity.APP,
    apps=("DSub", "Ultrasonic", "airsonic-refix"),
)
def _status_200(probe: Probe) -> None:
    for f in ("json", "xml"):
        _need_200(_failure(probe, f), "A wrong login")
    for endpoint, of in _FAILING.items():
        _need_200(probe.call(endpoint), f"{endpoint} without an id")
        if things := of(probe.facts):
            id_ = well_formed_but_unknown(things[0]["id"])
            for f in ("json", "xml"):
                answer = probe.call(endpoint, f=f, id=id_)
                _need_200(answer, f"{endpoint} of an id that does not exist")


def _need_200(answer: Answer, what: str) -> None:
    if answer.status != 200:
        raise answer.fault(f"{what}: the HTTP status is {answer.status}, not 200.")


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
    is_run = is_script and answer.content.lstrip().startswith(b"alert(")
    expect(not is_run, "The body begins with what came in `callback`.")
