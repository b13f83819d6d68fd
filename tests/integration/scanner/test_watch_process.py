"""The process that watches folders, as far as it needs no server; the rest is in `tests/e2e`."""

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library
from hydrophone.scanner.messages import FoldersChanged, RootWatched, WatchMessage, WatchRequest

_HANG = 30.0


class Watcher:
    """The process at work."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def told(self) -> WatchMessage:
        """Wait for the next line."""
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], _HANG)[0]
        message: WatchMessage = msgspec.json.decode(
            self.process.stdout.readline(), type=WatchMessage
        )
        return message


def put(file: Path) -> None:
    """Make a file that is there at one stroke: between two events it could be quiet."""
    hidden = file.with_name(f".{file.name}")
    hidden.touch()
    hidden.rename(file)


@contextmanager
def watching(root: Path, prefix: Sequence[str] = ()) -> Iterator[Watcher]:
    """Run the process for one library."""
    library = Library(id=LibraryId(1), name="music", path=str(root))
    with subprocess.Popen(
        [*prefix, sys.executable, "-m", "hydrophone.scanner.watch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Unbuffered: `select` does not see what Python has read in advance.
        bufsize=0,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode(WatchRequest(libraries=(library,))) + b"\n")
        try:
            yield Watcher(process)
        finally:
            process.send_signal(signal.SIGCONT)
            process.stdin.close()
            process.wait(_HANG)


def test_it_holds_no_database() -> None:
    """It lives as long as the server, and SQLAlchemy with all tables would double its memory."""
    code = "import hydrophone.scanner.watch, sys; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"


def test_paths_are_told_escaped(tmp_path: Path) -> None:
    with watching(tmp_path) as watcher:
        assert watcher.told() == RootWatched(LibraryId(1))
        os.mkdir(os.fsencode(tmp_path) + b"/Caf\xe9")  # noqa: PTH102 - bytes
        assert watcher.told() == FoldersChanged(LibraryId(1), ("", r"Caf\xe9"))


def test_after_lost_events_it_begins_anew(tmp_path: Path) -> None:
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if most > 100_000:
        pytest.skip("this machine's queue is long")
    for name in ("1.txt", "2.txt"):
        (tmp_path / name).touch()
    with watching(tmp_path) as watcher:
        assert watcher.told() == RootWatched(LibraryId(1))
        watcher.process.send_signal(signal.SIGSTOP)
        # Twice as many: some may have been read before it stopped.
        for number in range(2 * most):
            os.utime(tmp_path / f"{number % 2 + 1}.txt")
        watcher.process.send_signal(signal.SIGCONT)
        # What was changed in the meantime nobody knows: that is what this message says.
        assert watcher.told() == RootWatched(LibraryId(1))
        put(tmp_path / "1.mp3")
        assert watcher.told() == FoldersChanged(LibraryId(1), ("",))


@pytest.mark.skipif(
    os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may read everything"
)
def test_folder_that_may_not_be_read_costs_no_other(tmp_path: Path) -> None:
    """As `lost+found`, or a backup of somebody else's."""
    for folder in ("Can/Ege", "Neu"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "Can").chmod(0)
    prefix = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    with watching(tmp_path, prefix if os.geteuid() == 0 else []) as watcher:
        assert watcher.told() == RootWatched(LibraryId(1))
        put(tmp_path / "Neu/1.mp3")
        assert watcher.told() == FoldersChanged(LibraryId(1), ("Neu",))
        (tmp_path / "Can").chmod(0o755)
        assert watcher.told() == FoldersChanged(LibraryId(1), ("", "Can", "Can/Ege"))
        put(tmp_path / "Can/Ege/1.mp3")
        assert watcher.told() == FoldersChanged(LibraryId(1), ("Can/Ege",))


def _limit_of_its_own() -> bool:
    command = ["unshare", "-Ur", "sh", "-c", "echo 9 > /proc/sys/user/max_inotify_watches"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


needs_limits = pytest.mark.skipif(
    not shutil.which("unshare") or not _limit_of_its_own(), reason="needs a user namespace"
)


@needs_limits
@pytest.mark.parametrize("what", ["watches", "instances"])
def test_limits_of_the_kernel_are_said(tmp_path: Path, what: str) -> None:
    """The kernel's own refusal: these limits are the namespace's, not the machine's."""
    script = f'echo 0 > /proc/sys/user/max_inotify_{what} && exec "$@"'
    with watching(tmp_path, ["unshare", "-Ur", "sh", "-c", script, "sh"]) as watcher:
        assert watcher.told() == RootWatched(
            LibraryId(1),
            polled="The kernel refuses to watch it: "
            f"the limit fs.inotify.max_user_{what} is reached.",
        )


@needs_limits
def test_limit_that_a_later_folder_reaches_is_said(tmp_path: Path) -> None:
    (tmp_path / "Can").mkdir()
    script = 'echo 3 > /proc/sys/user/max_inotify_watches && exec "$@"'
    with watching(tmp_path, ["unshare", "-Ur", "sh", "-c", script, "sh"]) as watcher:
        assert watcher.told() == RootWatched(LibraryId(1))
        (tmp_path / "Can/Ege").mkdir()
        assert watcher.told() == FoldersChanged(LibraryId(1), ("Can", "Can/Ege"))
        (tmp_path / "Can/Soon").mkdir()
        told = watcher.told()
        assert isinstance(told, RootWatched)
        assert "fs.inotify.max_user_watches" in told.polled
