"""Pictures in all the usual places: albums, discs, artists."""

import shutil
from pathlib import Path

import pytest

from hydrophone.domain.ids import ArtworkId
from hydrophone.storage.queries import artwork
from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.scanned_library import ScannedLibrary


def _draw(library: ScannedLibrary, path: str, color: str = "red") -> Path:
    file = library.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(make_picture(color=color))
    return file


def _path(library: ScannedLibrary, picture: ArtworkId | None) -> str | None:
    if picture is None:
        return None
    place = library.query(lambda connection: artwork.location(connection, picture))
    return place[1] if place else ""


def _of_artist(library: ScannedLibrary, name: str) -> str | None:
    artist = library.artists()[name]
    return _path(
        library,
        library.query(
            lambda connection: (
                artwork.portrait(connection, [1], artist.id, name)
                or artwork.newest_cover(connection, [1], artist.id)
            )
        ),
    )


@pytest.mark.parametrize(
    "name",
    [
        "cover.jpg",
        "Folder.JPG",
        "front.png",
        "AlbumArt.jpeg",
        "AlbumArtSmall.jpg",
        "Can - Ege (front cover).webp",
        "whatever.gif",
        "Artwork/front.jpg",
        "Scans/cover.png",
        "covers/only one.jpg",
    ],
)
def test_cover_of_an_album(library: ScannedLibrary, name: str) -> None:
    library.album("Can/Ege")
    _draw(library, f"Can/Ege/{name}")
    library.scan()
    assert _path(library, library.the_album().artwork_id) == f"Can/Ege/{name}"


def test_own_folder_wins_over_the_one_below(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    _draw(library, "Can/Ege/Scans/front.jpg")
    _draw(library, "Can/Ege/folder.jpg", "blue")
    library.scan()
    assert _path(library, library.the_album().artwork_id) == "Can/Ege/folder.jpg"


def test_folder_of_pictures_that_comes_later_and_goes(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.scan()
    assert library.the_album().artwork_id is None
    scans = _draw(library, "Can/Ege/Scans/front.jpg").parent
    library.scan()
    first = library.the_album().artwork_id
    assert first is not None
    _draw(library, "Can/Ege/Scans/front.jpg", "blue")
    library.scan()
    assert library.the_album().artwork_id not in (first, None)
    shutil.rmtree(scans)
    library.scan()
    assert library.the_album().artwork_id is None
    assert {track.artwork_id for track in library.every_track()} == {None}


def test_discs_with_pictures_of_their_own(library: ScannedLibrary) -> None:
    for disc in (1, 2, 3):
        tags = {"artist": "Can", "albumartist": "Can", "album": "Box", "discnumber": str(disc)}
        library.add(f"Can/Box/CD{disc}/1.mp3", tags=tags | {"title": f"Song {disc}"})
    _draw(library, "Can/Box/cover.jpg")
    _draw(library, "Can/Box/CD2/cover.jpg", "blue")
    library.scan()
    album = library.the_album()
    assert _path(library, album.artwork_id) == "Can/Box/cover.jpg"
    [second] = album.discs
    assert (second.number, second.title) == (2, "")
    assert _path(library, second.artwork_id) == "Can/Box/CD2/cover.jpg"
    shown = [track.artwork_id for track in library.every_track()]
    assert shown == [album.artwork_id, second.artwork_id, album.artwork_id]
    (library.root / "Can/Box/CD2/cover.jpg").unlink()
    library.scan()
    assert library.the_album().discs == ()
    assert {track.artwork_id for track in library.every_track()} == {album.artwork_id}


def test_embedded_pictures_of_discs(library: ScannedLibrary) -> None:
    for disc, color in ((1, "red"), (2, "blue")):
        tags = {"artist": "Can", "albumartist": "Can", "album": "Box", "discnumber": str(disc)}
        library.add(f"Can/Box/{disc}.mp3", tags=tags, picture=make_picture(color=color))
    library.scan()
    album = library.the_album()
    [second] = album.discs
    assert second.number == 2
    assert [track.artwork_id for track in library.every_track()] == [
        album.artwork_id,
        second.artwork_id,
    ]


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        ("Can/artist.jpg", True),
        ("Can/folder.jpg", True),
        ("Can/photo.png", True),
        ("artist.jpg", True),
        ("folder.jpg", False),
        ("Can/Ege/artist.jpg", False),
    ],
)
def test_picture_of_an_artist(library: ScannedLibrary, picture: str, found: bool) -> None:
    library.album("Can/Ege")
    _draw(library, picture)
    library.scan()
    assert _of_artist(library, "Can") == (picture if found else None)
    assert library.the_album().artwork_id is None


def test_artist_of_discs_in_folders_and_without_a_picture(library: ScannedLibrary) -> None:
    tags = {"artist": "Can", "albumartist": "Can", "album": "Box"}
    library.add("Can/Box/CD1/1.mp3", tags=tags)
    _draw(library, "Can/Box/cover.jpg", "blue")
    library.scan()
    assert _of_artist(library, "Can") == "Can/Box/cover.jpg"
    _draw(library, "Can/band.jpg")
    library.scan()
    assert _of_artist(library, "Can") == "Can/band.jpg"
