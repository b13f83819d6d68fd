"""What a scan of a library has to do, once its walk was compared with what was known."""

from collections.abc import Container

from msgspec import Struct, field

from hydrophone.domain.ids import ArtworkId, FolderId, TrackId
from hydrophone.domain.library import ScanProblem
from hydrophone.domain.report import Note
from hydrophone.scanner.walk import FoundFile, FoundFolder
from hydrophone.storage.queries import inventory


class FolderWork(Struct, frozen=True, kw_only=True):
    """A folder with files that have to be read."""

    id: FolderId
    path: str
    """Relative to the root, as `os` gives it."""
    changed: tuple[FoundFile, ...]
    others: tuple[FoundFile, ...]
    """Unchanged files: they are read again when the changed ones alone cannot tell their album."""
    sheets: tuple[str, ...] = ()
    """Names of CUE sheets beside them, as `os` gives them."""
    whole: bool = False
    """Whether the others are to be read, too."""

    def path_of(self, file: FoundFile) -> str:
        """Return the path of one of its files, relative to the root, as `os` gives it."""
        return f"{self.path}/{file.name}" if self.path else file.name

    @property
    def files(self) -> tuple[FoundFile, ...]:
        """What is to be read, at least one file."""
        return (*self.changed, *self.others) if self.whole else self.changed

    @property
    def file_count(self) -> int:
        """How many files are to be read."""
        return len(self.changed) + (len(self.others) if self.whole else 0)


class CoverWork(Struct, frozen=True, kw_only=True):
    """A folder whose cover file is new, changed or gone."""

    folder: inventory.FolderRecord
    path: str
    """Of the cover, relative to the root, as `os` gives it; empty if it is gone."""
    file: FoundFile | None
    """As it was found; `None` if it is gone."""


class FolderVideos(Struct, frozen=True, kw_only=True):
    """The videos of a folder, with what else in it may belong to them."""

    folder_id: FolderId
    path: str
    """Of the folder, relative to the root, as `os` gives it."""
    files: tuple[FoundFile, ...] = ()
    captions: tuple[str, ...] = ()
    pictures: tuple[FoundFile, ...] = ()


class Plan(Struct, kw_only=True):
    """What a scan of one library has to do; the walk is over when this is known."""

    found: int = 0
    """Audio and video files."""
    kept: int = 0
    """How many of them were known, whether they have changed or not."""
    unchanged: int = 0
    device: int = 0
    """Where the library's root is (`st_dev`)."""
    folders: list[inventory.FolderRecord] = field(default_factory=list)
    """New folders, parents first."""
    covers: list[CoverWork] = field(default_factory=list)
    work: list[FolderWork] = field(default_factory=list)
    known: dict[str, TrackId] = field(default_factory=dict)
    """{native id: track} of files that are known and have changed."""
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """{native id of a file: those of its tracks} where such a file was cut by a CUE sheet."""
    vanished: dict[str, TrackId | None] = field(default_factory=dict)
    """{native id: track} of files that are no more."""
    lost: list[tuple[int, int]] = field(default_factory=list)
    """Sizes and mtimes of these files; one that a CUE sheet had cut is there once."""
    gone_folders: list[FolderId] = field(default_factory=list)
    pictures: dict[FolderId, ArtworkId] = field(default_factory=dict)
    """Those of the folders that are known, as they were."""
    times: dict[FolderId, int] = field(default_factory=dict)
    """Those of the folders' own times (ns) that are other than was known."""
    lends: dict[FolderId, FolderId] = field(default_factory=dict)
    """{folder with nothing but pictures: the folder above, whose music they belong to}."""
    bereft: list[FolderId] = field(default_factory=list)
    """Folders that have lost the folder which lent them its picture."""
    former_covers: list[str] = field(default_factory=list)
    """Escaped paths of cover files that are gone or have changed."""
    playlists: dict[str, tuple[FoundFile, ...]] = field(default_factory=dict)
    """{escaped path of a folder: its playlist files}, where there are some or have been."""
    videos: dict[str, FolderVideos] = field(default_factory=dict)
    """{escaped path of a folder: its videos}, where there are some or have been."""
    lost_videos: int = 0
    """Files that were known as videos by their name, and are no more."""
    problems: list[ScanProblem] = field(default_factory=list)
    notes: list[tuple[str, Note]] = field(default_factory=list)
    """What the walk has to say, by escaped paths."""
    sheeted: list[FoundFolder] = field(default_factory=list)
    """Folders whose CUE sheets may be of use now, or of none, as they were not before."""
    seen: Container[str] | None = None
    """Escaped paths of the folders that were walked or are gone; `None` = all that there are."""
