"""What the scan and the watch process are told on stdin, and tell on stdout: JSON lines."""

from msgspec import Struct

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library, ScanSummary
from hydrophone.domain.tagging import SplitRules
from hydrophone.domain.units import Seconds


class ImportedPlaylists(Struct, frozen=True, kw_only=True):
    """How playlist files in libraries become playlists."""

    owner: str = ""
    """Name of their owner; empty means the first admin."""
    public: bool = False
    """Whether everybody sees those that do not say so themselves."""


class ScanRequest(Struct, frozen=True, kw_only=True):
    """One line on stdin; when stdin ends the scan stops at its next step."""

    database: str
    private: str = ""
    """The server's own folder: nothing in it is shown because a link in a library leads to it."""
    libraries: tuple[Library, ...]
    retire: bool = True
    """Whether libraries that are not named here are let go: their tracks are missing then."""
    split: SplitRules = SplitRules()
    """How several values in one text are taken apart; other rules than before read all files."""
    playlists: ImportedPlaylists | None = None
    """`None` leaves playlist files alone, and the playlists that they were made into."""
    ffmpeg: str = ""
    """The program that tells what is in videos; empty if there is none."""
    full: bool = False
    """Read all files, also those that look unchanged."""
    folders: dict[LibraryId, tuple[str, ...]] | None = None
    """Look at these folders (escaped paths) and at what is new below them; `None` = at all."""
    quick: bool = False
    """Look only at folders whose own time has changed, so that no file is looked at in vain."""
    accepted: tuple[LibraryId, ...] = ()
    """Libraries whose root is taken as it is, be it empty or another disk."""
    settle: Seconds
    """How long a file that was written a moment ago has to stay as it is before it is believed."""
    settle_new: Seconds
    """The same for files that are not known yet, which get an id for life."""
    workers: int
    worker_memory_mib: int
    file_timeout: Seconds


class ScanProgress(Struct, frozen=True, tag="progress"):
    """Where the scan stands; a few times a second."""

    library: str
    found: int
    """Files seen so far, in all libraries."""
    to_read: int
    """Files of this library that have to be read."""
    read: int
    """How many of them have been read."""


class ScanFinished(Struct, frozen=True, tag="finished"):
    """The last line of a scan that came to its end."""

    summary: ScanSummary


class ScanRefused(Struct, frozen=True, tag="refused"):
    """The only line of a scan that did not begin."""

    reason: str


ScanMessage = ScanProgress | ScanFinished | ScanRefused


class WatchRequest(Struct, frozen=True, kw_only=True):
    """One line on the watch process's stdin; when stdin ends so does the process."""

    libraries: tuple[Library, ...]


class RootWatched(Struct, frozen=True, tag="watched"):
    """From now on changes in a library are told; of what changed before nobody knows."""

    library: LibraryId
    polled: str = ""
    """Why they are not told, in one sentence: then the library has to be polled."""


class RootGone(Struct, frozen=True, tag="gone"):
    """A library's root is not there; RootWatched follows when it is."""

    library: LibraryId


class FoldersChanged(Struct, frozen=True, tag="changed"):
    """Something came, went or changed in these folders of a library."""

    library: LibraryId
    folders: tuple[str, ...]
    """Escaped, relative to the root."""


WatchMessage = RootWatched | RootGone | FoldersChanged
