"""Lists: albums in all orders, random songs, songs by genre, starred, now playing."""

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter, Severity
from hydrophone_subsonic.conformance.rules.answers import declare_answers, declare_refusals
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("lists", "Album and song lists")

declare_answers(
    chapter,
    "getAlbumList", "getAlbumList2", "getRandomSongs", "getSongsByGenre", "getNowPlaying",
    "getStarred", "getStarred2",
)  # fmt: skip
declare_refusals(chapter, "getAlbumList", "getAlbumList2", "getSongsByGenre")

_PAGE = "docs:endpoints/getalbumlist2/"
_ELEMENTS = {"getAlbumList": "albumList", "getAlbumList2": "albumList2"}
_TYPES = ("random", "newest", "highest", "frequent", "recent", "alphabeticalByName",
          "alphabeticalByArtist", "starred")  # fmt: skip
_ADDED = ("getAlbumList2", "highest")
"""Not among the orders that the original documentation has for it; OpenSubsonic's has."""
_NO_GENRE = "conformance: no such genre"
_LATER = 2900


def _albums(probe: Probe, endpoint: str = "getAlbumList2", **parameters: Value) -> list[Json]:
    found: list[Json] = probe.ask(endpoint, parameters)[_ELEMENTS[endpoint]].get("album", [])
    return found


def _ids(things: list[Json]) -> list[str]:
    return [thing["id"] for thing in things]


@chapter.rule(
    "albums.paging",
    "Pages of albums are the parts of the whole: none twice, none left out",
    why=_PAGE,
    apps=("Feishin", "Strawberry"),
)
def _paging(probe: Probe) -> None:
    for endpoint in _ELEMENTS:
        for type_ in ("alphabeticalByName", "newest"):
            whole = _ids(_albums(probe, endpoint, type=type_, size=9))
            pages: list[str] = []
            for offset in (0, 3, 6):
                pages += _ids(_albums(probe, endpoint, type=type_, size=3, offset=offset))
            expect(pages == whole, f"{endpoint}, {type_}: the pages give {pages}, not {whole}.")
            expect(len(whole) == len(set(whole)), f"{endpoint}, {type_}: an album occurs twice.")


@chapter.rule("albums.size", "`size` albums are sent, and no more", why=_PAGE)
def _size(probe: Probe) -> None:
    probe.facts.album()
    for endpoint in _ELEMENTS:
        found = _albums(probe, endpoint, type="alphabeticalByName", size=1)
        expect(len(found) == 1, f"{endpoint} sends {len(found)} albums for size=1.")


@chapter.rule("albums.beyond", "Beyond the last album the list is empty", why=_PAGE)
def _beyond(probe: Probe) -> None:
    for endpoint in _ELEMENTS:
        found = _albums(probe, endpoint, type="newest", offset=10_000_000)
        expect(found == [], f"{endpoint} sends {len(found)} albums.")


@chapter.rule("albums.types", "All orders of albums are there", why=_PAGE)
def _types(probe: Probe) -> None:
    for endpoint in _ELEMENTS:
        for type_ in _TYPES:
            if (endpoint, type_) == _ADDED and not probe.facts.open_subsonic:
                continue
            _albums(probe, endpoint, type=type_, size=3)


@chapter.rule("albums.unknown-type", "An unknown order is a failure", why=_PAGE)
def _unknown_type(probe: Probe) -> None:
    probe.error("getAlbumList2", (0, 10, 70), type="sideways")


@chapter.rule("albums.by-year", "byYear sends albums of these years only", why=_PAGE)
def _by_year(probe: Probe) -> None:
    year = _some_year(probe)
    found = _albums(probe, type="byYear", fromYear=year, toYear=year, size=50)
    expect(found, f"There is an album of {year}, and none is sent.")
    years = {album.get("year") for album in found}
    expect(years == {year}, f"Asked for {year}, got albums of {sorted(map(str, years))}.")


@chapter.rule(
    "albums.by-year-backwards",
    "byYear goes backwards when fromYear is after toYear",
    why="docs:endpoints/getalbumlist/",
    apps=("DSub",),
)
def _by_year_backwards(probe: Probe) -> None:
    year = _some_year(probe)
    backwards = _albums(probe, type="byYear", fromYear=year + 1, toYear=year, size=500)
    forwards = _albums(probe, type="byYear", fromYear=year, toYear=year + 1, size=500)
    expect(set(_ids(backwards)) == set(_ids(forwards)), "It has other albums than forwards.")
    years = [album["year"] for album in backwards]
    expect(years == sorted(years, reverse=True), f"The years come as {years[:9]}.")


def _some_year(probe: Probe) -> int:
    years = [album["year"] for album in probe.facts.albums if album.get("year")]
    if not years:
        raise Skipped(f"None of the {len(probe.facts.albums)} albums looked at has a year.")
    return int(years[0])


@chapter.rule("albums.by-year-range", "byYear without years fails with code 10", why=_PAGE)
def _by_year_range(probe: Probe) -> None:
    probe.error("getAlbumList2", (10,), type="byYear")


