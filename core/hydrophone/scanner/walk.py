"""Walks a library's folders in a fixed order and tells what is in them; opens no file."""

import os
from collections.abc import Callable, Collection, Container, Iterator, Mapping
from stat import S_IFDIR, S_ISREG

from msgspec import Struct

from hydrophone.domain.m3u import SUFFIXES as M3U_SUFFIXES
from hydrophone.domain.nsp import SUFFIX as NSP_SUFFIX
from hydrophone.domain.report import Note
from hydrophone.domain.video import CAPTION_SUFFIXES, MAYBE_MUSIC, VIDEO_TYPES
from hydrophone.scanner.oddities import Oddities

COVER_STEMS = ("cover", "folder", "front", "album", "albumart")
"""Names of picture files that are a folder's cover, the best first."""
ARTIST_STEM = "artist"
"""Name of a picture of the artist, which is no album's cover."""
ART_FOLDERS = frozenset({"art", "artwork", "booklet", "cover", "covers", "images", "scan", "scans"})
"""Names of folders, in lower case, whose pictures are those of the folder above."""
SHEET_SUFFIX = "cue"
PLAYLIST_SUFFIXES = (*M3U_SUFFIXES, NSP_SUFFIX)
COVER_SUFFIXES = ("jpg", "jpeg", "png", "webp", "gif")
_KIND_OF: Mapping[str, str] = {
    **dict.fromkeys(VIDEO_TYPES, "videos"),
    **dict.fromkeys(CAPTION_SUFFIXES, "captions"),
    **dict.fromkeys(COVER_SUFFIXES, "pictures"),
    **dict.fromkeys(PLAYLIST_SUFFIXES, "playlists"),
    SHEET_SUFFIX: "sheets",
}
"""{suffix: what else than music is looked for}; made once, and not for each folder."""
_IGNORED_FOLDERS = frozenset({"@eadir", "#recycle", "$recycle.bin", "lost+found"})
"""What NAS boxes and file systems put among the music."""


def is_left_out(folder: str) -> bool:
    """Say of a folder's name whether it is hidden, or holds no music of anybody."""
    return folder.startswith(".") or folder.lower() in _IGNORED_FOLDERS


class FoundFile(Struct, frozen=True, gc=False):
    """A regular file with the times that tell whether it has changed."""

    name: str
    suffix: str
    """Lower case, without the dot."""
    stat: tuple[int, int, int]
    """Size, mtime and ctime in nanoseconds; a CUE sheet beside it that is newer lends its ctime."""
    part: int = 0
    """Number of a track within the file, if a CUE sheet cuts it; 0 is the file as a whole."""

    @property
    def newest(self) -> int:
        """Its later time, in nanoseconds; a clock that is wrong may put it into the future."""
        return max(self.stat[1:])

    def is_at(self, path: str) -> bool:
        """Say whether the file at a path is still the one that was found."""
        try:
            return self.stat[:2] == _times(os.stat(path))[:2]  # noqa: PTH116 - a str with surrogates
        except OSError:
            return False


class FoundFolder(Struct, frozen=True):
    """A folder with the audio files and the cover directly in it."""

    path: str
    """Relative to the root, `""` for the root itself; as `os` gives it, surrogates included."""
    files: tuple[FoundFile, ...]
    """Audio files by name."""
    cover: FoundFile | None
    sheets: tuple[str, ...] = ()
    """Names of CUE sheets, in order."""
    playlists: tuple[FoundFile, ...] = ()
    """Files that are playlists, in no order."""
    videos: tuple[FoundFile, ...] = ()
    """Files that are videos by their name; those that may be music are among the others, too."""
    captions: tuple[str, ...] = ()
    """Names of what may be captions of the videos, in order; empty where there are none."""
    pictures: tuple[FoundFile, ...] = ()
    """All pictures beside videos, in no order; empty where there are none."""
    problem: str = ""
    """Why the folder could not be read; then nothing is known of its content."""
    mtime_ns: int = 0
    """When something last came or went directly in it, before it was looked at."""
    below: tuple[str, ...] = ()
    """Paths of the folders directly in it, as `path` is, in no order."""
    notes: Mapping[str, Note] = {}
    """What there is to say about entries by their names, as `os` gives them."""


