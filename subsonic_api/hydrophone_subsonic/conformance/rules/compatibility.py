"""What apps depend on, and no specification says; each rule names its app."""

import re
from collections.abc import Iterator

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.calls import CALLS
from hydrophone_subsonic.conformance.gather import strangers_login
from hydrophone_subsonic.conformance.login import Form
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.schema import unknown_keys
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("compatibility", "Apps")

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_MAIN_LISTS = {
    "getMusicFolders": ("musicFolder",), "getIndexes": ("index",), "getArtists": ("index",),
    "getArtist": ("album",), "getAlbum": ("song",), "getMusicDirectory": ("child",),
    "getAlbumList": ("album",), "getAlbumList2": ("album",), "getRandomSongs": ("song",),
    "getGenres": ("genre",), "getPlaylists": ("playlist",),
}  # fmt: skip
_SAMPLES = ("getArtist", "getAlbum", "getSong", "getAlbumList", "getAlbumList2", "getArtists",
            "getPlaylists", "getStarred2", "search3")  # fmt: skip


def _samples(probe: Probe) -> Iterator[tuple[str, Json]]:
    """Yield the answers of some endpoints, those that this library has something for."""
    for endpoint in _SAMPLES:
        try:
            parameters = CALLS[endpoint](probe.facts)
        except Skipped:
            continue
        yield endpoint, probe.ask(endpoint, parameters)


def _objects(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item)


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
    for endpoint, envelope in _samples(probe):
        for thing in _objects(envelope):
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
    for endpoint, envelope in _samples(probe):
        for thing in _objects(envelope):
            for name in ("starred", "userRating"):
                expect(thing.get(name, True), f"{endpoint}: `{name}` is {thing.get(name)!r}.")


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
    for endpoint, envelope in _samples(probe):
        for thing in _objects(envelope):
            for name in ("created", "changed", "starred", "played"):
                value = thing.get(name)
                is_right = not isinstance(value, str) or not value or _DATE.fullmatch(value)
                expect(is_right, f"{endpoint}: `{name}` is {value!r}.")


@chapter.rule(
    "feishin.lists",
    "The main list of an answer is always there, and always a list",
    why="Feishin, aonsoku and airsonic-refix read it without looking",
    severity=Severity.APP,
    apps=("Feishin", "aonsoku", "airsonic-refix"),
)
def _main_lists(probe: Probe) -> None:
    for endpoint, lists in _MAIN_LISTS.items():
        try:
            parameters = CALLS[endpoint](probe.facts)
        except Skipped:
            continue
        found = probe.ask(endpoint, parameters)[ENDPOINTS[endpoint].element]
        for name in lists:
            expect(isinstance(found.get(name), list), f"{endpoint}: `{name}` is no list.")


@chapter.rule(
    "feishin.count",
    "500 albums and songs can be asked for at once, and offsets of 5000",
    why="Feishin counts by pages of 500, and looks for the end in steps of 5000",
    severity=Severity.APP,
    apps=("Feishin", "Strawberry"),
)
def _count(probe: Probe) -> None:
    probe.ask("getAlbumList2", type="alphabeticalByName", size=500)
    probe.ask("search3", query="", songCount=1, songOffset=5000, artistCount=0, albumCount=0)


@chapter.rule(
    "aonsoku.dummy",
    "The failure of a stranger's ping tells version and type",
    why="aonsoku pings as dummy, and reads them there",
    severity=Severity.APP,
    apps=("aonsoku",),
)
def _dummy(probe: Probe) -> None:
    probe.need_open_subsonic()
    envelope = probe.call("ping", login=strangers_login(probe.login)).envelope()
    version = [int(part) for part in str(envelope["version"]).split(".")]
    expect(version >= [1, 15], f"The version is {envelope['version']}.")
    expect(envelope.get("type"), "There is no `type`.")


@chapter.rule(
    "aonsoku.empty-genre",
    "An empty `genre` beside another order counts as absent",
    why="aonsoku's page of albums sends it",
    severity=Severity.APP,
    apps=("aonsoku",),
)
def _empty_genre(probe: Probe) -> None:
    probe.facts.album()
    asked: dict[str, Value] = {"type": "newest", "fromYear": "0001", "toYear": "2026", "genre": ""}
    expect(probe.ask("getAlbumList2", asked)["albumList2"].get("album"), "No album is sent.")


