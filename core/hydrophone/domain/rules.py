"""The rules of a smart playlist: which tracks it has, in which order, and how many."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What the values of a field are."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "true or false"
    DATE = "date"
    DAY = "day of the calendar"
    """Of which the month, or the day, may be unknown; a `DATE` is a moment."""
    PLAYLIST = "playlist"


class Operator(StrEnum):
    """How a field is compared; the words are those of Navidrome's `.nsp` files."""

    IS = "is"
    IS_NOT = "isNot"
    GREATER = "gt"
    LESS = "lt"
    CONTAINS = "contains"
    NOT_CONTAINS = "notContains"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    IN_THE_RANGE = "inTheRange"
    BEFORE = "before"
    AFTER = "after"
    IN_THE_LAST = "inTheLast"
    NOT_IN_THE_LAST = "notInTheLast"
    IN_PLAYLIST = "inPlaylist"
    NOT_IN_PLAYLIST = "notInPlaylist"
    IS_MISSING = "isMissing"
    IS_PRESENT = "isPresent"


_EQUAL = (Operator.IS, Operator.IS_NOT)
_KNOWN = (Operator.IS_MISSING, Operator.IS_PRESENT)
_ORDERED = (
    *_EQUAL,
    Operator.GREATER,
    Operator.LESS,
    Operator.AFTER,
    Operator.BEFORE,
    Operator.IN_THE_RANGE,
    *_KNOWN,
)
_IN_TIME = (*_ORDERED, Operator.IN_THE_LAST, Operator.NOT_IN_THE_LAST)
OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: (
        *_EQUAL,
        Operator.CONTAINS,
        Operator.NOT_CONTAINS,
        Operator.STARTS_WITH,
        Operator.ENDS_WITH,
        *_KNOWN,
    ),
    Kind.NUMBER: _ORDERED,
    Kind.TRUTH: _EQUAL,
    Kind.DATE: _IN_TIME,
    Kind.DAY: _IN_TIME,
    Kind.PLAYLIST: (Operator.IN_PLAYLIST, Operator.NOT_IN_PLAYLIST),
}
"""Which operators a field of each kind has."""

ROLES = (
    "composer", "lyricist", "writer", "conductor", "performer", "arranger", "producer", "remixer",
    "engineer", "mixer", "djmixer", "director",
)  # fmt: skip
"""What contributors do, by which a track can be chosen; each is a field of that name."""
_SORT_NAMES = ("sorttitle", "sortalbum", "sortartist", "sortalbumartist")
_TEXTS = (
    "title", "album", "artist", "albumartist", "genre", "mood", "grouping", "comment", "lyrics",
    "filetype", "filepath", "codec", "albumtype", "releasetype", "albumversion", "albumcomment",
    "discsubtitle", "recordlabel", "isrc", "work", "movementname", "language", "explicitstatus",
    "mbz_recording_id", "mbz_album_id", "mbz_artist_id", "mbz_album_artist_id",
    *_SORT_NAMES, *ROLES,
)  # fmt: skip
_NUMBERS = (
    "year", "originalyear", "releaseyear", "tracknumber", "tracktotal", "discnumber", "disctotal",
    "movement", "duration", "bitrate", "bitdepth", "samplerate", "channels", "size", "bpm",
    "library_id", "rating", "averagerating", "playcount", "albumrating", "albumplaycount",
    "artistrating", "artistplaycount", "rgtrackgain", "rgtrackpeak", "rgalbumgain", "rgalbumpeak",
)  # fmt: skip
_TRUTHS = ("loved", "albumloved", "artistloved", "compilation", "hascoverart", "missing")
_DATES = (
    "dateadded", "datemodified", "lastplayed", "dateloved", "daterated", "albumlastplayed",
    "albumdateloved", "albumdaterated", "artistlastplayed", "artistdateloved", "artistdaterated",
)  # fmt: skip
_DAYS = ("date", "originaldate", "releasedate")

FIELDS: Mapping[str, Kind] = {
    **dict.fromkeys(_TEXTS, Kind.TEXT),
    **dict.fromkeys(_NUMBERS, Kind.NUMBER),
    **dict.fromkeys(_TRUTHS, Kind.TRUTH),
    **dict.fromkeys(_DATES, Kind.DATE),
    **dict.fromkeys(_DAYS, Kind.DAY),
    "id": Kind.PLAYLIST,
}
"""What can be asked of a track, by the names of Navidrome's fields in lower case."""
OTHER_NAMES: Mapping[str, str] = {
    "recordingdate": "date",
    "replaygain_track_gain": "rgtrackgain",
    "replaygain_track_peak": "rgtrackpeak",
    "replaygain_album_gain": "rgalbumgain",
    "replaygain_album_peak": "rgalbumpeak",
}
"""What Navidrome's files call the same."""
RANDOM = "random"
"""What a playlist may be sorted by that is no field: another order each time."""
UNSORTABLE = frozenset(
    {
        "id",
        "mood",
        "grouping",
        "isrc",
        "work",
        "movementname",
        "language",
        "lyrics",
        "discsubtitle",
        "albumtype",
        "releasetype",
        "recordlabel",
        "mbz_artist_id",
        "mbz_album_artist_id",
        *ROLES,
    }
)
"""Fields of which a track may have several, in no order."""

Value = str | float | bool | tuple[float, float]


def day_number(year: int, month: int = 0, day: int = 0) -> int:
    """Return a number by which days can be compared; those with less known come first."""
    return year * 10_000 + month * 100 + day


class Condition(Struct, frozen=True, kw_only=True):
    """One comparison."""

    operator: Operator
    field: str
    """One of FIELDS."""
    value: Value
    """Dates are moments in milliseconds since 1970, and of IN_THE_LAST a number of days.

    Days are numbers as `day_number` makes them; where they are to be equal, the first and the last
    that fit, for a year has many.
    """


class Group(Struct, frozen=True, kw_only=True):
    """Conditions of which all have to hold, or one."""

    every: bool
    members: tuple["Condition | Group", ...]
    """Not empty."""

    def conditions(self) -> Iterator[Condition]:
        """Yield all conditions, however deep."""
        for member in self.members:
            if isinstance(member, Group):
                yield from member.conditions()
            else:
                yield member


class SortKey(Struct, frozen=True, kw_only=True):
    """One field that tracks are ordered by."""

    field: str
    """One of FIELDS that is not UNSORTABLE, or RANDOM."""
    descending: bool = False


class Rules(Struct, frozen=True, kw_only=True):
    """Everything that makes a smart playlist."""

    choice: Group
    sort: tuple[SortKey, ...]
    """Not empty; the first one is the foremost."""
    limit: int
    """The most tracks that it may have."""
    percentage: int = 100
    """How many of those that fit it may have; the limit counts as well."""
    offset: int = 0
    """How many at the beginning are passed over."""
