"""What endpoints ask of the services and make of the answers: folders, artists, genres."""

from typing import Any

import pytest
from msgspec import structs
from tests.unit.subsonic_api.asking import AL, AR, NAXOS, Ask, MakeAlbum, MakeTrack

from hydrophone.domain.annotation import Annotation
from hydrophone.domain.collation import IGNORED_ARTICLES
from hydrophone.domain.ids import FolderId, LibraryId
from hydrophone.domain.library import (
    AlbumWithTracks,
    ArtistLetter,
    ArtistWithAlbums,
    Folder,
    FolderLetter,
    FolderListing,
    LeftAtTop,
    Library,
    MarkedFolder,
)
from hydrophone.domain.music import Genre
from hydrophone.domain.units import Timestamp

pytestmark = pytest.mark.anyio


ROOT = Folder(id=FolderId("fo-root"), library_id=LibraryId(1), parent_id=None, name="Music")
ABBA = Folder(id=FolderId("fo-abba"), library_id=LibraryId(1), parent_id=ROOT.id, name="Abba")


async def test_music_folders(ask: Ask, fakes: Any) -> None:
    fakes.libraries.answers["all"] = ()
    assert (await ask("getMusicFolders"))["musicFolders"] == {"musicFolder": []}
    fakes.libraries.answers["all"] = (Library(id=LibraryId(1), name="Music", path="/music"),)
    assert (await ask("getMusicFolders"))["musicFolders"] == {
        "musicFolder": [{"id": 1, "name": "Music"}]
    }


async def test_indexes(ask: Ask, fakes: Any, make_track: MakeTrack) -> None:
    letter = FolderLetter(
        name="A", keys=(ABBA.id,), names=(ABBA.name,), albums=(0,), artists=(0,), mark=1
    )
    starred = MarkedFolder(
        id=ABBA.id, name="Abba", annotation=Annotation(starred=Timestamp(0)), average_rating=2.5
    )
    fakes.folders.answers.update(
        letters=(letter,), marked=(starred,), root_tracks=(make_track(),), root_videos=()
    )
    indexes = (await ask("getIndexes?musicFolderId=7&ifModifiedSince=999"))["indexes"]

    assert fakes.folders.calls[-1][2] == ()
    assert (indexes["lastModified"], indexes["ignoredArticles"]) == (1000, IGNORED_ARTICLES)
    shown = {
        "id": "fo-abba",
        "name": "Abba",
        "starred": "1970-01-01T00:00:00.000Z",
        "averageRating": 2.5,
    }
    assert indexes["index"] == [{"name": "A", "artist": [shown]}]
    assert indexes["shortcut"] == [shown]
    assert [child["title"] for child in indexes["child"]] == ["Song"]
    assert [call[0] for call in fakes.folders.calls].count("marked") == 1


async def test_indexes_that_have_not_changed(ask: Ask, fakes: Any) -> None:
    indexes = (await ask("getIndexes?ifModifiedSince=1000.677"))["indexes"]
    assert indexes == {
        "lastModified": 1000,
        "ignoredArticles": IGNORED_ARTICLES,
        "shortcut": [],
        "index": [],
        "child": [],
    }
    assert [call[0] for call in fakes.libraries.calls] == ["modified"]
    assert fakes.folders.calls == []


async def test_directories(
    ask: Ask, fakes: Any, make_album: MakeAlbum, make_track: MakeTrack
) -> None:
    fakes.folders.answers["folder"] = FolderListing(
        folder=structs.replace(ROOT, id=FolderId("fo-rock"), parent_id=ROOT.id),
        folders=(ABBA,),
        tracks=(make_track(),),
        videos=(),
    )
    fakes.artists.answers["artist"] = ArtistWithAlbums(artist=NAXOS, albums=(make_album(),))
    fakes.albums.answers["album"] = AlbumWithTracks(album=make_album(), tracks=(make_track(),))
    rock = (await ask("getMusicDirectory?id=fo-rock"))["directory"]
    assert rock["parent"] == "fo-root"
    assert [(child["id"], child["parent"]) for child in rock["child"]] == [
        ("fo-abba", "fo-rock"),
        ("tr-songsongsongs", "fo-rock"),
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


async def test_the_root_of_a_library(ask: Ask, fakes: Any, make_track: MakeTrack) -> None:
    letter = FolderLetter(
        name="A", keys=(ABBA.id,), names=(ABBA.name,), albums=(0,), artists=(0,), mark=1
    )
    fakes.folders.answers |= {
        "root": ROOT,
        "letters": (letter,),
        "plain_at_top": (ABBA,),
        "left_at_top": LeftAtTop(albums={}, artists={}),
        "root_tracks": (make_track(),),
        "root_videos": (),
    }
    for identifier in ("1", "fo-root"):
        root = (await ask(f"getMusicDirectory?id={identifier}"))["directory"]
        assert root["id"] == identifier
        assert "parent" not in root
        assert [(child["id"], child["parent"]) for child in root["child"]] == [
            ("fo-abba", identifier),
            ("tr-songsongsongs", identifier),
        ]


async def test_genres_without_a_name_are_left_out(ask: Ask, fakes: Any) -> None:
    fakes.genres.answers["all"] = (
        Genre(name="", track_count=1, album_count=1),
        Genre(name="R&B", track_count=2, album_count=1),
    )
    assert (await ask("getGenres"))["genres"] == {
        "genre": [{"value": "R&B", "songCount": 2, "albumCount": 1}]
    }


async def test_artists(ask: Ask, fakes: Any) -> None:
    fakes.artists.answers.update(
        letters=(ArtistLetter(name="N", keys=(7,), album_counts=(1,), mark=1),),
        plain={7: NAXOS},
        starred={},
    )
    artists = (await ask("getArtists"))["artists"]
    assert artists["ignoredArticles"] == IGNORED_ARTICLES
    assert [(i["name"], [a["name"] for a in i["artist"]]) for i in artists["index"]] == [
        ("N", ["Naxos"])
    ]
    fakes.artists.answers["letters"] = ()
    assert (await ask("getArtists?musicFolderId=2"))["artists"]["index"] == []