@chapter.rule(
    "aonsoku.stream",
    "A stream with format, estimated length and a range succeeds",
    why="aonsoku's player asks so",
    severity=Severity.APP,
    apps=("aonsoku",),
)
def _stream(probe: Probe) -> None:
    answer = probe.call(
        "stream", f="", limit=4096, headers={"Range": "bytes=0-"},
        id=probe.facts.song()["id"], format="mp3", estimateContentLength=True, maxBitRate=128,
    )  # fmt: skip
    if answer.failure_code() is not None:
        raise Skipped("The server does not convert to MP3.")
    expect(answer.status in (200, 206), f"The HTTP status is {answer.status}.")
    expect(answer.content, "The body is empty.")


@chapter.rule(
    "refix.client",
    "The name of the app may be an address",
    why="airsonic-refix sends its own address as `c`",
    severity=Severity.APP,
    apps=("airsonic-refix",),
)
def _client(probe: Probe) -> None:
    login = {**probe.usual(), "c": "https://player.example:8080/a?b=c"}
    code = probe.call("ping", login=login).code()
    expect(code is None, f"It fails with code {code}.")


@chapter.rule(
    "refix.pages",
    "What a page shows besides is an empty answer where there is none, not a failure",
    why="airsonic-refix shows an empty page if one of these fails",
    severity=Severity.APP,
    apps=("airsonic-refix", "Feishin"),
)
def _pages(probe: Probe) -> None:
    album, artist = probe.facts.album(), probe.facts.artist()
    for endpoint, parameters in (
        ("getAlbumInfo2", {"id": album["id"]}),
        ("getArtistInfo2", {"id": artist["id"]}),
        ("getTopSongs", {"artist": artist["name"]}),
        ("getPlayQueue", {}),
    ):
        answer = probe.call(endpoint, parameters)
        code = answer.code()
        expect(answer.status == 200 and code is None, f"{endpoint} fails with code {code}.")


@chapter.rule(
    "refix.range",
    "A stream from byte 0 gets status 206",
    why="A browser's player cannot seek otherwise",
    severity=Severity.APP,
    apps=("airsonic-refix", "Feishin"),
)
def _refix_range(probe: Probe) -> None:
    song = probe.facts.song()["id"]
    answer = probe.call(
        "stream", f="", limit=4096, headers={"Range": "bytes=0-"}, id=song, format="raw"
    )
    if answer.failure_code() == 50:
        raise Skipped("The user may not stream.")
    expect(answer.status == 206, f"The HTTP status is {answer.status}.")


@chapter.rule(
    "strawberry.lists",
    "Version 1.11.0 in JSON gets albums with songs",
    why="Strawberry fetches the library by getAlbumList2 and getAlbum",
    severity=Severity.APP,
    apps=("Strawberry",),
)
def _strawberry(probe: Probe) -> None:
    probe.facts.album()
    login = {**probe.usual(), "v": "1.11.0", "c": "Strawberry"}
    asked: dict[str, Value] = {"type": "alphabeticalByName", "size": 500, "offset": 0}
    envelope = probe.call("getAlbumList2", asked, login=login).envelope()
    album = envelope["albumList2"]["album"][0]
    songs = probe.call("getAlbum", login=login, id=album["id"]).envelope()["album"]["song"]
    expect(songs, "The first album has no songs.")


@chapter.rule(
    "py-opensonic.posted-range",
    "A stream that is asked for by a form has ranges too",
    why="py-opensonic posts everything once formPost is advertised",
    severity=Severity.APP,
    apps=("py-opensonic", "Music Assistant"),
)
def _posted_range(probe: Probe) -> None:
    probe.need_extension("formPost")
    body: dict[str, Value] = {**probe.usual(), "id": probe.facts.song()["id"], "format": "raw"}
    answer = probe.call(
        "stream", f="", method="POST", login={}, body=body, limit=4096,
        headers={"Range": "bytes=10-19"},
    )  # fmt: skip
    expect(answer.status == 206, f"The HTTP status is {answer.status}.")
    expect(len(answer.content) == 10, f"{len(answer.content)} bytes are sent.")


@chapter.rule(
    "json.known-keys",
    "JSON has no keys that no specification knows",
    why="A misspelt key is a missing one; what is new belongs into an extension",
    severity=Severity.SHOULD,
)
def _known_keys(probe: Probe) -> None:
    for endpoint, envelope in _samples(probe):
        element = ENDPOINTS[endpoint].element
        schema = ENDPOINTS[endpoint].answer["properties"][element]
        found = sorted({re.sub(r"\[\d+\]", "[]", one)
                        for one in unknown_keys(envelope[element], schema, element)})  # fmt: skip
        expect(not found, f"{endpoint}: {', '.join(found[:9])}")
