"""A whole disc in one file, cut into tracks by the sheet beside it or in its tags."""

import os
from functools import partial
from pathlib import Path

from hydrophone.domain.music import PartialDate, ReplayGain
from hydrophone.domain.report import RemarkKind
from hydrophone.storage.queries import remarks as queries
from hydrophone.storage.queries import tracks
from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.scanned_library import ScannedLibrary

SHEET = """PERFORMER "Can"
TITLE "Ege Bamyasi"
REM DATE 1972
REM GENRE Krautrock
REM REPLAYGAIN_ALBUM_GAIN -5.00 dB
FILE "disc.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Pinch"
    ISRC DEA457200010
    REM REPLAYGAIN_TRACK_GAIN -6.50 dB
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Sing Swan Song"
    PERFORMER "Can & Friends"
    SONGWRITER "Liebezeit"
    INDEX 00 00:00:60
    INDEX 01 00:01:00
  TRACK 03 AUDIO
    INDEX 01 00:01:45
"""
FOLDER = "Can/Ege"


def _disc(library: ScannedLibrary, sheet: str = SHEET, name: str = "disc.flac") -> Path:
    path = make_audio(library.root / FOLDER / name, seconds=3.0, picture=make_picture())
    (library.root / FOLDER / "disc.cue").write_text(sheet)
    return path


def _starts(library: ScannedLibrary) -> list[float | None]:
    files = [
        library.query(partial(tracks.local_file, track_id=t.id)) for t in library.every_track()
    ]
    return [file.start if file else -1.0 for file in files]


def test_tracks_of_a_sheet(library: ScannedLibrary) -> None:
    _disc(library)
    summary = library.scan()
    assert (summary.found, summary.added, summary.problem_count) == (1, 3, 0)
    first, second, third = library.every_track()
    assert [first.title, second.title, third.title] == ["Pinch", "Sing Swan Song", "Track 3"]
    assert [t.track_number for t in (first, second, third)] == [1, 2, 3]
    assert [round(t.duration, 3) for t in (first, second, third)] == [1.0, 0.6, 1.4]
    assert _starts(library) == [0.0, 1.0, 1.6]
    assert first.isrcs == ("DEA457200010",)
    assert first.replay_gain == ReplayGain(track_gain=-6.5, album_gain=-5.0)
    assert second.display_artist == "Can & Friends"
    assert second.display_composer == "Liebezeit"
    assert {t.content_type for t in (first, second, third)} == {"audio/flac"}
    assert first.artwork_id
    album = library.the_album()
    assert (album.name, album.display_artist, album.year) == ("Ege Bamyasi", "Can", 1972)
    assert album.release_date == PartialDate(year=1972)
    assert album.genres == ("Krautrock",)
    assert album.track_count == 3


def test_sheet_in_the_tags(library: ScannedLibrary) -> None:
    for folder, suffix in (("A/X", "flac"), ("B/Y", "mp3"), ("C/Z", "ogg")):
        make_audio(library.root / folder / f"disc.{suffix}", seconds=3.0, tags={"cuesheet": SHEET})
    library.scan()
    assert [album.track_count for album in library.albums()] == [3, 3, 3]
    assert {t.suffix for t in library.every_track()} == {"flac", "mp3"}


def test_unchanged_disc_is_not_read_again(library: ScannedLibrary) -> None:
    _disc(library)
    library.scan()
    before = library.every_track()
    summary = library.scan()
    assert (summary.found, summary.unchanged, library.files_read()) == (1, 1, 0)
    library.scan(full=True)
    assert library.every_track() == before


def test_ids_stay_when_disc_and_sheet_move(library: ScannedLibrary) -> None:
    _disc(library)
    library.scan()
    before = [t.id for t in library.every_track()]
    (library.root / FOLDER).rename(library.root / "elsewhere")
    summary = library.scan()
    assert (summary.moved, summary.added, summary.missing) == (3, 0, 0)
    assert [t.id for t in library.every_track()] == before


def test_ids_stay_when_the_sheet_is_corrected(library: ScannedLibrary) -> None:
    disc = _disc(library)
    library.scan()
    before = [t.id for t in library.every_track()]
    corrected = SHEET.replace("Pinch", "Pinch!").replace("00:01:45", "00:01:50")
    disc.with_suffix(".cue").write_text(corrected)
    summary = library.scan()
    assert summary.changed == 3
    assert [t.id for t in library.every_track()] == before
    assert library.every_track()[0].title == "Pinch!"


def test_track_taken_from_the_sheet_is_missing_and_comes_back(library: ScannedLibrary) -> None:
    disc = _disc(library)
    library.scan()
    before = [t.id for t in library.every_track()]
    disc.with_suffix(".cue").write_text(SHEET.partition("  TRACK 03")[0])
    assert library.scan().missing == 1
    assert [t.id for t in library.every_track()] == before[:2]
    disc.with_suffix(".cue").write_text(SHEET)
    library.scan()
    assert [t.id for t in library.every_track()] == before


