"""One song, played on two nights, is two recordings."""

import pytest

from hydrophone.domain.ids import AlbumId, LibraryId
from hydrophone.domain.music import Album, PartialDate
from hydrophone.domain.performance import may_share_performances
from hydrophone.domain.units import Seconds, Timestamp


def album(name: str, *types: str, date: PartialDate | None = None) -> Album:
    return Album(
        id=AlbumId("al-x"),
        name=name,
        release_types=types,
        release_date=date,
        library_id=LibraryId(1),
        track_count=1,
        duration=Seconds(1.0),
        created=Timestamp(0),
    )


MAY = PartialDate(year=1977, month=5, day=8)
JUNE = PartialDate(year=1977, month=6, day=7)
ONLY_YEAR = PartialDate(year=1977)
NIGHT = album("1977-05-08 Barton Hall", "live", date=MAY)


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (NIGHT, album("Barton Hall", "Live", date=MAY), True),
        (NIGHT, album("Winterland 1977.06.07", "live"), False),
        (NIGHT, album("Winterland", "live", date=JUNE), False),
        # Ripped by somebody who has tagged no type.
        (NIGHT, album("Ithaca, 1977-05-08"), True),
        (album("1977-05-08"), album("1977-06-07"), False),
        # Of the studio, or of a night that nobody knows.
        (NIGHT, album("Terrapin Station", "album"), False),
        (NIGHT, album("Terrapin Station", date=JUNE), False),
        (NIGHT, album("Steal Your Face", "live", date=ONLY_YEAR), False),
        (album("Live at Leeds", "live", date=ONLY_YEAR), album("Live at  leeds", "live"), True),
        (album("Live", "live", date=MAY), album("Live", "live", date=JUNE), False),
        # Released again, and on a compilation.
        (album("One", "album", date=MAY), album("Best of", "compilation", date=JUNE), True),
        (NIGHT, None, False),
        (album("One"), None, True),
        (None, None, True),
    ],
)
def test_albums_say_of_which_night_they_are(
    one: Album | None, other: Album | None, may: bool
) -> None:
    assert may_share_performances(one, other) is may
    assert may_share_performances(other, one) is may
