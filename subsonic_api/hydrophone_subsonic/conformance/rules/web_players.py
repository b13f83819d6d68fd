"""What players in browsers depend on, and no specification says; each rule names its app."""

from hydrophone_subsonic.conformance.calls import CALLS
from hydrophone_subsonic.conformance.gather import strangers_login
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.spec import ENDPOINTS
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("web_players", "Players in browsers")

_MAIN_LISTS = {
    "getMusicFolders": ("musicFolder",), "getIndexes": ("index",), "getArtists": ("index",),
    "getArtist": ("album",), "getAlbum": ("song",), "getMusicDirectory": ("child",),
    "getAlbumList": ("album",), "getAlbumList2": ("album",), "getRandomSongs": ("song",),
    "getGenres": ("genre",), "getPlaylists": ("playlist",),
}  # fmt: skip


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
        id=probe.facts.streamed()["id"], format="mp3", estimateContentLength=True, maxBitRate=128,
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
        if probe.lacks(endpoint, answer):
            continue  # Older servers do, and say by their version that they do.
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
    song = probe.facts.file()["id"]
    answer = probe.call(
        "stream", f="", limit=4096, headers={"Range": "bytes=0-"}, id=song, format="raw"
    )
    probe.need_permission("stream", answer)
    expect(answer.status == 206, f"The HTTP status is {answer.status}.")