def test_sheet_that_comes_later_and_goes_again(library: ScannedLibrary) -> None:
    disc = _disc(library)
    sheet = disc.with_suffix(".cue").rename(library.root / "away.txt")
    library.scan()
    [whole] = library.every_track()
    assert whole.suffix == "flac"
    sheet.rename(disc.with_suffix(".cue"))
    assert library.scan().missing == 1
    assert len(library.every_track()) == 3
    disc.with_suffix(".cue").unlink()
    assert library.scan().missing == 3
    assert [t.id for t in library.every_track()] == [whole.id]


def test_deleted_disc_takes_its_tracks_along(library: ScannedLibrary) -> None:
    library.album("Other/Album")
    disc = _disc(library)
    library.scan()
    disc.unlink()
    assert library.scan().missing == 3


def test_unreadable_disc_is_one_problem(library: ScannedLibrary) -> None:
    library.album("Other/Album")
    disc = _disc(library)
    library.scan()
    whole = disc.read_bytes()
    disc.write_bytes(b"fLaC" + b"\xff" * 100)
    summary = library.scan()
    assert (summary.problem_count, summary.missing) == (1, 3)
    [problem] = summary.problems
    assert problem.path == "Can/Ege/disc.flac"
    disc.write_bytes(whole)
    assert library.scan().problem_count == 0
    assert len(library.every_track()) == 5


def test_sheet_of_single_files_changes_nothing(library: ScannedLibrary) -> None:
    """Many rips have a sheet that only lists the files."""
    paths = library.album("Can/Ege")
    named = "\n".join(
        f'FILE "{path.name}" WAVE\nTRACK 0{n} AUDIO\nTITLE "No"\nINDEX 01 00:00:00'
        for n, path in enumerate(paths, 1)
    )
    (library.root / "Can/Ege/ege.cue").write_text(named)
    library.scan()
    assert [t.title for t in library.every_track()] == ["Song 1", "Song 2"]


def test_sheets_that_lie(library: ScannedLibrary) -> None:
    """Tracks behind the end, backwards, twice at one place; and a sheet that is a pipe."""
    sheet = SHEET.replace("00:01:45", "77:00:00").replace("00:01:00", "00:00:00")
    _disc(library, sheet)
    os.mkfifo(library.root / FOLDER / "pipe.cue")
    assert library.scan().problem_count == 0
    [whole] = library.every_track()
    assert whole.duration > 2.9
    remarks = library.query(lambda connection: list(queries.remarks(connection)))
    told = [remark.reason for remark in remarks if remark.kind is RemarkKind.LENGTH]
    assert told == ["ends before 1 of the 3 tracks on its CUE sheet begin"]


def _indexed(*tracks: tuple[str, str]) -> str:
    lines = ['FILE "disc.wav" WAVE']
    for number, (title, index) in enumerate(tracks, 1):
        lines += [f"TRACK {number:02} AUDIO", f'TITLE "{title}"', f"INDEX 01 {index}"]
    return "\n".join(lines)


def test_track_that_is_inserted_while_others_move_by_frames(library: ScannedLibrary) -> None:
    _disc(library, _indexed(("a", "00:00:00"), ("b", "00:01:00"), ("c", "00:02:00")))
    library.scan()
    before = {track.title: track.id for track in library.every_track()}
    sheet = _indexed(("a", "00:00:00"), ("a2", "00:00:40"), ("b", "00:01:02"), ("c", "00:02:03"))
    _disc(library, sheet)
    library.scan()
    after = {track.title: track.id for track in library.every_track()}
    assert after.pop("a2") not in before.values()
    assert after == before
    _disc(library, _indexed(("b", "00:01:05"), ("c", "00:02:07")))
    library.scan()
    assert {track.title: track.id for track in library.every_track()} == {
        title: before[title] for title in ("b", "c")
    }


def test_sheet_in_another_code_page_finds_its_file(library: ScannedLibrary) -> None:
    for number, name in enumerate(("惑星", "夕凪ループ")):
        path = library.root / f"菅野よう子/{name}.flac"
        make_audio(path, seconds=3.0, frequency=500 + 50 * number)
    sheet = SHEET.replace("disc.wav", "夕凪ループ.wav").replace("Pinch", "光あれ")
    (library.root / "菅野よう子/album.cue").write_bytes(sheet.encode("cp932"))
    cyrillic = SHEET.replace("Can", "Кино").replace("Pinch", "Группа крови")
    make_audio(library.root / "Кино/disc.flac", seconds=3.0, frequency=700)
    (library.root / "Кино/disc.cue").write_bytes(cyrillic.encode("cp1251"))
    library.scan()
    assert {"光あれ", "Группа крови", "惑星"} <= {track.title for track in library.every_track()}
    assert len(library.every_track()) == 7
    told = library.query(lambda connection: list(queries.remarks(connection)))
    assert RemarkKind.PASSED_OVER not in {remark.kind for remark in told}
