"""Which folders are to be looked at for what the kernel tells; it tells at once, without sleeps."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event, Thread

import pytest

from hydrophone.scanner.folder_watches import FolderWatches

_HANG = 30.0
"""An event is there when the call that caused it returns; so long only where it is lost."""
_NOTHING = 0.01

Watch = Callable[[], FolderWatches]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("Can/Ege", "Neu/75"):
        (tmp_path / "music" / folder).mkdir(parents=True)
    return tmp_path / "music"


@pytest.fixture
def watch(root: Path) -> Iterator[Watch]:
    """Return what begins to watch what there is."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(FolderWatches(str(root))))


def after(watches: FolderWatches, *files: Path) -> set[str]:
    """Write files and return what is told, once what was before has been told."""
    while watches.changed(_NOTHING):
        pass
    for file in files:
        file.write_bytes(b"music")
    return watches.changed(_HANG) or set()


def watched_folders() -> int:
    """Return how many the kernel watches for this process."""
    files = [file.read_text() for file in Path("/proc/self/fdinfo").iterdir() if file.exists()]
    return sum(file.count("inotify wd:") for file in files)


@pytest.mark.parametrize(
    "path",
    [
        "Can/Ege/.01.mp3.Xy3a",
        ".Trash/01.mp3",
        "Can/.hidden/01.mp3",
        "@eaDir/01.mp3",
        "Can/@eaDir/deep/01.mp3",
        "Can/Ege/01.lrc",
        "Can/Ege/notes.txt",
        "Can/Ege/download.mp3.part",
    ],
)
def test_what_is_no_music_causes_nothing(root: Path, watch: Watch, path: str) -> None:
    watches = watch()
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"1")
    file.write_bytes(b"2")
    file.unlink()
    assert watches.changed(_NOTHING) == set()


@pytest.mark.parametrize("name", ["01.mp3", "02.FLAC", "cover.jpg", "folder.PNG", "all.cue"])
def test_music_and_covers_count(root: Path, watch: Watch, name: str) -> None:
    file = root / "Can/Ege" / name
    watches = watch()
    file.write_bytes(b"new")
    assert watches.changed(_HANG) == {"Can/Ege"}
    with file.open("r+b") as opened:
        opened.write(b"old")
    assert watches.changed(_HANG) == {"Can/Ege"}
    os.utime(file, (1, 1))
    assert watches.changed(_HANG) == {"Can/Ege"}
    file.rename(root / "Neu" / name)
    assert watches.changed(_HANG) == {"Can/Ege", "Neu"}
    (root / "Neu" / name).unlink()
    assert watches.changed(_HANG) == {"Neu"}


def test_who_reads_is_not_told_of(root: Path, watch: Watch) -> None:
    (root / "Can/Ege/01.mp3").write_bytes(b"music")
    watches = watch()
    assert (root / "Can/Ege/01.mp3").read_bytes() == b"music"
    assert len(list(os.walk(root))) == 5
    assert watches.changed(_NOTHING) == set()


def test_root_with_a_slash_at_its_end(root: Path) -> None:
    with closing(FolderWatches(f"{root}/")) as watches:
        assert after(watches, root / "01.mp3", root / "Can/02.mp3") == {"", "Can"}


