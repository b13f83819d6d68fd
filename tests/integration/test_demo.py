import shutil
import subprocess
from pathlib import Path

import mutagen
import pytest

from hydrophone.demo.catalogue import ALBUMS, DemoAlbum, DemoTrack
from hydrophone.demo.library import ensure_demo_library
from hydrophone.demo.tagging import COMMENT
from hydrophone.errors import MediaError

TRACKS = [(album, track) for album in ALBUMS for track in album.tracks]


@pytest.fixture(scope="module")
def ffmpeg() -> Path:
    found = shutil.which("ffmpeg")
    if found is None:
        pytest.skip("there is no ffmpeg in PATH")
    return Path(found)


@pytest.fixture(scope="module")
def library(ffmpeg: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole library, made once; tests that change something restore it."""
    folder = tmp_path_factory.mktemp("demo") / "music"
    ensure_demo_library(folder, ffmpeg=ffmpeg)
    return folder


def files_below(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_folder_holds_tracks_and_covers_and_nothing_else(library: Path) -> None:
    tracks = {album.path(library, track) for album, track in TRACKS}
    covers = {library / album.folder / "cover.jpg" for album in ALBUMS if not album.embeds_cover}

    assert files_below(library).keys() == tracks | covers
    assert {path.suffix for path in tracks} == {".flac", ".mp3", ".ogg", ".opus", ".m4a"}


@pytest.mark.slow
@pytest.mark.parametrize(("album", "track"), TRACKS, ids=lambda value: getattr(value, "title", ""))
def test_a_track_plays_and_is_neither_silent_nor_clipped(
    library: Path, ffmpeg: Path, album: DemoAlbum, track: DemoTrack
) -> None:
    decoded = subprocess.run(
        [
            *(str(ffmpeg), "-nostdin", "-v", "error", "-i", f"file:{album.path(library, track)}"),
            *("-f", "s16le", "-ar", "22050", "-ac", "2", "pipe:1"),
        ],
        capture_output=True,
        timeout=120,
        check=True,
    )
    samples = memoryview(decoded.stdout).cast("h")

    assert decoded.stderr == b""
    assert 30 <= len(samples) / 2 / 22050 <= 65
    assert 0.6 * 32768 < max(samples) < 32767
    quiet_start = samples[: 2 * 22050 // 20]
    assert max(quiet_start) < 500


@pytest.mark.slow
@pytest.mark.parametrize(("album", "track"), TRACKS, ids=lambda value: getattr(value, "title", ""))
def test_a_track_has_full_tags(library: Path, album: DemoAlbum, track: DemoTrack) -> None:
    path = album.path(library, track)
    number = album.tracks.index(track) + 1
    easy = mutagen.File(path, easy=True)
    raw = mutagen.File(path)

    assert easy["title"] == [track.title]
    assert easy["artist"] == [track.composer]
    assert easy["album"] == [album.title]
    assert easy["albumartist"] == [album.artist]
    assert easy["genre"] == [track.genre]
    assert easy["date"] == ["2026"]
    assert easy["tracknumber"][0].split("/")[0] == str(number)
    everything = " ".join(f"{key}={value}" for key, value in raw.tags.items() if len(key) < 40)
    assert COMMENT in everything
    assert str(track.year) in everything
    pictures = str(raw.tags.keys()) + str(getattr(raw, "pictures", ""))
    embeds = any(name in pictures for name in ("APIC", "covr", "metadata_block_picture", "Picture"))
    assert embeds == album.embeds_cover


@pytest.mark.slow
def test_a_finished_library_is_left_alone(library: Path) -> None:
    before = files_below(library)

    # Nothing is to be encoded, so an ffmpeg that does not exist is never missed.
    ensure_demo_library(library, ffmpeg=Path("/nowhere/ffmpeg"))

    assert files_below(library) == before


@pytest.mark.slow
def test_an_interrupted_library_is_completed(library: Path, ffmpeg: Path) -> None:
    before = files_below(library)
    album, track = next((album, track) for album, track in TRACKS if track.piece == "fur-elise")
    lost = album.path(library, track)
    content = lost.read_bytes()
    lost.unlink()
    lost.with_name(lost.name + ".partial").write_bytes(content[: len(content) // 2])
    told: list[tuple[int, int, str]] = []

    ensure_demo_library(
        library,
        ffmpeg=ffmpeg,
        progress=lambda done, total, title: told.append((done, total, title)),
    )

    after = files_below(library)
    assert after.keys() == before.keys()
    assert [path for path in after if after[path] != before[path]] == [lost]
    assert lost.read_bytes() == content
    assert told == [(1, 1, track.title)]


@pytest.mark.slow
def test_a_failing_ffmpeg_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\ncat >/dev/null\necho 'no more electrons' >&2\nexit 3\n")
    broken.chmod(0o755)
    folder = tmp_path / "music"

    with pytest.raises(MediaError, match="no more electrons"):
        ensure_demo_library(folder, ffmpeg=broken)

    assert [path.name for path in files_below(folder)] == ["cover.jpg", "cover.jpg"]
