"""Videos in libraries: which files are videos, what is known of them, and what ids they keep."""

import shutil
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from hydrophone.domain.ids import kind_of
from hydrophone.domain.library import Page
from hydrophone.domain.video import CaptionKind, Video
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.scanner.scan import GRACE_MS
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import remarks, video_files, videos
from hydrophone.storage.queries.videos import VIDEOS
from hydrophone.storage.tables.video import video as video_table
from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary
from hydrophone.testing.video_files import FilmStock

FFMPEG = str(find_ffmpeg())


@pytest.fixture
def cinema(library: ScannedLibrary) -> ScannedLibrary:
    """A library whose scans have an ffmpeg."""
    library.ffmpeg = FFMPEG
    return library


def listed(library: ScannedLibrary) -> dict[str, Video]:
    """Return what everybody sees, {title: video}."""
    libraries = [one.id for one in library.libraries()]
    found = library.query(lambda c: videos.listing(c, ANYBODY, libraries, Page(size=500)))
    return {video.title: video for video in found}


def ids(library: ScannedLibrary) -> dict[str, str]:
    return {title: video.id for title, video in listed(library).items()}


def test_a_film_is_listed_with_what_is_known_of_it(
    cinema: ScannedLibrary, films: FilmStock
) -> None:
    path = films.put(cinema.root / "Films/Tea.mkv", sounds=["eng", "ger"], captions=["fre"])
    summary = cinema.scan()
    assert (summary.found, summary.added, summary.problem_count) == (1, 1, 0)
    tea = listed(cinema)["Tea"]
    assert kind_of(tea.id) == "vi"
    assert tea.path == "Films/Tea.mkv"
    assert (tea.width, tea.height, tea.suffix) == (64, 64, "mkv")
    assert tea.content_type == "video/x-matroska"
    assert tea.duration == pytest.approx(2.0, abs=0.2)
    assert tea.size == path.stat().st_size
    assert tea.bit_rate > 0
    assert tea.video_codec == "h264"
    assert [(track.index, track.language) for track in tea.audio_tracks] == [(0, "eng"), (1, "ger")]
    [caption] = tea.captions
    assert (caption.kind, caption.language, caption.index) == (CaptionKind.EMBEDDED, "fre", 0)
    assert tea.created == path.stat().st_mtime_ns // 1_000_000


def test_the_next_scan_reads_nothing(cinema: ScannedLibrary, films: FilmStock) -> None:
    films.put(cinema.root / "a.mkv")
    films.put(cinema.root / "b.mp4")
    cinema.scan()
    summary = cinema.scan()
    assert (summary.found, summary.unchanged, summary.changed) == (2, 2, 0)


def test_mp4_is_music_or_a_film_by_its_content(cinema: ScannedLibrary, films: FilmStock) -> None:
    films.put(cinema.root / "film.mp4")
    shutil.move(cinema.add("song.m4a", tags={"title": "Song"}), cinema.root / "song.mp4")
    summary = cinema.scan()
    assert summary.found == 2
    assert summary.added == 2
    assert summary.problem_count == 0
    assert list(listed(cinema)) == ["film"]
    assert [track.title for track in cinema.tracks().values()] == ["Song"]


def test_sound_alone_under_the_name_of_a_film_is_no_video(cinema: ScannedLibrary) -> None:
    shutil.move(cinema.add("song.ogg"), cinema.root / "song.ogv")
    summary = cinema.scan()
    assert summary.problem_count == 0
    assert not listed(cinema)


def test_a_film_that_was_music_so_far_leaves_the_music(
    cinema: ScannedLibrary, films: FilmStock
) -> None:
    path = cinema.root / "thing.mp4"
    shutil.move(cinema.add("song.m4a"), path)
    cinema.scan()
    assert len(cinema.tracks()) == 1
    films.put(path)
    summary = cinema.scan()
    assert summary.missing == 1
    assert not cinema.tracks()
    assert list(listed(cinema)) == ["thing"]


