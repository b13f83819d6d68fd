"""What each client asks for, in its own words, and how it reads the answer."""

from io import BytesIO

import pytest
from PIL import Image

from hydrophone.testing.client import SubsonicClient


def test_playlists_of_others(
    client: SubsonicClient, berta: SubsonicClient, ids: dict[str, str]
) -> None:
    """Public ones are read by all and edited by their owner; private ones are nobody's else."""
    mine = {one["id"] for one in berta.ask("getPlaylists")["playlists"]["playlist"]}
    assert ids["playlist"] in mine
    assert berta.ask("getPlaylist", id=ids["playlist"])["playlist"]["readonly"] is True
    assert berta.error("updatePlaylist", playlistId=ids["playlist"], name="Mine") == 50
    assert berta.error("createPlaylist", playlistId=ids["playlist"], songId=ids["song"]) == 50
    assert berta.error("deletePlaylist", id=ids["playlist"]) == 50
    private = client.ask("createPlaylist", name="Secret", songId=ids["song"])["playlist"]["id"]
    assert berta.error("getPlaylist", id=private) == 70
    client.ask("deletePlaylist", id=private)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("plain*", {"Plain"}),
        ("pla", {"Plain"}),
        ("PLAIN", {"Plain"}),
        ("пес", {"Песня 1", "Песня 2", "Песня 3"}),
        ("pesnya", {"Песня 1", "Песня 2", "Песня 3"}),
        ("bjorn other", {"Other Side"}),
        ("kino", {"Песня 1"}),
        ("봄", {"Песня 2"}),
        ("AC/DC", {"Песня 3"}),
        ('said "no', {'She said "no" & <left>, didn\'t she?'}),
        ("zzz", set()),
        ("*", None),
        ('""', None),
        ("", None),
        ("  ", None),
    ],
)
def test_search(
    client: SubsonicClient, ids: dict[str, str], query: str, titles: set[str] | None
) -> None:
    """DSub ends a query in `*`; Feishin and aonsoku write `""` for everything."""
    assert ids
    for endpoint, element in (("search2", "searchResult2"), ("search3", "searchResult3")):
        found = client.ask(endpoint, query=query, songCount=500)[element]
        heard = {song["title"] for song in found["song"]}
        assert len(heard) == 7 if titles is None else heard == titles


def test_search_counts_of_zero_mean_none(client: SubsonicClient, ids: dict[str, str]) -> None:
    found = client.ask("search3", query="", artistCount=0, albumCount=0, songCount=2, songOffset=6)
    result = found["searchResult3"]
    assert (result["artist"], result["album"], len(result["song"])) == ([], [], 1)
    assert ids


def test_feishin_probes_for_the_end_and_pages(client: SubsonicClient, ids: dict[str, str]) -> None:
    far = client.ask("search3", query='""', songCount=1, songOffset=5000)["searchResult3"]
    assert far["song"] == []
    paged: list[str] = []
    while page := client.ask("search3", query='""', songCount=3, songOffset=len(paged))[
        "searchResult3"
    ]["song"]:
        paged += [song["id"] for song in page]
    assert len(paged) == len(set(paged)) == 7
    assert ids["song"] in paged


def test_feishin_reads_favourites_from_the_old_view(
    client: SubsonicClient, ids: dict[str, str]
) -> None:
    starred = client.ask("getStarred")["starred"]
    assert ids["song"] in [song["id"] for song in starred["song"]]
    assert ids["album"] in [album["id"] for album in starred["album"]]
    assert ids["artist"] in [artist["id"] for artist in starred["artist"]]


@pytest.mark.parametrize("kind", ["song", "album", "artist"])
def test_any_id_may_be_starred_as_id(
    client: SubsonicClient, berta: SubsonicClient, ids: dict[str, str], kind: str
) -> None:
    """Many clients pass ids of albums and artists in `id`; the first date is kept."""
    berta.ask("star", id=ids[kind])
    first = berta.ask("getStarred2")["starred2"][kind][0]["starred"]
    berta.ask("star", id=ids[kind])
    assert berta.ask("getStarred2")["starred2"][kind][0]["starred"] == first
    berta.ask("unstar", id=ids[kind])
    berta.ask("unstar", id=ids[kind])
    assert berta.ask("getStarred2")["starred2"][kind] == []
    assert client.ask("getStarred2")["starred2"][kind]


