"""What a scan notes about files for the report, and when it forgets it again."""

import os
import struct

import pytest

from hydrophone.storage.queries import remarks as queries
from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.scanned_library import ScannedLibrary

EGE = "Can/Ege"
HUGE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 13_000, 13_000) + bytes(20_000)
WHOLE = {"title": "A", "artist": "B", "album": "C"}


def _remarks(library: ScannedLibrary) -> dict[tuple[str, str], str]:
    found = library.query(lambda connection: list(queries.remarks(connection)))
    return {(remark.path, remark.kind.value): remark.reason for remark in found}


def _groups(library: ScannedLibrary) -> list[list[str]]:
    found = library.query(lambda connection: list(queries.duplicates(connection)))
    return sorted([place.path for place in group.files] for group in found)


def test_tags_that_are_missing(library: ScannedLibrary) -> None:
    library.add("whole.mp3", tags=WHOLE)
    library.add("a.mp3")
    library.add("b.mp3", tags={"title": "A", "album": "C"})
    library.add("c.flac", tags={"artist": "B"})
    # What is filled in from folders is no tag.
    library.add("Artist/Album/01 - Title.ogg", tags={"album": "C"})
    summary = library.scan()
    assert _remarks(library) == {
        ("a.mp3", "no-tags"): "has no title, artist or album",
        ("b.mp3", "missing-tags"): "has no artist",
        ("c.flac", "missing-tags"): "has no title and no album",
        ("Artist/Album/01 - Title.ogg", "missing-tags"): "has no title and no artist",
    }
    assert (summary.remark_count, summary.problem_count) == (4, 0)


def test_remarks_go_when_the_file_is_read_again_or_gone(library: ScannedLibrary) -> None:
    for name in ("mended.mp3", "gone.mp3", "broken.mp3", "old.mp3"):
        library.add(name)
    library.scan()
    assert len(_remarks(library)) == 4
    library.add("mended.mp3", tags=WHOLE)
    (library.root / "gone.mp3").unlink()
    (library.root / "broken.mp3").write_bytes(b"no music any more")
    (library.root / "old.mp3").rename(library.root / "new.mp3")
    summary = library.scan()
    assert set(_remarks(library)) == {("broken.mp3", "unreadable"), ("new.mp3", "no-tags")}
    assert summary.remark_count == 2
    again = library.scan()
    assert (library.files_read(), again.remark_count) == (0, 2)


def test_file_that_was_cut_off(library: ScannedLibrary) -> None:
    path = library.add("cut.mp3", tags=WHOLE)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3])
    library.scan()
    [(place, reason)] = _remarks(library).items()
    assert place == ("cut.mp3", "length")
    assert reason == "says 0:00, but the last 0.2 s are missing (cut off?)"
    path.write_bytes(content)
    assert library.scan().remark_count == 0


def test_a_library_that_is_let_go_takes_its_remarks_along(library: ScannedLibrary) -> None:
    library.add("a.mp3")
    library.scan()
    other = library.root.parent / "other"
    other.mkdir()
    library.configured = [("Other", other)]
    assert library.scan().remark_count == 0
    assert _remarks(library) == {}


def test_folders_and_pictures_that_cannot_be_read(library: ScannedLibrary) -> None:
    library.album(EGE)
    cover = library.root / EGE / "cover.jpg"
    # Larger than a picture may be, though not on the disk.
    with cover.open("wb") as file:
        file.truncate(33 * 1024 * 1024)
    library.scan()
    told = {(f"{EGE}/cover.jpg", "unreadable"): "the picture is larger than 32 MiB"}
    assert _remarks(library) == told
    # A pass that does not look there knows nothing new.
    (library.root / "elsewhere").mkdir()
    library.scan(folders=["elsewhere"])
    assert _remarks(library) == told
    cover.write_bytes(make_picture())
    library.scan(folders=[EGE])
    assert _remarks(library) == {}


