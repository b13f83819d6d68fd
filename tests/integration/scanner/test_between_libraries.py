"""Albums of which a part goes to another library: it is no reason for the rest to be another."""

from pathlib import Path

import pytest

from hydrophone.testing.scanned_library import ScannedLibrary

TAGS = {"artist": "Can", "albumartist": "Can", "album": "Ege"}


@pytest.fixture
def others(library: ScannedLibrary, tmp_path: Path) -> Path:
    """The root of a library that is scanned before the usual one."""
    others = tmp_path / "others"
    others.mkdir()
    library.configured.insert(0, ("Others", others))
    return others


def test_one_song_of_two_formats(library: ScannedLibrary, others: Path) -> None:
    """When all files are read again, any may tell another album: but not in another library."""
    library.album("Can/Ege", suffix="flac")
    mp3s = [
        library.add(f"Can/MP3/{number}.mp3", tags=TAGS | {"tracknumber": str(number)})
        for number in (1, 2)
    ]
    library.scan()
    before = library.ids()
    mp3s[1].rename(others / "2.mp3")
    library.scan(full=True)
    after = library.ids()
    moved, _ = before.pop("Can/MP3/2.mp3")
    assert after["2.mp3"][0] == moved
    del after["2.mp3"]
    assert after == before


@pytest.mark.parametrize("discs", [("1", "2"), ("2", "1")])
def test_discs_in_any_order(library: ScannedLibrary, others: Path, discs: tuple[str, str]) -> None:
    """Whichever is read first takes the album along; the other follows."""
    for folder, disc in zip(("a", "b"), discs, strict=True):
        for number in ("1", "2"):
            tags = TAGS | {"discnumber": disc, "tracknumber": number}
            library.add(f"Ege/{folder}/{number}.mp3", tags=tags)
    library.add("stays.mp3")
    library.scan()
    before = library.ids()
    (library.root / "Ege").rename(others / "Ege")
    library.scan()
    assert library.ids() == before
    [album] = [album for album in library.albums() if album.name == "Ege"]
    assert (album.library_id, album.track_count) == (library.libraries()[0].id, 4)