@pytest.mark.parametrize(
    ("endpoint", "element"),
    [
        ("getArtistInfo", "artistInfo"),
        ("getArtistInfo2", "artistInfo2"),
        ("getAlbumInfo", "albumInfo"),
        ("getAlbumInfo2", "albumInfo"),
        ("getSimilarSongs", "similarSongs"),
        ("getSimilarSongs2", "similarSongs2"),
    ],
)
@pytest.mark.parametrize("unknown", ["-1", "nothing", "ar-aaaaaaaaaaaaa", "al-aaaaaaaaaaaaa"])
def test_airsonic_refix_blanks_the_page_for_an_error(
    client: SubsonicClient, endpoint: str, element: str, unknown: str
) -> None:
    answer = client.ask(endpoint, id=unknown, includeNotPresent=True)
    assert not any(answer[element].values())


def test_airsonic_refix_plays_a_song(client: SubsonicClient, ids: dict[str, str]) -> None:
    before = client.ask("getSong", id=ids["other"])["song"]["playCount"]
    client.ask("scrobble", id=ids["other"], submission=False)
    playing = client.ask("getNowPlaying")["nowPlaying"]["entry"]
    mine = next(one for one in playing if one["playerName"] == client.name)
    assert (mine["id"], mine["username"], mine["minutesAgo"]) == (ids["other"], "admin", 0)
    for _ in range(2):
        answer = client.get("stream", headers={"Range": "bytes=0-"}, id=ids["other"])
        assert answer.status_code == 206
    assert client.ask("getSong", id=ids["other"])["song"]["playCount"] == before
    client.ask("scrobble", id=ids["plain"], submission=False)


def test_airsonic_refix_reads_an_empty_queue(berta: SubsonicClient, ids: dict[str, str]) -> None:
    """An empty envelope; DSub unboxes `position` and `changed` wherever there is an element."""
    assert "playQueue" not in berta.ask("getPlayQueue")
    berta.ask("savePlayQueue", id=[ids["song"]], current=ids["song"])
    queue = berta.ask("getPlayQueue")["playQueue"]
    assert (queue["position"], queue["current"]) == (0, ids["song"])
    assert queue["changed"]
    assert queue["changedBy"] == "test"
    berta.ask("savePlayQueue")
    assert "playQueue" not in berta.ask("getPlayQueue")


def test_a_queue_keeps_duplicates_and_order(client: SubsonicClient, ids: dict[str, str]) -> None:
    queue = client.ask("getPlayQueue")["playQueue"]
    assert [one["id"] for one in queue["entry"]] == [ids["song"], ids["plain"], ids["song"]]
    assert queue["position"] == 1500


def test_aonsoku_asks_for_mp3_of_an_mp3(client: SubsonicClient, ids: dict[str, str]) -> None:
    answer = client.get(
        "stream",
        headers={"Range": "bytes=0-99"},
        id=ids["plain"],
        format="mp3",
        estimateContentLength=True,
    )
    assert answer.status_code == 206
    assert len(answer.content) == 100


def test_every_song_leads_on(client: SubsonicClient, ids: dict[str, str]) -> None:
    """`parent`, `isDir` and a `coverArt` that is served, which old clients build on."""
    assert ids
    for song in client.songs():
        assert song["isDir"] is False
        listed = client.ask("getMusicDirectory", id=song["parent"])["directory"]["child"]
        assert song["id"] in [child["id"] for child in listed]
        picture = client.get("getCoverArt", id=song["coverArt"])
        assert picture.headers["content-type"].startswith("image/")
        Image.open(BytesIO(picture.content)).verify()


@pytest.mark.parametrize(
    "kind", ["song", "album", "artist", "playlist", "folder", "root", "picture", "sampler"]
)
@pytest.mark.parametrize("size", [None, 16, 50, 300, 9999])
def test_covers_of_everything(
    client: SubsonicClient, ids: dict[str, str], kind: str, size: int | None
) -> None:
    """Old clients pass ids of anything, aonsoku those of artists; if need be one is drawn."""
    answer = client.get("getCoverArt", id=ids[kind], size=size or "")
    assert answer.status_code == 200
    picture = Image.open(BytesIO(answer.content))
    picture.load()
    assert answer.headers["content-type"] == f"image/{(picture.format or '').lower()}"
    assert size is None or max(picture.size) <= size
    if kind in {"song", "album", "picture", "folder"}:
        assert max(picture.size) == min(300, size or 300)


def test_folders_lead_up_and_down(client: SubsonicClient, ids: dict[str, str]) -> None:
    seen: set[str] = set()
    pending = [ids["root"]]
    while pending:
        here = pending.pop()
        directory = client.ask("getMusicDirectory", id=here)["directory"]
        assert directory["id"] == here
        assert ("parent" in directory) == (here != ids["root"])
        for child in directory["child"]:
            assert child["parent"] == here
            assert child["title"]
            if child["isDir"]:
                pending.append(child["id"])
            else:
                seen.add(child["id"])
    assert seen == {ids["video"], *(song["id"] for song in client.songs())}


