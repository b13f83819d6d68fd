"""What endpoints ask of the services and make of the answers: lists of albums and songs."""

from typing import Any

import pytest
from tests.unit.subsonic_api.asking import AL, AR, NAXOS, Ask, MakeAlbum, MakeTrack, code, unread

from hydrophone.domain.annotation import Annotation
from hydrophone.domain.library import (
    AlbumListKind,
    AlbumListQuery,
    AlbumPage,
    AlbumWithTracks,
    ArtistWithAlbums,
    MarksByRow,
    Page,
    RandomTracksQuery,
    Starred,
)
from hydrophone.domain.units import Timestamp

pytestmark = pytest.mark.anyio


async def test_what_has_nothing_in_it_has_empty_lists(
    ask: Ask, fakes: Any, make_album: MakeAlbum
) -> None:
    """Feishin maps over them without looking."""
    fakes.artists.answers["artist"] = ArtistWithAlbums(artist=NAXOS, albums=())
    fakes.albums.answers["album"] = AlbumWithTracks(album=make_album(), tracks=())
    fakes.tracks.answers["draw"] = ()
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
    fakes.albums.answers["page"] = AlbumPage(rows=(), total=0)
    for name, element in (("getAlbumList", "albumList"), ("getAlbumList2", "albumList2")):
        fakes.albums.calls.clear()
        assert (await ask(f"{name}?{query}"))[element] == {"album": []}
        assert fakes.albums.calls[0][2] == expected


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
    assert fakes.albums.calls == []


async def test_random_songs_with_empty_limits(ask: Ask, fakes: Any) -> None:
    fakes.tracks.answers["draw"] = ()
    await ask("getRandomSongs?size=50&genre=&fromYear=&toYear=")
    assert fakes.tracks.calls[-1][2] == RandomTracksQuery(size=50)


async def test_songs_by_genre(ask: Ask, fakes: Any, make_track: MakeTrack) -> None:
    fakes.tracks.answers["of_genre"] = (make_track(),)
    answer = await ask("getSongsByGenre?genre=Rock&count=5&offset=10&musicFolderId=1")
    assert len(answer["songsByGenre"]["song"]) == 1
    assert fakes.tracks.calls[-1][2:] == ("Rock", Page(offset=10, size=5), 1)


async def test_starred(ask: Ask, fakes: Any, make_album: MakeAlbum, make_track: MakeTrack) -> None:
    fakes.annotations.answers["starred"] = Starred(
        artists=(NAXOS,), albums=(7,), tracks=(unread(make_track()),), videos=()
    )
    starred = Annotation(starred=Timestamp(0))
    fakes.albums.answers["marks"] = MarksByRow(version=1, marks={7: (starred, 0)})
    fakes.albums.answers["plain_by_rows"] = {7: make_album()}
    first = (await ask("getStarred"))["starred"]
    second = (await ask("getStarred2?musicFolderId=4"))["starred2"]
    assert fakes.annotations.calls[-1][2] == 4
    assert first["album"][0]["isDir"]
    assert first["album"][0]["starred"] == second["album"][0]["starred"]
    assert "albumCount" not in first["artist"][0]
    assert second["album"][0]["songCount"] == 2
    assert second["artist"][0]["albumCount"] == 0
    assert first["song"] == second["song"]
