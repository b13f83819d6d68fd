"""The rules that each endpoint has: its answer in JSON and XML, and the ways to ask for it.

They are declared for a chapter's endpoints by one call, so that none is forgotten.
"""

import re
from collections.abc import Iterable

from hydrophone_subsonic.conformance.answer import Answer, Json
from hydrophone_subsonic.conformance.calls import CALLS, UNSTEADY
from hydrophone_subsonic.conformance.corrections import SINCE
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.schema import faults as json_faults
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.verdict import Skipped
from hydrophone_subsonic.conformance.xml_json import differences
from hydrophone_subsonic.conformance.xml_schema import faults as xml_faults

_MOST_FAULTS = 5
_TURNED = str.maketrans(
    "0123456789abcdefghijklmnopqrstuvwxyz", "9876543210fedcbazyxwvutsrqponmlkjihg"
)


def declare_answers(chapter: Chapter, *endpoints: str) -> None:
    """Declare the rules on answers of endpoints that only read."""
    for endpoint in endpoints:
        _declare_json(chapter, endpoint)
        _declare_xml(chapter, endpoint)
        _declare_same(chapter, endpoint)
        _declare_ways(chapter, endpoint)


def declare_refusals(
    chapter: Chapter, *endpoints: str, unknown: bool = False, writes: bool = False
) -> None:
    """Declare that required parameters are missed (10), and unknown ids are not found (70).

    A faulty server could do something instead: `writes` lets it only if it may be written to.
    """
    for endpoint in endpoints:
        _declare_missing(chapter, endpoint, writes=writes)
        if unknown:
            _declare_unknown(chapter, endpoint, writes=writes)


def check_json(probe: Probe, answer: Answer, endpoint: str) -> Json:
    """Raise `Fault` unless an answer is valid JSON of this endpoint; return the envelope."""
    is_classic, version = not probe.facts.open_subsonic, probe.facts.numbers
    envelope = answer.envelope()
    if answer.status != 200:
        raise answer.fault(f"The HTTP status is {answer.status}, not 200.")
    schema = ENDPOINTS[endpoint].answer
    found = json_faults(envelope, schema, "subsonic-response", is_classic=is_classic)
    if few := _due(found, version):
        raise answer.fault("; ".join(few))
    return envelope


def _due(found: Iterable[str], version: tuple[int, ...]) -> list[str]:
    """Return some faults, without those of names that came after a server's version."""
    later = [f".{name}` is missing" for name, since in SINCE.items() if version < since]
    return _few(one for one in found if not any(name in _place(one) for name in later))


def _few(found: Iterable[str]) -> list[str]:
    """Return the first fault of each kind: what is wrong with a song mostly is so with all."""
    kinds: dict[str, str] = {}
    for one in found:
        kinds.setdefault("`".join(_place(one).split("`")[:2]), one)
        if len(kinds) == _MOST_FAULTS:
            break
    return list(kinds.values())


def _place(fault: str) -> str:
    """Write the place in a fault without numbers, and of XML as of JSON."""
    before, _, rest = fault.partition("`")
    place, _, after = rest.partition("`")
    bare = re.sub(r"[/@]", ".", re.sub(r"\[\d+\]", "", place))
    return f"{before}`{bare}`{after}"


def _ask(probe: Probe, endpoint: str, f: str) -> Answer:
    known = ENDPOINTS[endpoint]
    if known.extension:
        probe.need_extension(known.extension)
    if known.is_new:
        probe.need_open_subsonic()
    if endpoint == "tokenInfo" and not probe.login.api_key:
        raise Skipped("Needs a login by API key.")
    if endpoint == "getUser" and not probe.facts.user:
        raise Skipped("The name of the user is not known.")
    answer = probe.call(endpoint, CALLS[endpoint](probe.facts), f=f)
    probe.need_success(endpoint, answer)
    return answer


def _page(endpoint: str) -> str:
    return f"docs:endpoints/{endpoint.lower()}/"


def _declare_json(chapter: Chapter, endpoint: str) -> None:
    @chapter.rule(
        f"{endpoint}.json",
        f"{endpoint} answers in JSON as OpenSubsonic's OpenAPI has it",
        why=_page(endpoint),
    )
    def check(probe: Probe) -> None:
        check_json(probe, _ask(probe, endpoint, "json"), endpoint)


def _declare_xml(chapter: Chapter, endpoint: str) -> None:
    @chapter.rule(
        f"{endpoint}.xml",
        f"{endpoint} answers in XML as Subsonic's XSD has it",
        why="The XSD of 1.16.1, published at subsonic.org, and what OpenSubsonic adds to it",
    )
    def check(probe: Probe) -> None:
        answer = _ask(probe, endpoint, "xml")
        if few := _due(xml_faults(answer.root()), probe.facts.numbers):
            raise answer.fault("; ".join(few))


