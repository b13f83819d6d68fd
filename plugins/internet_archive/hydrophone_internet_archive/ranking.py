"""Decides which recording of a night is the best: the rule of `[plugins.internet_archive]`."""

import math
from collections.abc import Iterable, Mapping
from statistics import median

from hydrophone_internet_archive.config import Config, Criterion, Kind
from hydrophone_internet_archive.recordings import Recording

_WORST = 99
_FULL_MARKS = 5.0 * math.log1p(50)
"""What fifty reviewers can give at most; more of them make no difference."""
_MANY_DOWNLOADS = math.log1p(1_000_000)
_FRAGMENT = 0.5
_LOSSLESS = {"Flac": 0, "24bit Flac": 20}


class Ranking:
    """Gives each recording a number; the lowest is the best.

    Each criterion gives two digits, 0 for the best and 99 for the worst, and earlier criteria
    stand in front of later ones. So a number does not depend on which others were found.
    """

    def __init__(self, config: Config) -> None:
        """Takes `ranking` and `sources` of the configuration."""
        self._criteria = config.ranking
        self._tiers = {
            kind: place for place, equals in enumerate(config.sources) for kind in equals
        }

    def rank(self, recording: Recording, *, share: float | None = None) -> int:
        """Return the number of a recording.

        `share` is how many tracks it has of those that are usual for the night; `None` if it is
        not known, which then counts as all.
        """
        share = 1.0 if share is None else share
        digits = {
            Criterion.WHOLE: _WORST if share < _FRAGMENT else 0,
            Criterion.SOURCE: self._tier(recording.kind),
            Criterion.RATING: _scaled(
                recording.rating * math.log1p(recording.reviews) / _FULL_MARKS
            ),
            Criterion.COMPLETENESS: _scaled(share),
            Criterion.DOWNLOADS: _scaled(math.log1p(recording.downloads) / _MANY_DOWNLOADS),
            Criterion.LOSSLESS: _lossless(recording),
        }
        total = 0
        for criterion in self._criteria:
            total = total * (_WORST + 1) + digits[criterion]
        return total

    def _tier(self, kind: Kind) -> int:
        return min(self._tiers.get(kind, _WORST), _WORST)


def shares(recordings: Iterable[Recording], counts: Mapping[str, int]) -> dict[str, float]:
    """Return for recordings of one night how complete each is, where that can be told.

    By their numbers of tracks, as far as these are known. Else by their sizes, which the search
    tells: these are alike where the same lossless formats are there, but too rough to say more
    of a recording than that it is a fragment.
    """
    sizes: dict[frozenset[str], dict[str, int]] = {}
    for one in recordings:
        if one.size:
            kept = frozenset(one.formats).intersection(_LOSSLESS)
            sizes.setdefault(kept, {})[one.identifier] = one.size
    found: dict[str, float] = {}
    for alike in sizes.values():
        found |= {name: part for name, part in _parts(alike).items() if part < _FRAGMENT}
    return found | _parts(counts)


def _parts(amounts: Mapping[str, int]) -> dict[str, float]:
    """Compare with the median: one that was cut into many small tracks spoils nothing.

    One alone has nothing to be compared with.
    """
    if len(amounts) < 2:
        return {}
    usual = median(amounts.values())
    return {name: amount / usual for name, amount in amounts.items()}


def _scaled(part: float) -> int:
    return round(_WORST * (1.0 - min(max(part, 0.0), 1.0)))


def _lossless(recording: Recording) -> int:
    known = [_LOSSLESS[name] for name in recording.formats if name in _LOSSLESS]
    if known and not recording.is_stream_only:
        return min(known)
    return _WORST if recording.formats else 50
