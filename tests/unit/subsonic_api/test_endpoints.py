"""What endpoints ask of the services, and what they make of the answers."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hydrophone.domain.facts import AlbumFacts, ArtistFacts
from hydrophone.domain.ids import ArtistId, FolderId, LibraryId, PlaylistId, TrackId
from hydrophone.domain.library import (
    AlbumListKind,
    AlbumListQuery,
    AlbumPage,
    AlbumsByRow,
    AlbumWithTracks,
    ArtistLetter,
    ArtistWithAlbums,
    Folder,
    FolderLetter,
    FolderListing,
    Library,
    Page,
    RandomTracksQuery,
    ScanStatus,
    Starred,
)
from hydrophone.domain.lrc import parse_lyrics
from hydrophone.domain.music import Album, Artist, Genre, Track
from hydrophone.domain.playback import PlayQueue
from hydrophone.domain.playlist import Playlist, PlaylistEdit, PlaylistWithTracks
from hydrophone.domain.search import SearchQuery, SearchResult
from hydrophone.domain.units import Milliseconds, Seconds, Timestamp
from hydrophone.errors import NotFoundError
from hydrophone_subsonic.endpoints import ENDPOINTS

pytestmark = pytest.mark.anyio

Ask = Callable[[str], Awaitable[dict[str, Any]]]
MakeTrack = Callable[..., Track]
MakeAlbum = Callable[..., Album]

AR, AL, TR = "ar-aaaaaaaaaaaaa", "al-aaaaaaaaaaaaa", "tr-aaaaaaaaaaaaa"
NAXOS = Artist(id=ArtistId(AR), name="Naxos", musicbrainz_id="mb")
ROOT = Folder(id=FolderId("fo-root"), library_id=LibraryId(1), parent_id=None, name="Music")
ABBA = Folder(id=FolderId("fo-abba"), library_id=LibraryId(1), parent_id=ROOT.id, name="Abba")
EMPTY = SearchResult(artists=(), albums=(), tracks=())

THE_87 = """
addChatMessage changePassword createBookmark createInternetRadioStation createPlaylist
createPodcastChannel createShare createUser deleteBookmark deleteInternetRadioStation
deletePlaylist deletePodcastChannel deletePodcastEpisode deleteShare deleteUser download
downloadPodcastEpisode findSonicPath getAlbum getAlbumInfo getAlbumInfo2 getAlbumList
getAlbumList2 getArtist getArtistInfo getArtistInfo2 getArtists getAvatar getBookmarks
getCaptions getChatMessages getCoverArt getGenres getIndexes getInternetRadioStations getLicense
getLyrics getLyricsBySongId getMusicDirectory getMusicFolders getNewestPodcasts getNowPlaying
getOpenSubsonicExtensions getPlaylist getPlaylists getPlayQueue getPlayQueueByIndex
getPodcastEpisode getPodcasts getRandomSongs getScanStatus getShares getSimilarSongs
getSimilarSongs2 getSong getSongsByGenre getSonicSimilarTracks getStarred getStarred2
getTopSongs getTranscodeDecision getTranscodeStream getUser getUsers getVideoInfo getVideos
hls.m3u8 jukeboxControl ping refreshPodcasts reportPlayback savePlayQueue savePlayQueueByIndex
scrobble search search2 search3 setRating star startScan stream tokenInfo unstar
updateInternetRadioStation updatePlaylist updateShare updateUser
"""

OURS = ("hlsPlaylist.m3u8", "hlsSegment.aac", "hlsSegment.ts")
"""What only our own playlists name."""


def code(envelope: dict[str, Any]) -> int | None:
    return envelope["error"]["code"] if envelope["status"] == "failed" else None


def test_all_87_are_answered() -> None:
    names = [endpoint.name for endpoint in ENDPOINTS]
    assert sorted(names) == sorted([*THE_87.split(), *OURS])


async def test_music_folders(ask: Ask, fakes: Any) -> None:
    fakes.library.answers["libraries"] = ()
    assert (await ask("getMusicFolders"))["musicFolders"] == {"musicFolder": []}
    fakes.library.answers["libraries"] = (Library(id=LibraryId(1), name="Music", path="/music"),)
    assert (await ask("getMusicFolders"))["musicFolders"] == {
        "musicFolder": [{"id": 1, "name": "Music"}]
    }


async def test_indexes(ask: Ask, fakes: Any, make_track: MakeTrack) -> None:
    letter = FolderLetter(name="A", keys=(ABBA.id,), names=(ABBA.name,), mark=1)
    fakes.library.answers.update(
        folder_letters=(letter,), marked_folders=(), root_tracks=(make_track(),), root_videos=()
    )
    indexes = (await ask("getIndexes?musicFolderId=7&ifModifiedSince=999"))["indexes"]

    assert fakes.library.calls[-1][2] == ()
    assert (indexes["lastModified"], indexes["ignoredArticles"]) == (1000, "The")
    assert indexes["index"] == [{"name": "A", "artist": [{"id": "fo-abba", "name": "Abba"}]}]
    assert [child["title"] for child in indexes["child"]] == ["Song"]


async def test_indexes_that_have_not_changed(ask: Ask, fakes: Any) -> None:
    indexes = (await ask("getIndexes?ifModifiedSince=1000"))["indexes"]
    assert indexes == {"lastModified": 1000, "ignoredArticles": "The", "index": [], "child": []}
    assert [call[0] for call in fakes.library.calls] == ["modified"]


async def test_directories(
    ask: Ask, fakes: Any, make_album: MakeAlbum, make_track: MakeTrack
) -> None:
    fakes.library.answers.update(
        folder=FolderListing(folder=ROOT, folders=(ABBA,), tracks=(make_track(),), videos=()),
        artist=ArtistWithAlbums(artist=NAXOS, albums=(make_album(),)),
        album=AlbumWithTracks(album=make_album(), tracks=(make_track(),)),
    )
    root = (await ask("getMusicDirectory?id=1"))["directory"]
    assert "parent" not in root
    assert [(child["id"], child["parent"]) for child in root["child"]] == [
        ("fo-abba", "1"),
        ("tr-songsongsongs", "1"),
    ]
    artist = (await ask(f"getMusicDirectory?id={AR}"))["directory"]
    assert [(child["id"], child["isDir"]) for child in artist["child"]] == [
        ("al-albumalbumal", True)
    ]
    album = (await ask(f"getMusicDirectory?id={AL}"))["directory"]
    assert album["parent"] == "ar-naxosnaxosnax"
    assert [(child["parent"], child["isDir"]) for child in album["child"]] == [
        ("al-albumalbumal", False)
    ]


async def test_genres_without_a_name_are_left_out(ask: Ask, fakes: Any) -> None:
    fakes.library.answers["genres"] = (
        Genre(name="", track_count=1, album_count=1),
        Genre(name="R&B", track_count=2, album_count=1),
    )
    assert (await ask("getGenres"))["genres"] == {
        "genre": [{"value": "R&B", "songCount": 2, "albumCount": 1}]
    }


async def test_artists(ask: Ask, fakes: Any) -> None:
    fakes.library.answers.update(
        artist_letters=(ArtistLetter(name="N", keys=(7,), album_counts=(1,), mark=1),),
        plain_artists={7: NAXOS},
        starred_artists={},
    )
    artists = (await ask("getArtists"))["artists"]
    assert artists["ignoredArticles"] == "The"
    assert [(i["name"], [a["name"] for a in i["artist"]]) for i in artists["index"]] == [
        ("N", ["Naxos"])
    ]
    fakes.library.answers["artist_letters"] = ()
    assert (await ask("getArtists?musicFolderId=2"))["artists"]["index"] == []


async def test_what_has_nothing_in_it_has_empty_lists(
    ask: Ask, fakes: Any, make_album: MakeAlbum
) -> None:
    """Feishin maps over them without looking."""
    fakes.library.answers.update(
        artist=ArtistWithAlbums(artist=NAXOS, albums=()),
        album=AlbumWithTracks(album=make_album(), tracks=()),
        random_tracks=(),
    )
    assert (await ask(f"getArtist?id={AR}"))["artist"]["album"] == []
    assert (await ask(f"getAlbum?id={AL}"))["album"]["song"] == []
    assert (await ask("getRandomSongs"))["randomSongs"] == {"song": []}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=newest", AlbumListQuery(kind=AlbumListKind.NEWEST)),
        (
            "type=alphabeticalByName&size=9999&offset=20&musicFolderId=3",
            AlbumListQuery(
                kind=AlbumListKind.BY_NAME, page=Page(offset=20, size=500), library_id=3
            ),
        ),
        (
            "type=byYear&fromYear=2009&toYear=2000",
            AlbumListQuery(kind=AlbumListKind.BY_YEAR, from_year=2009, to_year=2000),
        ),
        (
            "type=byGenre&genre=R%26B/Soul",
            AlbumListQuery(kind=AlbumListKind.BY_GENRE, genre="R&B/Soul"),
        ),
        # aonsoku sends all of it for every list.
        (
            "type=newest&fromYear=0001&toYear=2026&genre=&musicFolderId=",
            AlbumListQuery(kind=AlbumListKind.NEWEST, from_year=1, to_year=2026),
        ),
    ],
)
async def test_album_lists(ask: Ask, fakes: Any, query: str, expected: AlbumListQuery) -> None:
    fakes.library.answers["album_list"] = AlbumPage(rows=(), total=0)
    fakes.library.answers["albums"] = {}
    fakes.library.answers["touched_albums"] = AlbumsByRow(version=1, albums={})
    for name, element in (("getAlbumList", "albumList"), ("getAlbumList2", "albumList2")):
        fakes.library.calls.clear()
        assert (await ask(f"{name}?{query}"))[element] == {"album": []}
        assert fakes.library.calls[0][2] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 10),
        ("type=", 10),
        ("type=byYear", 10),
        ("type=byYear&fromYear=2000", 10),
        ("type=byYear&toYear=2000", 10),
        ("type=byGenre&genre=", 10),
        ("type=oldest", 0),
        ("type=newest&size=-1", 0),
        ("type=newest&offset=x", 0),
        ("type=newest&musicFolderId=x", 0),
    ],
)
async def test_impossible_album_lists(ask: Ask, fakes: Any, query: str, expected: int) -> None:
    for name in ("getAlbumList", "getAlbumList2"):
        assert code(await ask(f"{name}?{query}")) == expected
    assert fakes.library.calls == []


async def test_random_songs_with_empty_limits(ask: Ask, fakes: Any) -> None:
    fakes.library.answers["random_tracks"] = ()
    await ask("getRandomSongs?size=50&genre=&fromYear=&toYear=")
    assert fakes.library.calls[-1][2] == RandomTracksQuery(size=50)


async def test_songs_by_genre(ask: Ask, fakes: Any, make_track: MakeTrack) -> None:
    fakes.library.answers["tracks_by_genre"] = (make_track(),)
    answer = await ask("getSongsByGenre?genre=Rock&count=5&offset=10&musicFolderId=1")
    assert len(answer["songsByGenre"]["song"]) == 1
    assert fakes.library.calls[-1][2:] == ("Rock", Page(offset=10, size=5), 1)


@pytest.mark.parametrize("name", ["search2", "search3"])
@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("query=abba", "abba"),
        ("query=abba*", "abba"),
        ("query=+abba+gold*+", "abba gold"),
        ("query=", ""),
        ('query=""', ""),
        ("query=%22%22", ""),
        ("query=*", ""),
        ("", ""),
        ('query="abba"', '"abba"'),
    ],
)
async def test_queries(ask: Ask, fakes: Any, name: str, query: str, text: str) -> None:
    fakes.search.answers["search"] = EMPTY
    result = await ask(f"{name}?{query}&songCount=500&songOffset=5000&artistCount=0")
    assert result["searchResult" + name[-1]] == {"artist": [], "album": [], "song": []}
    assert fakes.search.calls[-1][2:] == (
        SearchQuery(
            text=text,
            artists=Page(offset=0, size=0),
            albums=Page(offset=0, size=20),
            tracks=Page(offset=5000, size=500),
        ),
        None,
    )


async def test_starred(ask: Ask, fakes: Any, make_album: MakeAlbum, make_track: MakeTrack) -> None:
    fakes.annotations.answers["starred"] = Starred(
        artists=(NAXOS,), albums=(make_album(),), tracks=(make_track(),)
    )
    first = (await ask("getStarred"))["starred"]
    second = (await ask("getStarred2?musicFolderId=4"))["starred2"]
    assert fakes.annotations.calls[-1][2] == 4
    assert first["album"][0]["isDir"]
    assert "albumCount" not in first["artist"][0]
    assert second["album"][0]["songCount"] == 2
    assert second["artist"][0]["albumCount"] == 0
    assert first["song"] == second["song"]


async def test_stars_of_all_kinds(ask: Ask, fakes: Any) -> None:
    await ask(f"star?id={TR}&albumId={AL}&id=tr-2&artistId={AR}")
    await ask(f"unstar?id={AL}")
    assert [(call[0], call[2]) for call in fakes.annotations.calls] == [
        ("star", (TR, "tr-2", AL, AR)),
        ("unstar", (AL,)),
    ]
    assert code(await ask("star?id=")) == 10
    assert code(await ask("unstar")) == 10


async def test_ratings(ask: Ask, fakes: Any) -> None:
    await ask("setRating?id=tr-1&rating=0")
    await ask("setRating?id=tr-1&rating=5")
    assert [call[2:] for call in fakes.annotations.calls] == [("tr-1", 0), ("tr-1", 5)]
    assert code(await ask("setRating?id=tr-1&rating=6")) == 0
    assert code(await ask("setRating?id=tr-1&rating=-1")) == 0
    assert code(await ask("setRating?id=tr-1")) == 10
    assert len(fakes.annotations.calls) == 2


async def test_scrobbles(ask: Ask, fakes: Any) -> None:
    await ask("scrobble?id=tr-1&id=tr-2&time=1769860800000")
    await ask("scrobble?id=tr-1&submission=true&time=1&time=2")
    await ask("scrobble?id=tr-1&id=tr-2&submission=false")
    assert [(call[0], *call[2:]) for call in fakes.plays.calls] == [
        ("scrobble", [("tr-1", 1_769_860_800_000), ("tr-2", None)], "test"),
        ("scrobble", [("tr-1", 1)], "test"),
        ("announce", "tr-2", "test"),
    ]
    assert code(await ask("scrobble?submission=false")) == 10


async def test_reports(ask: Ask, fakes: Any) -> None:
    await ask("reportPlayback?mediaId=tr-1&mediaType=song&positionMs=1500&state=paused")
    await ask(
        "reportPlayback?mediaId=e-1&mediaType=podcast&positionMs=0&state=starting"
        "&playbackRate=1.5&ignoreScrobble=true"
    )
    first, second = (call[2:] for call in fakes.plays.calls)
    assert first == ("tr-1", "paused", 1500, {"rate": 1.0, "counts": True, "client": "test"})
    assert second == ("e-1", "starting", 0, {"rate": 1.5, "counts": False, "client": "test"})
    whole = "reportPlayback?mediaId=tr-1&mediaType=song&positionMs=0&state=playing"
    for wrong in ("state=gone", "mediaType=film", "positionMs=-1", "playbackRate=-1"):
        name = wrong.partition("=")[0]
        others = "&".join(p for p in whole.split("&") if not p.startswith(name))
        assert code(await ask(f"{others}&{wrong}")) == 0, wrong
    for name in ("state", "mediaType", "positionMs"):
        others = "&".join(p for p in whole.split("&") if not p.startswith(name))
        assert code(await ask(others)) == 10, name
    assert len(fakes.plays.calls) == 2


def playlist(*tracks: Track) -> PlaylistWithTracks:
    described = Playlist(
        id=PlaylistId("pl-1"),
        name="Morning",
        owner="Alice",
        track_count=len(tracks),
        duration=Seconds(0),
        created=Timestamp(0),
        changed=Timestamp(0),
        picture_id="mo-1",
    )
    return PlaylistWithTracks(playlist=described, tracks=tracks)


async def test_playlists(ask: Ask, fakes: Any, make_track: MakeTrack) -> None:
    fakes.playlists.answers.update(
        all=(playlist().playlist,), get=playlist(make_track(), make_track())
    )
    assert len((await ask("getPlaylists"))["playlists"]["playlist"]) == 1
    await ask("getPlaylists?username=bob")
    assert [call[2] for call in fakes.playlists.calls] == [None, "bob"]
    assert len((await ask("getPlaylist?id=pl-1"))["playlist"]["entry"]) == 2
    assert code(await ask("deletePlaylist?id=pl-1")) is None
    assert fakes.playlists.calls[-1][0] == "delete"


async def test_new_playlists(ask: Ask, fakes: Any) -> None:
    fakes.playlists.answers.update(create=playlist(), replace=playlist())
    assert (await ask("createPlaylist?name=A&songId=1&songId=1"))["playlist"]["entry"] == []
    assert (await ask("createPlaylist?playlistId=pl-1&songId=2"))["playlist"]["id"] == "pl-1"
    await ask("createPlaylist?playlistId=pl-1&name=B")
    assert [(call[0], *call[2:]) for call in fakes.playlists.calls] == [
        ("create", "A", ("1", "1")),
        ("replace", "pl-1", None, ("2",)),
        ("replace", "pl-1", "B", ()),
    ]
    assert code(await ask("createPlaylist?songId=1")) == 10


async def test_changes_of_playlists(ask: Ask, fakes: Any) -> None:
    await ask(
        "updatePlaylist?playlistId=pl-1&name=A&comment=&public=true"
        "&songIdToAdd=3&songIndexToRemove=0&songIdToAdd=4&songIndexToRemove=1"
    )
    await ask("updatePlaylist?playlistId=pl-1&public=false")
    assert [call[3] for call in fakes.playlists.calls] == [
        PlaylistEdit(name="A", comment="", is_public=True, remove=(0, 1), append=("3", "4")),
        PlaylistEdit(is_public=False),
    ]
    assert code(await ask("updatePlaylist?name=A")) == 10


async def test_play_queue(ask: Ask, fakes: Any, make_track: MakeTrack) -> None:
    assert "playQueue" not in await ask("getPlayQueue")
    fakes.play_queue.answers["get"] = PlayQueue(
        user_name="Alice",
        entries=(make_track(),),
        current=TrackId("tr-songsongsongs"),
        current_index=0,
        position=Milliseconds(0),
        changed=Timestamp(0),
        changed_by="DSub",
    )
    queue = (await ask("getPlayQueue"))["playQueue"]
    assert len(queue.pop("entry")) == 1
    assert queue == {
        "current": "tr-songsongsongs",
        "position": 0,
        "username": "Alice",
        "changed": "1970-01-01T00:00:00.000Z",
        "changedBy": "DSub",
    }


async def test_saving_the_play_queue(ask: Ask, fakes: Any) -> None:
    await ask("savePlayQueue?id=1&id=2&current=2&position=5000")
    await ask("savePlayQueue")
    await ask("savePlayQueue?current=9")
    assert [call[2:] for call in fakes.play_queue.calls] == [
        (("1", "2"), 1, 5000, "test"),
        ((), 0, 0, "test"),
        ((), 0, 0, "test"),
    ]
    assert code(await ask("savePlayQueue?id=1")) == 10
    assert code(await ask("savePlayQueue?id=1&current=2")) == 10


async def test_saving_the_play_queue_by_index(ask: Ask, fakes: Any) -> None:
    await ask("savePlayQueueByIndex?id=1&id=1&currentIndex=1&position=5000")
    await ask("savePlayQueueByIndex")
    assert [call[2:] for call in fakes.play_queue.calls] == [
        (("1", "1"), 1, 5000, "test"),
        ((), 0, 0, "test"),
    ]
    for wrong in ("id=1", "id=1&currentIndex=1", "id=1&currentIndex=-1", "currentIndex=0"):
        assert code(await ask(f"savePlayQueueByIndex?{wrong}")) == 10


async def test_information_on_artists(
    ask: Ask, fakes: Any, make_album: MakeAlbum, make_track: MakeTrack
) -> None:
    fakes.library.answers.update(
        artist=ArtistWithAlbums(artist=NAXOS, albums=()),
        album=AlbumWithTracks(album=make_album(), tracks=()),
        track=make_track(),
    )
    fakes.similarity.answers["similar_artists"] = (NAXOS,)
    fakes.metadata.answers["artist"] = ArtistFacts(biography="Sings.", musicbrainz_id="other")
    for identifier in (AR, AL):
        info = (await ask(f"getArtistInfo2?id={identifier}&count=3"))["artistInfo2"]
        assert info["musicBrainzId"] == "mb"
        assert info["biography"] == "Sings."
        assert [artist["albumCount"] for artist in info["similarArtist"]] == [0]
        assert fakes.similarity.calls[-1][3] == 3
    classic = (await ask(f"getArtistInfo?id={AR}&includeNotPresent=true"))["artistInfo"]
    assert classic["similarArtist"] == [{"id": AR, "name": "Naxos"}]


async def test_information_on_albums(ask: Ask, fakes: Any, make_album: MakeAlbum) -> None:
    album = make_album(musicbrainz_id="mb")
    fakes.library.answers["album"] = AlbumWithTracks(album=album, tracks=())
    fakes.metadata.answers["album"] = AlbumFacts(url="https://example.org")
    expected = {"musicBrainzId": "mb", "lastFmUrl": "https://example.org"}
    for name in ("getAlbumInfo", "getAlbumInfo2"):
        assert (await ask(f"{name}?id={AL}"))["albumInfo"] == expected


async def test_nothing_known_is_no_error(ask: Ask, fakes: Any) -> None:
    """airsonic-refix blanks the page, Feishin shows a message."""
    nothing = NotFoundError("There is no such thing.")
    fakes.library.answers.update(artist=nothing, album=nothing, track=nothing, folder=nothing)
    fakes.similarity.answers.update(
        similar_tracks=nothing, top_tracks=nothing, top_tracks_of=nothing
    )
    answers: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("getArtistInfo", "artistInfo", {"similarArtist": []}),
        ("getArtistInfo2", "artistInfo2", {"similarArtist": []}),
        ("getAlbumInfo", "albumInfo", {}),
        ("getAlbumInfo2", "albumInfo", {}),
        ("getSimilarSongs", "similarSongs", {"song": []}),
        ("getSimilarSongs2", "similarSongs2", {"song": []}),
        ("getTopSongs", "topSongs", {"song": []}),
    )
    for identifier in ("-1", AR, AL, TR):
        for name, element, expected in answers:
            assert (await ask(f"{name}?id={identifier}"))[element] == expected
    assert (await ask("getTopSongs?artist=Nobody"))["topSongs"] == {"song": []}


async def test_top_songs(ask: Ask, fakes: Any, make_track: MakeTrack) -> None:
    fakes.similarity.answers.update(top_tracks=(make_track(),), top_tracks_of=())
    assert len((await ask("getTopSongs?artist=Naxos"))["topSongs"]["song"]) == 1
    await ask("getTopSongs?artist=Naxos&size=20")
    await ask(f"getTopSongs?artist=Other&id={AR}&count=5")
    assert [(call[0], *call[2:]) for call in fakes.similarity.calls] == [
        ("top_tracks", "Naxos", 50),
        ("top_tracks", "Naxos", 20),
        ("top_tracks_of", AR, 5),
    ]
    assert code(await ask("getTopSongs")) == 10


async def test_scanning(ask: Ask, fakes: Any) -> None:
    vars(fakes.scans)["status"] = lambda viewer: ScanStatus(scanning=True, count=7)
    expected = {"scanning": True, "count": 7}
    assert (await ask("getScanStatus"))["scanStatus"] == expected
    assert fakes.scans.calls == []
    assert (await ask("startScan"))["scanStatus"] == expected
    assert fakes.scans.calls[0][0] == "start"


async def test_who_asks_for_more_lyrics_gets_more(ask: Ask, fakes: Any) -> None:
    lrc = "[00:01.00]<00:01.00>Où <00:02.00>là<00:03.00>"
    fakes.lyrics.answers.update(of_track=(parse_lyrics(lrc),))
    old = {
        "lang": "und",
        "offset": 0,
        "synced": True,
        "line": [{"start": 1000, "value": "Où là"}],
    }
    cues = [
        {"start": 1000, "end": 2000, "byteStart": 0, "byteEnd": 2, "value": "Où"},
        {"start": 2000, "end": 3000, "byteStart": 4, "byteEnd": 6, "value": "là"},
    ]
    answer = await ask("getLyricsBySongId?id=tr-1")
    assert answer["lyricsList"]["structuredLyrics"] == [old]
    answer = await ask("getLyricsBySongId?id=tr-1&enhanced=true")
    assert answer["lyricsList"]["structuredLyrics"] == [
        old
        | {
            "kind": "main",
            "cueLine": [{"index": 0, "start": 1000, "value": "Où là", "cue": cues}],
        }
    ]
    assert [call[-1] for call in fakes.lyrics.calls] == [{"enhanced": False}, {"enhanced": True}]


async def test_no_lyrics(ask: Ask, fakes: Any) -> None:
    fakes.lyrics.answers.update(find=None, of_track=())
    assert (await ask("getLyrics"))["lyrics"] == {"value": ""}
    assert fakes.lyrics.calls == []
    assert (await ask("getLyrics?artist=Naxos&title=Song"))["lyrics"] == {"value": ""}
    assert fakes.lyrics.calls[0][2:] == ("Naxos", "Song")
    answer = await ask("getLyricsBySongId?id=tr-1&enhanced=true")
    assert answer["lyricsList"] == {"structuredLyrics": []}
