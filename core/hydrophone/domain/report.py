"""What a report on the libraries lists: files that their owner may want to look after."""

from enum import StrEnum

from msgspec import Struct


class RemarkKind(StrEnum):
    """What is the matter; in the order of a report."""

    UNREADABLE = "unreadable"
    """Not read at the last scan that looked: a file, picture or folder, or a whole library."""
    LENGTH = "length"
    """There is less sound in the file than it says."""
    NO_TAGS = "no-tags"
    """Neither title nor artist nor album."""
    MISSING_TAGS = "missing-tags"
    """One or two of the three."""
    PICTURE = "picture"
    """The picture in it is none that is shown; the sound is not concerned."""
    NAME = "name"
    """The name of a file, or of a folder, is no UTF-8, which by itself keeps nothing out."""
    PASSED_OVER = "passed-over"
    """No file that could be listed: a pipe, a link to nothing or in a circle, an unusable sheet."""
    OUTSIDE = "outside"
    """A link to what is not in the library; it is followed."""


BY_READING = (
    RemarkKind.LENGTH,
    RemarkKind.NO_TAGS,
    RemarkKind.MISSING_TAGS,
    RemarkKind.PICTURE,
)
"""What is said of a file when it is read."""
BY_LISTING = (RemarkKind.NAME, RemarkKind.PASSED_OVER, RemarkKind.OUTSIDE)
"""What is said of the entries of a folder, folders among them, when it is listed."""
BY_LOOKING = (RemarkKind.UNREADABLE, *BY_LISTING)
"""What is said when a folder is looked at, but for audio files that are unreadable."""


class Note(Struct, frozen=True):
    """A remark without its place."""

    kind: RemarkKind
    reason: str


class Remark(Struct, frozen=True, kw_only=True):
    """Something about one file, with the reason for a person."""

    kind: RemarkKind
    library: str
    path: str
    """Escaped, relative to the library's root; empty if the whole library is meant."""
    reason: str


class FilePlace(Struct, frozen=True, kw_only=True):
    """Where a file is."""

    library: str
    path: str
    """Escaped, relative to the library's root."""


class Duplicates(Struct, frozen=True, kw_only=True):
    """Files with the same sound, whatever their tags and names."""

    files: tuple[FilePlace, ...]
    """At least two, by library and path."""
    reason: str


class ScanReport(Struct, frozen=True, kw_only=True):
    """The whole report; as it may be long, it is written piece by piece, never held."""

    remarks: tuple[Remark, ...]
    """By kind; those that are unreadable are libraries first, then files, then all else."""
    duplicates: tuple[Duplicates, ...]