def test_pictures_that_are_never_shown(library: ScannedLibrary) -> None:
    """A bomb of some bytes, and megabytes that are no picture, beside the music and in it."""
    library.add("a/sound.mp3", tags=WHOLE, audio=440, picture=HUGE)
    library.add("b/sound.flac", tags=WHOLE, audio=441, picture=b"\xff\xd8" + bytes(2_000_000))
    library.add("c/sound.m4a", tags=WHOLE, audio=442, picture=make_picture())
    (library.root / "c/cover.png").write_bytes(HUGE)
    (library.root / "b/cover.jpg").write_bytes(bytes(2_000_000))
    summary = library.scan()
    too_large = "the picture of 13000 x 13000 pixels is too large"
    unknown = "the picture is none of a known format"
    told = {
        ("a/sound.mp3", "picture"): too_large,
        ("b/sound.flac", "picture"): unknown,
        ("c/cover.png", "unreadable"): too_large,
        ("b/cover.jpg", "unreadable"): unknown,
    }
    assert (_remarks(library), summary.remark_count) == (told, 4)
    # Each is looked at again, and told once.
    library.scan()
    assert _remarks(library) == told
    # All show the one picture of their album that can be shown.
    [shown] = {track.artwork_id for track in library.tracks().values()}
    assert shown is not None
    library.add("a/sound.mp3", tags=WHOLE, audio=440, picture=make_picture())
    (library.root / "b/cover.jpg").unlink()
    library.scan()
    assert set(_remarks(library)) == {("b/sound.flac", "picture"), ("c/cover.png", "unreadable")}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folder_that_may_not_be_read(library: ScannedLibrary) -> None:
    library.album(EGE)
    (library.root / "secret").mkdir(mode=0)
    library.scan()
    assert _remarks(library) == {("secret", "unreadable"): "Permission denied"}


def test_a_paused_library_is_told(library: ScannedLibrary) -> None:
    library.album(EGE)
    library.scan()
    library.root.rename(library.root.with_name("away"))
    library.scan()
    [(place, reason)] = _remarks(library).items()
    assert place == ("", "unreadable")
    assert "its scan is paused" in reason


def test_equal_sound_is_found_whatever_the_tags(library: ScannedLibrary) -> None:
    for name in ("b.mp3", "a.mp3", "deep/down.mp3"):
        library.add(name, audio=440, tags={"title": name})
    library.add("x.flac", audio=500)
    library.add("y.flac", audio=500, tags=WHOLE)
    library.add("alone.mp3", audio=600)
    library.scan()
    assert _groups(library) == [["a.mp3", "b.mp3", "deep/down.mp3"], ["x.flac", "y.flac"]]
    (library.root / "x.flac").unlink()
    library.scan()
    assert _groups(library) == [["a.mp3", "b.mp3", "deep/down.mp3"]]


def test_a_file_that_a_sheet_cuts_is_told_once(library: ScannedLibrary) -> None:
    sheet = 'FILE "{}.flac" WAVE\n' + "".join(
        f"  TRACK {n:02} AUDIO\n    INDEX 01 00:00:{(n - 1) * 5:02}\n" for n in (1, 2, 3)
    )
    for name in ("one", "two"):
        library.add(f"{name}/{name}.flac", audio=700)
        (library.root / name / f"{name}.cue").write_text(sheet.format(name))
    library.scan()
    assert len(library.every_track()) == 6
    assert _groups(library) == [["one/one.flac", "two/two.flac"]]
    told = _remarks(library)
    assert {path for path, _ in told} == {"one/one.flac", "two/two.flac"}
    # Without its sheet it is one track again, and still told once.
    (library.root / "one/one.cue").unlink()
    library.scan(full=True)
    assert set(_remarks(library)) == {
        ("one/one.flac", "no-tags"),
        *(place for place in told if place[0] == "two/two.flac"),
    }
