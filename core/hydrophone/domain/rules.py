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


_EQUAL = (Operator.IS, Operator.IS_NOT)
_ORDERED = (
    *_EQUAL,
    Operator.GREATER,
    Operator.LESS,
    Operator.AFTER,
    Operator.BEFORE,
    Operator.IN_THE_RANGE,
)
OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: (
        *_EQUAL,
        Operator.CONTAINS,
        Operator.NOT_CONTAINS,
        Operator.STARTS_WITH,
        Operator.ENDS_WITH,
    ),
    Kind.NUMBER: _ORDERED,
    Kind.TRUTH: _EQUAL,
    Kind.DATE: (*_ORDERED, Operator.IN_THE_LAST, Operator.NOT_IN_THE_LAST),
    Kind.PLAYLIST: (Operator.IN_PLAYLIST, Operator.NOT_IN_PLAYLIST),
}
"""Which operators a field of each kind has."""

ROLES = ("composer", "lyricist", "conductor", "performer", "arranger", "producer", "remixer")
"""What contributors do, by which a track can be chosen; each is a field of that name."""
_TEXTS = (
    "title", "album", "artist", "albumartist", "genre", "mood", "grouping", "comment",
    "filetype", "filepath", "albumtype", "releasetype", "recordlabel", "isrc", "work", "language",
    "explicitstatus", *ROLES,
)  # fmt: skip
_NUMBERS = (
    "year", "tracknumber", "discnumber", "duration", "bitrate", "bitdepth", "samplerate",
    "channels", "size", "bpm", "library_id", "rating", "playcount", "albumrating",
    "albumplaycount", "artistrating", "artistplaycount",
)  # fmt: skip
_TRUTHS = ("loved", "albumloved", "artistloved", "compilation", "hascoverart")
_DATES = ("dateadded", "datemodified", "lastplayed", "dateloved", "albumlastplayed")

FIELDS: Mapping[str, Kind] = {
    **dict.fromkeys(_TEXTS, Kind.TEXT),
    **dict.fromkeys(_NUMBERS, Kind.NUMBER),
    **dict.fromkeys(_TRUTHS, Kind.TRUTH),
    **dict.fromkeys(_DATES, Kind.DATE),
    "id": Kind.PLAYLIST,
}
"""What can be asked of a track, by the names of Navidrome's fields in lower case."""
RANDOM = "random"
"""What a playlist may be sorted by that is no field: another order each time."""
UNSORTABLE = frozenset(
    {
        "id",
        "mood",
        "grouping",
        "isrc",
        "work",
        "language",
        "albumtype",
        "releasetype",
        "recordlabel",
        *ROLES,
    }
)
"""Fields of which a track may have several, in no order."""

Value = str | float | bool | tuple[float, float]


class Condition(Struct, frozen=True, kw_only=True):
    """One comparison."""

    operator: Operator
    field: str
    """One of FIELDS."""
    value: Value
    """Dates are moments in milliseconds since 1970, and of IN_THE_LAST a number of days."""


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