@chapter.rule("albums.by-genre", "byGenre finds albums of a genre that has some", why=_PAGE)
def _by_genre(probe: Probe) -> None:
    found = _albums(probe, type="byGenre", genre=probe.facts.genre())
    expect(found, f"No album of the genre {probe.facts.genre()!r}.")


@chapter.rule("albums.by-genre-name", "byGenre without a genre fails with code 10", why=_PAGE)
def _by_genre_name(probe: Probe) -> None:
    probe.error("getAlbumList2", (10,), type="byGenre")


@chapter.rule(
    "albums.newest",
    "newest begins with what was added last",
    why=_PAGE,
    severity=Severity.SHOULD,
)
def _newest(probe: Probe) -> None:
    dates = [str(album["created"])[:19] for album in _albums(probe, type="newest", size=50)]
    expect(dates == sorted(dates, reverse=True), f"`created` comes as {dates[:5]}.")


@chapter.rule(
    "albums.directories",
    "Albums of getAlbumList are directories with a title",
    why="docs:endpoints/getalbumlist/",
    apps=("DSub",),
)
def _directories(probe: Probe) -> None:
    for album in _albums(probe, "getAlbumList", type="newest", size=5):
        expect(album.get("isDir") is True, f"`isDir` of {album.get('id')!r} is not true.")
        expect(album.get("title"), f"{album.get('id')!r} has no `title`.")


@chapter.rule("random.size", "`size` random songs are sent", why="docs:endpoints/getrandomsongs/")
def _random(probe: Probe) -> None:
    probe.facts.song()
    songs = probe.ask("getRandomSongs", size=1)["randomSongs"].get("song", [])
    expect(len(songs) == 1, f"{len(songs)} songs for size=1.")


@chapter.rule(
    "random.empty-parameters",
    "Empty `genre`, `fromYear` and `toYear` count as absent",
    why="DSub and Ultrasonic send what the user left empty",
    severity=Severity.APP,
    apps=("DSub", "Ultrasonic"),
)
def _random_empty(probe: Probe) -> None:
    probe.facts.song()
    found = probe.ask("getRandomSongs", size=3, genre="", fromYear="", toYear="")["randomSongs"]
    expect(found.get("song"), "No song is sent.")


def _random_songs(probe: Probe, **parameters: Value) -> list[Json]:
    found: list[Json] = probe.ask("getRandomSongs", parameters)["randomSongs"].get("song", [])
    return found


@chapter.rule(
    "random.genre",
    "Random songs of a genre are of this genre",
    why="docs:endpoints/getrandomsongs/",
    apps=("DSub",),
)
def _random_genre(probe: Probe) -> None:
    genre = probe.facts.genre()
    songs = _random_songs(probe, genre=genre, size=50)
    expect(songs, f"No song of the genre {genre!r}, of which getGenres has some.")
    _need_genre(songs, genre)
    expect(not _random_songs(probe, genre=_NO_GENRE), f"Songs were sent for {_NO_GENRE!r}.")


@chapter.rule(
    "random.years",
    "Random songs are of the years that `fromYear` and `toYear` name",
    why="docs:endpoints/getrandomsongs/",
    apps=("DSub", "Ultrasonic"),
)
def _random_years(probe: Probe) -> None:
    year = int(probe.facts.song_that("has a year", lambda song: song.get("year"))["year"])
    songs = _random_songs(probe, fromYear=year, toYear=year, size=50)
    found = {song.get("year") for song in songs}
    expect(found == {year}, f"Asked for {year}, got songs of {sorted(map(str, found))}.")
    for only in ({"fromYear": _LATER}, {"toYear": 1}):
        expect(not _random_songs(probe, **only), f"Songs were sent for {only}.")


def _need_genre(songs: list[Json], genre: str) -> None:
    for song in songs:
        names = {song.get("genre"), *(one["name"] for one in song.get("genres", []))}
        expect(genre in names, f"A song of {sorted(map(str, names))} was sent for {genre!r}.")


@chapter.rule(
    "genre.songs", "Songs by genre are of this genre", why="docs:endpoints/getsongsbygenre/"
)
def _genre(probe: Probe) -> None:
    genre = probe.facts.genre()
    songs: list[Json] = probe.ask("getSongsByGenre", genre=genre)["songsByGenre"].get("song", [])
    expect(songs, f"No song of the genre {genre!r}, of which getGenres has some.")
    _need_genre(songs, genre)


@chapter.rule(
    "genre.count",
    "Songs by genre are paged by `count` and `offset`",
    why="docs:endpoints/getsongsbygenre/",
)
def _genre_count(probe: Probe) -> None:
    pages = []
    for offset in (0, 1):
        asked: dict[str, Value] = {"genre": probe.facts.genre(), "count": 1, "offset": offset}
        songs = probe.ask("getSongsByGenre", asked)["songsByGenre"].get("song", [])
        expect(len(songs) <= 1, f"{len(songs)} songs for count=1.")
        pages.append([song["id"] for song in songs])
    expect(pages[0], "The first page is empty.")
    expect(pages[0] != pages[1], "The second page is the first.")