def _declare_same(chapter: Chapter, endpoint: str) -> None:
    @chapter.rule(
        f"{endpoint}.same",
        f"{endpoint} says the same in XML and in JSON",
        why="docs:api-reference/",
    )
    def check(probe: Probe) -> None:
        envelope = _ask(probe, endpoint, "json").envelope()
        answer = _ask(probe, endpoint, "xml")
        found = differences(
            envelope, answer.root(), "subsonic-response", ignored=UNSTEADY.get(endpoint, ())
        )
        if few := _few(found):
            raise answer.fault("; ".join(few))


def _declare_ways(chapter: Chapter, endpoint: str) -> None:
    @chapter.rule(
        f"{endpoint}.ways",
        f"{endpoint} is reached as /{endpoint}.view and /{endpoint}, by GET and by POST",
        why="docs:extensions/formpost/",
        apps=("DSub", "airsonic-refix", "py-opensonic"),
    )
    def check(probe: Probe) -> None:
        _ask(probe, endpoint, "json")
        parameters = CALLS[endpoint](probe.facts)
        bare = probe.call(endpoint, parameters, suffix="")
        _need_ok(bare, "without .view")
        # Original servers read a form as they read the query; others say so by the extension.
        if probe.facts.open_subsonic and "formPost" not in probe.facts.extensions:
            return
        form = {**probe.usual(), "f": "json", **parameters}
        posted = probe.call(endpoint, f="", method="POST", login={}, body=form)
        _need_ok(posted, "by POST with a form")


def _need_ok(answer: Answer, how: str) -> None:
    if answer.status != 200 or answer.code() is not None:
        raise answer.fault(f"It succeeds otherwise, but fails {how}.")


def _declare_missing(chapter: Chapter, endpoint: str, *, writes: bool) -> None:
    @chapter.rule(
        f"{endpoint}.missing",
        f"{endpoint} without its required parameters fails with code 10",
        why="docs:responses/error/",
        writes=writes,
    )
    def check(probe: Probe) -> None:
        _need(probe, endpoint)
        probe.error(endpoint, (10,))


def _declare_unknown(chapter: Chapter, endpoint: str, *, writes: bool) -> None:
    @chapter.rule(
        f"{endpoint}.unknown",
        f"{endpoint} of an id that does not exist fails with code 70",
        why="docs:responses/error/",
        writes=writes,
    )
    def check(probe: Probe) -> None:
        _need(probe, endpoint)
        fill = dict.fromkeys(ENDPOINTS[endpoint].required, "1")
        (id_,) = (name for name in fill if name in ("id", "playlistId", "username"))
        known = probe.facts.directory if endpoint == "getMusicDirectory" else probe.facts.song
        probe.error(endpoint, (70,), {**fill, id_: well_formed_but_unknown(known()["id"])})


def well_formed_but_unknown(id_: str) -> str:
    """Make an id of the form that the server has: some read numbers or UUIDs out of them.

    What stands before the first hyphen is kept: it may tell the kind.
    """
    head, hyphen, tail = str(id_).rpartition("-") if id_.count("-") == 1 else ("", "", str(id_))
    return head + hyphen + ("987654321" if tail.isdigit() else tail.translate(_TURNED))


def _need(probe: Probe, endpoint: str) -> None:
    """Raise `Skipped` where the caller may not, or cannot, use an endpoint at all."""
    known = ENDPOINTS[endpoint]
    if known.extension:
        probe.need_extension(known.extension)
    if role := _ROLES.get(endpoint):
        probe.facts.need_role(role)


_ROLES = {
    **dict.fromkeys(("createUser", "updateUser", "deleteUser"), "adminRole"),
    **dict.fromkeys(
        (
            "createInternetRadioStation",
            "updateInternetRadioStation",
            "deleteInternetRadioStation",
        ),
        "adminRole",
    ),
    **dict.fromkeys(("createShare", "updateShare", "deleteShare"), "shareRole"),
    **dict.fromkeys(("updatePlaylist", "deletePlaylist"), "playlistRole"),
    **dict.fromkeys(
        (
            "createPodcastChannel",
            "deletePodcastChannel",
            "deletePodcastEpisode",
            "downloadPodcastEpisode",
        ),
        "podcastRole",
    ),
    **dict.fromkeys(("stream", "hls.m3u8"), "streamRole"),
    "download": "downloadRole",
    "jukeboxControl": "jukeboxRole",
}
"""From an endpoint to the role that its caller must have."""