def test_artists_and_albums_open_as_directories(
    client: SubsonicClient, ids: dict[str, str]
) -> None:
    """The folder view lists albums by their ids; what `isDir` opens with this same call."""
    artist = client.ask("getMusicDirectory", id=ids["artist"])["directory"]
    assert [(child["id"], child["isDir"]) for child in artist["child"]] == [(ids["album"], True)]
    album = client.ask("getMusicDirectory", id=ids["album"])["directory"]
    assert album["parent"] == ids["artist"]
    assert [child["id"] for child in album["child"]] == [ids["song"], ids["plain"], ids["other"]]
    for listed in client.ask("getAlbumList", type="newest")["albumList"]["album"]:
        assert listed["isDir"] is True
        assert listed["title"] == listed["album"] == listed["name"]
        client.ask("getMusicDirectory", id=listed["id"])


def test_strawberry_reads_the_whole_library(client: SubsonicClient, ids: dict[str, str]) -> None:
    found = client.ask("getAlbumList2", v="1.11.0", type="alphabeticalByName", size=500, offset=0)
    songs = [
        song
        for album in found["albumList2"]["album"]
        for song in client.ask("getAlbum", v="1.11.0", id=album["id"])["album"]["song"]
    ]
    assert {song["id"] for song in songs} == {song["id"] for song in client.songs()}
    assert ids


def test_an_album_says_all_that_its_files_say(client: SubsonicClient, ids: dict[str, str]) -> None:
    album = client.ask("getAlbum", id=ids["album"])["album"]
    assert album["name"] == "Both Sides"
    assert album["version"] == "Deluxe"
    assert album["displayArtist"] == "Anna & Björn"
    assert [artist["name"] for artist in album["artists"]] == ["Anna", "Björn"]
    assert album["originalReleaseDate"] == {"year": 1999}
    assert album["releaseDate"] == {"year": 2009, "month": 3, "day": 2}
    assert album["releaseTypes"] == ["album", "live"]
    assert album["recordLabels"] == [{"name": "Sea Records"}]
    assert album["discTitles"] == [
        {"disc": 1, "title": "The First Side"},
        {"disc": 2, "title": "The Second Side"},
    ]
    assert album["musicBrainzId"] == "33333333-3333-4333-8333-333333333333"
    assert {genre["name"] for genre in album["genres"]} == {"Rock", "Art/Rock & Pop"}
    assert (album["userRating"], album["songCount"]) == (5, 3)
    song = album["song"][0]
    assert [artist["name"] for artist in song["artists"]] == ["Anna", "Carl"]
    assert song["contributors"][0]["role"] == "composer"
    assert song["contributors"][1]["subRole"] == "violin"
    assert song["replayGain"] == {"trackGain": -6.5, "albumGain": -7.0, "trackPeak": 0.988}
    assert (song["bpm"], song["isrc"], song["works"]) == (
        120,
        ["USSM18300073"],
        [{"name": "Op. 1"}],
    )
    assert song["explicitStatus"] == "explicit"


def test_a_compilation_is_one_album(client: SubsonicClient, ids: dict[str, str]) -> None:
    album = client.ask("getAlbum", id=ids["sampler"])["album"]
    assert album["isCompilation"] is True
    assert [song["artist"] for song in album["song"]] == ["Кино", "봄날", "AC/DC"]
    listed = client.ask("getArtist", id=ids["sampler_artist"])["artist"]
    assert [one["id"] for one in listed["album"]] == [ids["sampler"]]


@pytest.mark.parametrize("genre", ["Rock", "Art/Rock & Pop"])
def test_genres_are_asked_for_by_the_name_they_have(
    client: SubsonicClient, ids: dict[str, str], genre: str
) -> None:
    genres = {one["value"]: one for one in client.ask("getGenres")["genres"]["genre"]}
    songs = client.ask("getSongsByGenre", genre=genre, count=500)["songsByGenre"]["song"]
    assert len(songs) == genres[genre]["songCount"]
    assert all({"name": genre} in song["genres"] for song in songs)
    assert ids["song"] in [song["id"] for song in songs]


def test_synced_lyrics_have_times_and_plain_ones_have_none(
    client: SubsonicClient, ids: dict[str, str]
) -> None:
    (synced,) = client.ask("getLyricsBySongId", id=ids["song"])["lyricsList"]["structuredLyrics"]
    assert synced["synced"] is True
    assert synced["line"] == [
        {"start": 500, "value": "First line"},
        {"start": 1000, "value": "Second & last line"},
    ]
    (plain,) = client.ask("getLyricsBySongId", id=ids["plain"])["lyricsList"]["structuredLyrics"]
    assert plain["synced"] is False
    assert plain["line"] == [{"value": "Only"}, {"value": "words"}]
    none = client.ask("getLyricsBySongId", id=ids["other"])["lyricsList"]
    assert none["structuredLyrics"] == []
