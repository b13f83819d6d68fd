"""Puts the recordings of one night together."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from hydrophone_internet_archive.ranking import Ranking, shares
from hydrophone_internet_archive.recordings import Recording
from hydrophone_internet_archive.shapes import clipped, key

_WORDS = re.compile(r"\w+")
_ANY_HALL = frozenset(
    [
        "the",
        "at",
        "of",
        "and",
        "hall",
        "theatre",
        "theater",
        "club",
        "center",
        "centre",
        "arena",
        "auditorium",
        "room",
        "house",
        "ballroom",
        "university",
        "college",
        "park",
        "festival",
        "stage",
        "music",
        "bar",
        "cafe",
    ]
)
_LONGEST_KEY = 60


class Concert(Struct, frozen=True, kw_only=True):
    """A night, or an item that is the only one of its kind."""

    key: str
    """Whose night, the day, and which show; empty where an item stands for itself."""
    recordings: tuple[Recording, ...]
    """The best first; at least one."""
    ranks: tuple[int, ...]
    """Of the recordings, in their order."""

    @property
    def best(self) -> Recording:
        """Return the recording that is shown first."""
        return self.recordings[0]

    def member(self, identifier: str) -> tuple[Recording, int]:
        """Return one of the recordings, and its rank."""
        pairs = zip(self.recordings, self.ranks, strict=True)
        return next((one, rank) for one, rank in pairs if one.identifier == identifier)

    @property
    def name(self) -> str:
        """Return day, show and place, as far as anybody has written them down."""
        place = [self._first("venue"), self._first("place")]
        show = f"({self.best.show} show)" if self.best.show else ""
        where = ", ".join(dict.fromkeys(filter(None, place)))
        return " ".join(filter(None, [self.best.day, show, where])) or self.best.title

    def _first(self, field: str) -> str:
        return next((value for one in self.recordings if (value := getattr(one, field))), "")


def concerts(
    recordings: Iterable[Recording],
    ranking: Ranking,
    *,
    track_counts: Mapping[str, int] | None = None,
) -> tuple[Concert, ...]:
    """Group recordings by night, in the order in which each night occurs first.

    A night is a band, a day and, where it is said, an early or a late show; where a day has
    two venues that have nothing in common, the venue tells them apart. What is not dated to the
    day, or no concert, stands for itself. `track_counts` are of those whose tracks are known.
    """
    nights: dict[str, list[Recording]] = {}
    for one in {one.identifier: one for one in recordings}.values():
        nights.setdefault(_night(one), []).append(one)
    found = []
    for night, those in nights.items():
        places = _by_venue(those)
        for venue, same in places.items():
            full = f"{night}|{venue}" if len(places) > 1 else night
            found.append(_concert(full, same, ranking, track_counts or {}))
    return tuple(found)


def _night(one: Recording) -> str:
    if not (one.is_concert and one.is_dated):
        return f"item|{one.identifier}"
    return "|".join(filter(None, [clipped(one.band, _LONGEST_KEY), one.day, one.show]))


def _concert(
    night: str, recordings: list[Recording], ranking: Ranking, track_counts: Mapping[str, int]
) -> Concert:
    counts = {
        one.identifier: track_counts[one.identifier]
        for one in recordings
        if track_counts.get(one.identifier)
    }
    share = shares(recordings, counts)
    ranked = sorted(
        ((ranking.rank(one, share=share.get(one.identifier)), one) for one in recordings),
        key=lambda pair: (pair[0], pair[1].identifier),
    )
    return Concert(
        key="" if night.startswith("item|") else night,
        recordings=tuple(one for _, one in ranked),
        ranks=tuple(rank for rank, _ in ranked),
    )


def _by_venue(recordings: list[Recording]) -> dict[str, list[Recording]]:
    """Tell apart what was recorded on one day at different venues; a single key if nothing was."""
    groups: list[list[Recording]] = []
    nowhere: list[Recording] = []
    for one in recordings:
        if not one.venue:
            nowhere.append(one)
            continue
        near = [group for group in groups if any(_is_same(one.venue, it.venue) for it in group)]
        # Two spellings that have nothing in common may both be like a third.
        joined = [it for group in near for it in group] + [one]
        groups = [group for group in groups if group not in near] + [joined]
    if not groups:
        return {"": nowhere}
    max(groups, key=len).extend(nowhere)
    return {_common_venue(group): group for group in groups}


def _common_venue(group: list[Recording]) -> str:
    names = Counter(key(one.venue) for one in group if one.venue)
    most = max(names.values())
    return clipped(min(name for name, count in names.items() if count == most), _LONGEST_KEY)


def _is_same(one: str, other: str) -> bool:
    """Say whether two spellings may be of one venue: a word in common, or initials (`MSG`)."""
    first, second = _significant(one), _significant(other)
    if not first.isdisjoint(second):
        return True
    short, long = sorted((one, other), key=len)
    initials = "".join(word[0] for word in _WORDS.findall(long.casefold()))
    return key(short) in (initials, key(long)) or key(short) in key(long)


def _significant(venue: str) -> frozenset[str]:
    words = frozenset(_WORDS.findall(venue.casefold()))
    return words - _ANY_HALL or words