def test_what_cannot_be_read_is_told_and_stops_nothing(
    cinema: ScannedLibrary, films: FilmStock
) -> None:
    (cinema.root / "bad.mkv").write_bytes(b"no film" * 1000)
    (cinema.root / "empty.avi").touch()
    films.put(cinema.root / "good.mkv")
    summary = cinema.scan()
    assert {problem.path for problem in summary.problems} == {"bad.mkv", "empty.avi"}
    assert summary.problem_count == summary.remark_count == 2
    assert list(listed(cinema)) == ["good"]
    told = cinema.query(lambda c: [one.path for one in remarks.remarks(c)])
    assert told == ["bad.mkv", "empty.avi"]
    films.put(cinema.root / "bad.mkv", number=1)
    (cinema.root / "empty.avi").unlink()
    assert cinema.scan().problem_count == 0


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_a_film_keeps_its_id_where_it_goes(
    cinema: ScannedLibrary, films: FilmStock, suffix: str
) -> None:
    path = films.put(cinema.root / f"Films/Tea.{suffix}")
    cinema.scan()
    before = ids(cinema)["Tea"]
    (cinema.root / "Seen").mkdir()
    path.rename(cinema.root / f"Seen/Coffee.{suffix}")
    summary = cinema.scan()
    assert (summary.moved, summary.added, summary.missing) == (1, 0, 0)
    assert ids(cinema) == {"Coffee": before}


def test_a_film_keeps_its_id_when_its_file_becomes_another(
    cinema: ScannedLibrary, films: FilmStock
) -> None:
    path = films.put(cinema.root / "Tea.mkv")
    cinema.scan()
    before = ids(cinema)
    films.put(path, number=1)
    assert cinema.scan().changed == 1
    assert ids(cinema) == before


def test_films_that_exchange_their_names_keep_their_ids(
    cinema: ScannedLibrary, films: FilmStock
) -> None:
    one, two = films.put(cinema.root / "1.mkv"), films.put(cinema.root / "2.mkv", number=1)
    cinema.scan()
    before = ids(cinema)
    one.rename(cinema.root / "x")
    two.rename(one)
    (cinema.root / "x").rename(two)
    cinema.scan()
    assert ids(cinema) == {"1": before["2"], "2": before["1"]}


def test_a_copy_is_another_film_and_both_are_the_same_in_a_new_database(
    cinema: ScannedLibrary, films: FilmStock, empty_database: Path
) -> None:
    films.put(cinema.root / "1.mkv")
    films.put(cinema.root / "2.mkv")
    cinema.scan()
    before = ids(cinema)
    assert len(set(before.values())) == 2
    shutil.copy(empty_database, cinema.database)
    for leftover in cinema.database.parent.glob("*-*"):
        leftover.unlink()
    cinema.scan()
    assert ids(cinema) == before


def test_what_is_gone_is_missing_and_comes_back_as_it_was(
    cinema: ScannedLibrary, films: FilmStock, tmp_path: Path
) -> None:
    path = films.put(cinema.root / "Tea.mkv")
    films.put(cinema.root / "Stays.mkv", number=1)
    cinema.scan()
    before = ids(cinema)
    path.rename(tmp_path / "away.mkv")
    assert cinema.scan().missing == 1
    assert list(listed(cinema)) == ["Stays"]
    assert cinema.query(lambda c: VIDEOS.one(c, ANYBODY, before["Tea"])) is not None
    (tmp_path / "away.mkv").rename(path)
    cinema.scan()
    assert ids(cinema) == before


def test_after_the_time_of_grace_a_missing_film_is_unknown(
    cinema: ScannedLibrary, films: FilmStock
) -> None:
    path = films.put(cinema.root / "Tea.mkv")
    films.put(cinema.root / "Stays.mkv", number=1)
    cinema.scan()
    known = ids(cinema)
    kept = path.read_bytes()
    path.unlink()
    cinema.scan()
    long_ago = video_table.c.missing_since - GRACE_MS - 1
    gone = video_table.update().where(video_table.c.id == known["Tea"])
    with connect(cinema.database, durable=False) as connection, transaction(connection):
        connection.execute(gone.values(missing_since=long_ago))
    cinema.scan()
    assert cinema.query(lambda c: VIDEOS.one(c, ANYBODY, known["Tea"])) is None
    path.write_bytes(kept)
    cinema.scan()
    assert ids(cinema) == known


def test_a_disk_with_nothing_but_films_that_is_away_deletes_nothing(
    cinema: ScannedLibrary, films: FilmStock
) -> None:
    path = films.put(cinema.root / "Tea.mkv")
    cinema.scan()
    path.unlink()
    summary = cinema.scan()
    assert summary.problem_count == 1
    assert "is empty, although it had videos before" in summary.problems[0].reason
    assert list(listed(cinema)) == ["Tea"]