def test_root_that_is_not_there(root: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FolderWatches(str(root / "Never"))


def test_folder_that_came_is_looked_at_with_all_below_and_watched(root: Path, watch: Watch) -> None:
    watches = watch()
    (root / "La/Soft/CD 1").mkdir(parents=True)
    (root / "La/@eaDir").mkdir()
    (root / "La/Soft/01.mp3").write_bytes(b"before the folder was heard of")
    assert watches.changed(_HANG) == {"", "La", "La/Soft", "La/Soft/CD 1"}
    assert after(watches, root / "La/Soft/CD 1/01.mp3") == {"La/Soft/CD 1"}


def test_folder_whose_name_ends_like_music_is_one(root: Path, watch: Watch) -> None:
    watches = watch()
    (root / "Best of.mp3/CD 1").mkdir(parents=True)
    assert watches.changed(_HANG) == {"", "Best of.mp3", "Best of.mp3/CD 1"}


def test_folder_that_went(root: Path, watch: Watch) -> None:
    watches = watch()
    shutil.rmtree(root / "Can")
    assert watches.changed(_HANG) == {"", "Can"}
    (root / "Can/Ege").mkdir(parents=True)
    assert watches.changed(_HANG) == {"", "Can", "Can/Ege"}
    assert after(watches, root / "Can/Ege/01.mp3") == {"Can/Ege"}


def test_moved_folder_is_watched_in_its_new_place(root: Path, watch: Watch) -> None:
    watches = watch()
    (root / "Can").rename(root / "Neu/Can")
    assert watches.changed(_HANG) == {"", "Neu", "Neu/Can", "Neu/Can/Ege"}
    assert after(watches, root / "Neu/Can/Ege/01.mp3", root / "Neu/Can/2.mp3") == {
        "Neu/Can",
        "Neu/Can/Ege",
    }


def test_folder_that_is_moved_into_a_new_one(root: Path, watch: Watch) -> None:
    """The new one was not watched yet, so the kernel tells only where the other one went from."""
    watches = watch()
    (root / "New").mkdir()
    (root / "Can/Ege").rename(root / "New/Ege")
    assert watches.changed(_HANG) == {"", "New", "New/Ege", "Can"}
    assert after(watches, root / "New/Ege/01.mp3") == {"New/Ege"}


def test_folders_that_change_places(root: Path, watch: Watch) -> None:
    watches = watch()
    (root / "Can").rename(root / "Other")
    (root / "Neu").rename(root / "Can")
    (root / "Other").rename(root / "Neu")
    assert watches.changed(_HANG) == {"", "Can", "Can/75", "Neu", "Neu/Ege"}
    assert after(watches, root / "Can/75/01.mp3") == {"Can/75"}
    assert after(watches, root / "Neu/Ege/01.mp3") == {"Neu/Ege"}


def test_folder_that_was_moved_away_is_not_told_of(
    root: Path, watch: Watch, tmp_path: Path
) -> None:
    watches = watch()
    (root / "Can").rename(tmp_path / "away")
    assert watches.changed(_HANG) == {""}
    (tmp_path / "away/Ege/01.mp3").write_bytes(b"music")
    (root / "Can").mkdir()
    assert watches.changed(_HANG) == {"", "Can"}
    assert after(watches, root / "Can/01.mp3") == {"Can"}
    assert watched_folders() == 4


def test_folder_that_is_hidden_and_shown_again(root: Path, watch: Watch) -> None:
    watches = watch()
    (root / "Can").rename(root / ".Can")
    (root / ".Can/Ege/01.mp3").write_bytes(b"music")
    assert watches.changed(_HANG) == {""}
    (root / ".Can").rename(root / "Can")
    assert watches.changed(_HANG) == {"", "Can", "Can/Ege"}


@pytest.mark.parametrize("name", [b"Caf\xe9", b'B\xe9r "\\\n\xcc\x81', b"\xff"])
def test_names_are_any_bytes(root: Path, watch: Watch, name: bytes) -> None:
    folder = os.fsdecode(name)
    (root / folder).mkdir()
    (root / "Can" / f"{folder}.mp3").write_bytes(b"music")
    watches = watch()
    assert after(watches, root / folder / "01.mp3") == {folder}
    assert after(watches, root / "Can" / f"{folder}.mp3", root / "Neu/1.mp3") == {"Can", "Neu"}
    (root / folder).rename(root / "Neu" / folder)
    assert watches.changed(_HANG) == {"", "Neu", f"Neu/{folder}"}
    (root / "Neu" / folder / folder).mkdir()
    assert watches.changed(_HANG) == {f"Neu/{folder}", f"Neu/{folder}/{folder}"}


def test_link_to_elsewhere_is_followed(root: Path, watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "elsewhere/CD 1").mkdir(parents=True)
    (root / "Old").symlink_to(tmp_path / "elsewhere")
    watches = watch()
    assert after(watches, tmp_path / "elsewhere/CD 1/01.mp3") == {"Old/CD 1"}
    (tmp_path / "more").mkdir()
    (root / "New").symlink_to(tmp_path / "more")
    assert watches.changed(_HANG) == {"", "New"}
    assert after(watches, tmp_path / "more/01.mp3") == {"New"}


def test_link_that_leads_elsewhere_now(root: Path, watch: Watch, tmp_path: Path) -> None:
    (root / "1 Link").symlink_to(root / "Can")
    watches = watch()
    assert after(watches, root / "Can/Ege/01.mp3") == {"1 Link/Ege"}
    (tmp_path / "new").symlink_to(root / "Neu")
    (tmp_path / "new").rename(root / "1 Link")
    assert {"", "1 Link", "1 Link/75", "Can", "Can/Ege"} <= (watches.changed(_HANG) or set())
    assert after(watches, root / "Can/Ege/01.mp3") == {"Can/Ege"}
    assert after(watches, root / "Neu/75/01.mp3") == {"Neu/75"}


def test_folder_with_two_paths_stays_watched_when_a_link_goes(root: Path, watch: Watch) -> None:
    """As in a scan the first path counts, and a folder that is looked at again keeps it."""
    (root / "1 Link").symlink_to(root / "Can")
    (root / "Other").symlink_to(root / "Can")
    watches = watch()
    os.utime(root / "Can")
    assert after(watches, root / "Can/Ege/01.mp3") == {"1 Link/Ege"}
    (root / "1 Link").unlink()
    assert {"", "Can", "Can/Ege"} <= (watches.changed(_HANG) or set())
    assert after(watches, root / "Can/Ege/01.mp3") == {"Can/Ege"}
    (root / "Can").rename(root / "Moved")
    assert {"", "Moved", "Moved/Ege"} <= (watches.changed(_HANG) or set())
    assert after(watches, root / "Moved/Ege/01.mp3") == {"Moved/Ege"}


def test_links_in_a_circle_and_to_nothing_harm_nobody(root: Path, watch: Watch) -> None:
    (root / "Can/Self").symlink_to("Self")
    (root / "Can/Up").symlink_to("..")
    (root / "Can/Never").symlink_to("nothing")
    watches = watch()
    assert after(watches, root / "Can/Ege/01.mp3") == {"Can/Ege"}


def test_lost_events_are_said(root: Path, watch: Watch) -> None:
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if most > 100_000:
        pytest.skip("this machine's queue is long")
    files = [root / "Can/1.txt", root / "Can/2.txt"]
    for file in files:
        file.touch()
    watches = watch()
    for number in range(most + 1):
        os.utime(files[number % 2])
    # All else that it tells is of two names again and again, and quiet is after a moment.
    assert None in [watches.changed(_NOTHING) for _ in range(100)]


def test_file_that_grows_does_not_hold_back_the_others(root: Path, watch: Watch) -> None:
    watches = watch()
    told = Event()

    def grow() -> None:
        with (root / "Can/big.mp3").open("wb", buffering=0) as file:
            while not told.wait(0.01):
                file.write(b"more")

    writer = Thread(target=grow)
    writer.start()
    try:
        began = time.monotonic()
        assert watches.changed(_HANG) == {"Can"}
        # Held back, it would be told after ten seconds.
        assert time.monotonic() - began < 8
    finally:
        told.set()
        writer.join()