def walk(
    root: str,
    suffixes: Container[str],
    *,
    begin: Collection[str] = ("",),
    enter: Callable[[str], bool] = lambda path: True,
    private: str = "",
) -> Iterator[FoundFolder]:
    """Yield folders and all that are below them, parents first, each level by name.

    It begins at the root, or at the folders that are named (relative paths), and goes on to what
    is below if `enter` says so of a path. Hidden files and folders are left out. Links are
    followed, but no folder is entered twice, so a loop of links ends, and beside music none out of
    the library or into `private` (see `leads_out`). A folder that vanishes or may not be read is
    yielded with its problem. Blocking.
    """
    pending = sorted(begin, reverse=True)
    entered: set[tuple[int, int]] = set()
    real_root = os.path.realpath(root)
    while pending:
        path = pending.pop()
        absolute = os.path.join(root, path) if path else root  # noqa: PTH118 - a million times
        try:
            status = os.stat(absolute)  # noqa: PTH116 - as above
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            oddities = Oddities(root, path, real_root=real_root, private=private)
            folder = _list(absolute, path, suffixes, status.st_mtime_ns, oddities)
        except OSError as error:
            yield FoundFolder(path, (), None, problem=error.strerror or str(error))
            continue
        yield folder
        pending.extend(sorted(filter(enter, folder.below), reverse=True))


def _list(
    absolute: str, path: str, suffixes: Container[str], mtime_ns: int, oddities: Oddities
) -> FoundFolder:
    files: list[FoundFile] = []
    pictures: list[FoundFile] = []
    sheets: list[FoundFile] = []
    playlists: list[FoundFile] = []
    videos: list[FoundFile] = []
    captions: list[FoundFile] = []
    below: list[str] = []
    kinds = {
        "pictures": pictures,
        "sheets": sheets,
        "playlists": playlists,
        "videos": videos,
        "captions": captions,
    }
    with os.scandir(absolute) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            suffix = name.rpartition(".")[2].lower()
            kind = files if suffix in suffixes else kinds.get(_KIND_OF.get(suffix, ""))
            try:
                # The folder itself has told whether it is a link or a folder.
                is_link = entry.is_symlink()
                status = entry.stat() if kind is not None or is_link else None
                is_folder = entry.is_dir()
            except OSError as error:
                oddities.refused(name, error)
                continue
            if is_folder and not is_left_out(name):
                below.append(f"{path}/{name}" if path else name)
            elif is_folder or kind is None or status is None:
                continue
            elif S_ISREG(status.st_mode):
                kind.append(FoundFile(name, suffix, _times(status)))
            oddities.found(name, status.st_mode if status else S_IFDIR, is_link=is_link)
    for kind in (pictures, sheets, playlists, captions):
        kind[:] = [file for file in kind if not oddities.shuts_out(file.name)]
    videos += [file for file in files if file.suffix == MAYBE_MUSIC]
    if sheets:
        # A sheet that is new or has changed makes the files beside it new, too.
        newest = max(sheet.stat[2] for sheet in sheets)
        files = [_no_older(file, newest) for file in files]
    files.sort(key=lambda file: file.name)
    return FoundFolder(
        path,
        tuple(files),
        _best_cover(pictures, bool(files)),
        sheets=tuple(sorted(sheet.name for sheet in sheets)),
        playlists=tuple(playlists),
        videos=tuple(videos),
        captions=tuple(sorted(file.name for file in captions)) if videos else (),
        pictures=tuple(pictures) if videos else (),
        mtime_ns=mtime_ns,
        below=tuple(below),
        notes=oddities.notes,
    )


def _no_older(file: FoundFile, ctime_ns: int) -> FoundFile:
    size, mtime_ns, own = file.stat
    return FoundFile(file.name, file.suffix, (size, mtime_ns, max(own, ctime_ns)))


def _times(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _best_cover(pictures: list[FoundFile], has_music: bool) -> FoundFile | None:
    """Choose the file that is named like a cover; a single picture is the cover by any name.

    In a folder without music of its own, which may be an artist's, it is the artist's picture.
    """
    if has_music:
        pictures = [picture for picture in pictures if _stem(picture) != ARTIST_STEM]
    stems = COVER_STEMS if has_music else (ARTIST_STEM, *COVER_STEMS)

    def rank(picture: FoundFile) -> tuple[int, int, str]:
        stem = _stem(picture)
        place = next((i for i, known in enumerate(stems) if stem == known), None)
        if place is None:
            place = next((i + 10 for i, known in enumerate(stems) if known in stem), 99)
        return place, COVER_SUFFIXES.index(picture.suffix), picture.name

    best = min(pictures, key=rank, default=None)
    if best is None or (rank(best)[0] == 99 and len(pictures) > 1):
        return None
    return best


def _stem(picture: FoundFile) -> str:
    return picture.name.rpartition(".")[0].lower()
