"""What the report says of links, of what is no file, of names, and of CUE sheets of no use."""

import os
import socket
from pathlib import Path

import pytest

from hydrophone.domain.report import BY_LISTING
from hydrophone.storage.queries import remarks as queries
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.scanned_library import ScannedLibrary

WHOLE = {"title": "A", "artist": "B", "album": "C"}
NO_UTF8 = "a name that is no UTF-8, and so is shown escaped"
SHEET = """FILE "{}" WAVE
  TRACK 01 AUDIO
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    INDEX 01 00:00:05
"""


def _told(library: ScannedLibrary) -> dict[str, str]:
    """Return {path: reason} of what was passed over, is linked from outside, or has an odd name."""
    found = library.query(lambda connection: list(queries.remarks(connection)))
    return {r.path: r.reason for r in found if r.kind in BY_LISTING}


def test_what_is_no_file_has_a_line_until_it_is_gone(
    library: ScannedLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add("deep/fine.mp3", tags=WHOLE)
    for number in range(3):
        library.add(f"{number}.mp3", tags=WHOLE)
    folder = library.root / "deep"
    os.mkfifo(folder / "pipe.mp3")
    os.mkfifo(folder / "pipe.txt")
    # A socket's path may not be long.
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.flac")
    (folder / "null.mp3").symlink_to("/dev/null")
    (folder / "itself").symlink_to("itself")
    (folder / "loop").symlink_to(library.root)
    (folder / "dangling.mp3").symlink_to("nowhere\udcff.mp3")
    (folder / "dangling").symlink_to("/nowhere")
    (folder / "notes.txt").symlink_to("/etc/hostname")
    (folder / "inside.mp3").symlink_to("fine.mp3")
    summary = library.scan()
    expected = {
        "deep/pipe.mp3": "a pipe, which is no file",
        "deep/socket.flac": "a socket, which is no file",
        "deep/null.mp3": "a device, which is no file",
        "deep/itself": "a link that leads back to itself",
        "deep/loop": "a link to a folder that it is in itself",
        "deep/dangling.mp3": "a link to what is not there: nowhere\\xff.mp3",
        "deep/dangling": "a link to what is not there: /nowhere",
    }
    assert _told(library) == expected
    assert (summary.problem_count, summary.remark_count) == (0, len(expected))
    (folder / "pipe.mp3").unlink()
    del expected["deep/pipe.mp3"]
    library.scan(folders=[""])
    assert "deep/pipe.mp3" in _told(library)
    library.scan(folders=["deep"])
    assert _told(library) == expected
    folder.rename(library.root.parent / "away")
    library.scan(folders=[""])
    assert _told(library) == {}


def test_links_out_of_the_library_are_told_and_followed(
    library: ScannedLibrary, tmp_path: Path
) -> None:
    make_audio(tmp_path / "disk/sub/a.mp3", frequency=900)
    make_audio(tmp_path / "b.mp3", frequency=950)
    (tmp_path / "disk/sub/loop").symlink_to(tmp_path / "disk")
    (library.root / "disk").symlink_to(tmp_path / "disk")
    (library.root / "b.mp3").symlink_to(tmp_path / "b.mp3")
    for full in (False, False, True):
        library.scan(full=full)
        assert set(library.tracks()) == {"disk/sub/a.mp3", "b.mp3"}
        assert _told(library) == {
            "disk": f"a link out of the library, to {tmp_path}/disk",
            "disk/sub/loop": "a link to a folder that it is in itself",
            "b.mp3": f"a link out of the library, to {tmp_path}/b.mp3",
        }
    # What is said of the file's tags stays beside it, and a file is counted once.
    kinds = [r.kind for r in library.query(lambda c: list(queries.remarks(c))) if r.path == "b.mp3"]
    assert kinds == ["no-tags", "outside"]
    assert library.scan().remark_count == 4
    (tmp_path / "b.mp3").write_bytes(b"no music")
    assert library.scan().remark_count == 4


def test_names_that_are_no_utf8(library: ScannedLibrary, tmp_path: Path) -> None:
    def place(path: bytes) -> Path:
        return library.root / os.fsdecode(path)

    for odd in (b"B\xe9r/Se\xf1or/fine.mp3", b"B\xe9r/\xc0\x80.flac", b"plain/caf\xe9 \xff.mp3"):
        library.add(os.fsdecode(odd), audio=440 + len(odd), tags=WHOLE)
    for name in ("Björk/が.mp3", "plain/back\\xff.mp3"):
        library.add(name, audio=540 + len(name), tags=WHOLE)
    for odd in (b"fr\xf6nt.jpg", b"l\xefst.m3u", b"f\xeflm.mkv", b"sh\xe9et.cue", b"n\xf6.txt"):
        place(b"plain/" + odd).write_bytes(b"nothing")
    place(b"@eaDir").mkdir()
    place(b".hid\xff.mp3").touch()
    make_audio(tmp_path / "out.mp3", frequency=900, tags=WHOLE)
    place(b"plain/linked\xe9.mp3").symlink_to(tmp_path / "out.mp3")
    place(b"plain/pipe\xe9.mp3").symlink_to("/dev/null")
    named = {
        "B\\xe9r",
        "B\\xe9r/Se\\xf1or",
        "B\\xe9r/\\xc0\\x80.flac",
        "plain/caf\\xe9 \\xff.mp3",
        "plain/fr\\xf6nt.jpg",
        "plain/l\\xefst.m3u",
        "plain/f\\xeflm.mkv",
    }
    # One line each: what it is, or where it leads, goes before its name.
    others = {
        "plain/sh\\xe9et.cue": "a CUE sheet: it names no file",
        "plain/linked\\xe9.mp3": f"a link out of the library, to {tmp_path}/out.mp3",
        "plain/pipe\\xe9.mp3": "a device, which is no file",
    }
    for full in (False, False, True):
        library.scan(full=full)
        assert _told(library) == dict.fromkeys(named, NO_UTF8) | others
        assert len(library.tracks()) == 6
    before = sorted(library.ids().values())
    place(b"plain/caf\xe9 \xff.mp3").rename(library.root / "plain/café.mp3")
    place(b"B\xe9r").rename(library.root / "Bér")
    place("Bér/Se\udcf1or".encode(errors="surrogateescape")).rename(library.root / "Bér/Señor")
    library.scan()
    named -= {"B\\xe9r", "B\\xe9r/Se\\xf1or", "B\\xe9r/\\xc0\\x80.flac", "plain/caf\\xe9 \\xff.mp3"}
    named |= {"Bér/\\xc0\\x80.flac"}
    assert _told(library) == dict.fromkeys(named, NO_UTF8) | others
    assert sorted(library.ids().values()) == before


def test_what_is_said_of_a_folder_stays_while_only_what_is_in_it_is_looked_at(
    library: ScannedLibrary, tmp_path: Path
) -> None:
    for number in range(3):
        library.add(f"{number}.mp3", audio=700 + number, tags=WHOLE)
    make_audio(tmp_path / "disk/a.mp3", frequency=950, tags=WHOLE)
    (library.root / "disk").symlink_to(tmp_path / "disk")
    odd = library.root / os.fsdecode(b"caf\xe9")
    odd.mkdir()
    library.scan()
    told = {
        "caf\\xe9": NO_UTF8,
        "disk": f"a link out of the library, to {tmp_path}/disk",
    }
    assert _told(library) == told
    library.add(os.fsdecode(b"caf\xe9/b.mp3"), audio=800, tags=WHOLE)
    library.add("disk/c.mp3", audio=850, tags=WHOLE)
    summary = library.scan(folders=["caf\\xe9", "disk"])
    assert summary.added == 2
    assert _told(library) == told
    odd.rename(library.root / "café")
    library.scan(folders=[""])
    assert _told(library) == {"disk": told["disk"]}


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        (b"", "it names no file"),
        (os.urandom(5000), "it names no file"),
        (b'FILE "disc.flac" WAVE\n', "it names no track of music"),
        (SHEET.format("other.wav").encode(), "its file is not here: other.wav"),
        (
            b'FILE "disc.wav" WAVE\n  TRACK 01 AUDIO\n  TRACK 02 AUDIO\n',
            "it does not say where its tracks begin",
        ),
    ],
    ids=["empty", "noise", "no track", "missing", "no index"],
)
def test_sheet_that_cannot_be_used(library: ScannedLibrary, sheet: bytes, reason: str) -> None:
    library.add("disc.flac", tags=WHOLE)
    path = library.root / "sheet.cue"
    path.write_bytes(sheet)
    for full in (False, False, True):
        summary = library.scan(full=full)
        assert _told(library) == {"sheet.cue": f"a CUE sheet: {reason}"}
        assert summary.problem_count == 0
    path.write_text(SHEET.format("disc.wav"))
    library.scan()
    assert _told(library) == {}
    assert len(library.every_track()) == 2


def test_sheet_whose_file_comes_and_goes(library: ScannedLibrary) -> None:
    (library.root / "disc").mkdir()
    (library.root / "disc/disc.cue").write_text(SHEET.format("disc.flac"))
    told = {"disc/disc.cue": "a CUE sheet: its file is not here: disc.flac"}
    library.scan()
    assert _told(library) == told
    library.add("disc/disc.flac", tags=WHOLE)
    library.scan()
    assert _told(library) == {}
    (library.root / "disc/disc.flac").unlink()
    library.add("disc/another.flac", audio=700, tags=WHOLE)
    library.scan(folders=["disc"])
    assert _told(library) == told
    (library.root / "disc/disc.cue").unlink()
    library.scan()
    assert _told(library) == {}
