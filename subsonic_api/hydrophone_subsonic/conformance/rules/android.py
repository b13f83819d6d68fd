"""What apps on telephones depend on, and no specification says; each rule names its app."""

import re

from hydrophone_subsonic.conformance.login import Form
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.samples import objects, samples
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("android", "Apps on telephones")

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

_STARRED = {"getAlbum": ("song",), "getAlbumList2": ("album",), "search3": ("album", "song")}
"""Where `starred` is looked for: the lists of these answers."""


@chapter.rule(
    "dsub.first-ping",
    "The first ping gets in: hexadecimal password, version 1.2.0, XML, gzip",
    why="DSub's first call to a new server (Util.getRestUrl)",
    severity=Severity.APP,
    apps=("DSub",),
)
def _first_ping(probe: Probe) -> None:
    probe.need_password()
    login = {**probe.usual(Form.HEX), "v": "1.2.0", "c": "DSub"}
    answer = probe.call("ping", f="", login=login, headers={"Accept-Encoding": "gzip"})
    code = answer.failure_code()
    if code == 42:
        raise Skipped("The server has logins by password switched off.")
    expect(answer.root().get("status") == "ok", f"It fails with code {code}.")


@chapter.rule(
    "dsub.old-version",
    "An app that says 1.2.0 gets all that is new",
    why="DSub says 1.2.0 for ever",
    severity=Severity.APP,
    apps=("DSub",),
)
def _old_version(probe: Probe) -> None:
    album = probe.facts.album()["id"]
    answer = probe.call("getAlbum", login={**probe.usual(), "v": "1.2.0"}, id=album)
    expect(answer.code() is None, f"getAlbum fails with code {answer.code()}.")
    expect(answer.envelope()["album"].get("song"), "The album has no songs.")


@chapter.rule(
    "dsub.type",
    "An OpenSubsonic server is not called subsonic, madsonic or ampache",
    why="DSub switches to /rest2 and other ways for these names (AbstractParser)",
    severity=Severity.APP,
    apps=("DSub",),
)
def _type(probe: Probe) -> None:
    probe.need_open_subsonic()
    found = str(probe.ask("ping").get("type"))
    expect(found.lower() not in ("subsonic", "madsonic", "ampache"), f"`type` is {found!r}.")


@chapter.rule(
    "dsub.ids",
    "Ids can stand in an address as they are, and have no semicolon",
    why="DSub puts some ids into addresses unescaped, and joins them by semicolons",
    severity=Severity.APP,
    apps=("DSub",),
)
def _ids(probe: Probe) -> None:
    for endpoint, envelope in samples(probe):
        for thing in objects(envelope):
            for name in ("id", "coverArt", "albumId", "artistId", "parent"):
                id_ = str(thing.get(name, ""))
                is_right = re.fullmatch(r"[A-Za-z0-9_.~:-]*", id_)
                expect(is_right, f"{endpoint}: `{name}` is {id_!r}.")


@chapter.rule(
    "dsub.quotes",
    "XML has double quotes only, and no line break inside a tag",
    why="DSub rewrites the raw text of getGenres by regular expressions (GenreParser)",
    severity=Severity.APP,
    apps=("DSub",),
)
def _quotes(probe: Probe) -> None:
    text = probe.call("getGenres", f="xml").content.decode()
    for tag in re.findall(r"<[^>]*>", text):
        expect("\n" not in tag, f"There is a line break in {tag!r}.")
        bare = re.sub(r'"[^"]*"', "", tag)
        expect("'" not in bare, f"There are single quotes in {tag!r}.")


@chapter.rule(
    "dsub.starred",
    "`starred` and `userRating` are left out where there is none",
    why="DSub takes the mere presence of `starred` for a star; 0 is no rating by the XSD",
    severity=Severity.APP,
    apps=("DSub", "airsonic-refix"),
)
def _starred(probe: Probe) -> None:
    with_star: list[tuple[str, str]] = []
    for endpoint, envelope in samples(probe):
        for kind in _STARRED.get(endpoint, ()):
            found = envelope[ENDPOINTS[endpoint].element].get(kind, [])
            with_star += [(kind, str(one["id"])) for one in found if one.get("starred")]
        for thing in objects(envelope):
            for name in ("starred", "userRating"):
                expect(thing.get(name, True), f"{endpoint}: `{name}` is {thing.get(name)!r}.")
    listed = probe.ask("getStarred2")["starred2"] if with_star else {}
    for kind, id_ in with_star:
        is_listed = id_ in [str(one["id"]) for one in listed.get(kind, [])]
        expect(is_listed, f"The {kind} {id_!r} has `starred`, and getStarred2 does not list it.")


@chapter.rule(
    "dsub.info",
    "getArtistInfo2 takes `includeNotPresent`",
    why="DSub always sends it",
    severity=Severity.APP,
    apps=("DSub",),
)
def _info(probe: Probe) -> None:
    probe.ask("getArtistInfo2", id=probe.facts.artist()["id"], includeNotPresent=True)


@chapter.rule(
    "ultrasonic.first-ping",
    "The first ping gets in: version 1.7.0, hexadecimal password, JSON",
    why="Ultrasonic asks so for the server's version",
    severity=Severity.APP,
    apps=("Ultrasonic",),
)
def _ultrasonic(probe: Probe) -> None:
    probe.need_password()
    answer = probe.call("ping", login={**probe.usual(Form.HEX), "v": "1.7.0", "c": "Ultrasonic"})
    if answer.code() == 42:
        raise Skipped("The server has logins by password switched off.")
    expect(answer.code() is None, f"It fails with code {answer.code()}.")


@chapter.rule(
    "ultrasonic.dates",
    "Dates have a T, and a zone",
    why="DSub takes the first 19 characters for UTC; others take what has no zone for their own",
    severity=Severity.SHOULD,
    apps=("DSub", "Ultrasonic"),
)
def _dates(probe: Probe) -> None:
    for endpoint, envelope in samples(probe):
        for thing in objects(envelope):
            for name in ("created", "changed", "starred", "played"):
                value = thing.get(name)
                is_right = not isinstance(value, str) or not value or _DATE.fullmatch(value)
                expect(is_right, f"{endpoint}: `{name}` is {value!r}.")