def test_a_library_that_is_no_longer_configured_takes_its_films_with_it(
    cinema: ScannedLibrary, films: FilmStock, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    films.put(other / "Tea.mkv")
    films.put(cinema.root / "Stays.mkv", number=1)
    own = cinema.configured[0]
    cinema.configured = [own, ("Films", other)]
    cinema.scan()
    before = ids(cinema)
    assert before.keys() == {"Tea", "Stays"}
    cinema.configured = [own]
    cinema.scan()
    assert list(listed(cinema)) == ["Stays"]
    (other / "Tea.mkv").rename(cinema.root / "Tea.mkv")
    cinema.scan()
    assert ids(cinema) == before


def test_captions_and_pictures_beside_a_film_are_its_own(
    cinema: ScannedLibrary, films: FilmStock
) -> None:
    films.put(cinema.root / "F/film.mkv")
    films.put(cinema.root / "F/film.2.mkv", number=1)
    for name in ("film.de.srt", "film.vtt", "film.2.en.ass", "other.srt"):
        (cinema.root / "F" / name).write_text("")
    cinema.scan()
    found = listed(cinema)
    of_first = [(one.name, one.language, one.kind) for one in found["film"].captions]
    assert of_first == [
        ("film.de.srt", "de", CaptionKind.SIDECAR),
        ("film.vtt", "", CaptionKind.SIDECAR),
    ]
    assert [one.path for one in found["film.2"].captions] == ["F/film.2.en.ass"]
    assert found["film"].artwork_id is None
    cinema.add("F/x/cover.mp3")
    (cinema.root / "F/film.jpg").write_bytes(make_picture())
    (cinema.root / "F/film.de.srt").unlink()
    summary = cinema.scan()
    assert summary.changed == 1
    after = listed(cinema)["film"]
    assert [one.name for one in after.captions] == ["film.vtt"]
    assert after.artwork_id is not None
    assert after.captions[0].id == found["film"].captions[1].id


def test_without_ffmpeg_films_are_listed_with_what_they_tell_themselves(
    library: ScannedLibrary, films: FilmStock
) -> None:
    films.put(library.root / "a.mp4")
    films.put(library.root / "b.mkv")
    assert library.scan().problem_count == 0
    found = listed(library)
    assert (found["a"].width, found["a"].height) == (64, 64)
    assert found["a"].duration == pytest.approx(2.0, abs=0.3)
    assert found["b"].width == 0
    assert not found["b"].duration
    library.ffmpeg = FFMPEG
    library.scan()
    after = listed(library)
    assert (after["b"].width, after["b"].video_codec) == (64, "h264")
    assert ids(library) == {title: video.id for title, video in found.items()}
    # What was known with ffmpeg is not forgotten without.
    library.ffmpeg = ""
    assert library.scan().unchanged == 2


def test_names_that_are_not_utf8_or_full_of_marks_are_films_too(
    cinema: ScannedLibrary, films: FilmStock
) -> None:
    plain = films.put(cinema.root / "x.mkv")
    plain.rename(cinema.root / b"caf\xe9 'a' [1] %d.mkv".decode("utf-8", "surrogateescape"))
    films.put(cinema.root / "-i.mkv", number=1)
    assert cinema.scan().problem_count == 0
    assert set(listed(cinema)) == {"café 'a' [1] %d", "-i"}


def test_a_look_at_some_folders_sees_their_films_and_no_others(
    cinema: ScannedLibrary, films: FilmStock
) -> None:
    films.put(cinema.root / "A/1.mkv")
    films.put(cinema.root / "B/2.mkv", number=1)
    films.put(cinema.root / "B/4.mkv", number=3)
    cinema.scan()
    films.put(cinema.root / "A/3.mkv", number=2)
    (cinema.root / "B/2.mkv").unlink()
    cinema.scan(folders=["A"])
    assert set(listed(cinema)) == {"1", "2", "3", "4"}
    cinema.scan(folders=["B"])
    assert set(listed(cinema)) == {"1", "3", "4"}
    shutil.rmtree(cinema.root / "A")
    cinema.scan(folders=[""])
    cinema.scan()
    assert set(listed(cinema)) == {"4"}


def test_a_document_holds_nothing_of_a_user(cinema: ScannedLibrary, films: FilmStock) -> None:
    films.put(cinema.root / "Tea.mkv")
    cinema.scan()
    [document] = cinema.query(lambda c: c.execute(select(video_table.c.document)).scalars().all())
    assert "annotation" not in msgspec.json.decode(document)
    assert cinema.query(video_files.problem_count) == 0
