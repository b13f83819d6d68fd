"""Which performance an album is a recording of, as far as it says.

One song played on two nights has the same title, the same artist and often the same length.
"""

import re

from hydrophone.domain.music import Album

_NIGHT = re.compile(r"(?<!\d)(\d{4})[-./](\d{2})[-./](\d{2})(?!\d)")
_LIVE = "live"


def may_share_performances(one: Album | None, other: Album | None) -> bool:
    """Say whether two albums may have the same recording, if nothing but names says so.

    Two nights are two performances. Where one album is live, both have to be of one night, or to
    have one name and not two days: a concert is no recording of what a studio album has.
    """
    nights = {_night(one), _night(other)} - {""}
    if len(nights) > 1:
        return False
    if not (_is_live(one) or _is_live(other)):
        return True
    if one is None or other is None:
        return False
    if _night(one) and _night(other):
        return True
    return _name(one) == _name(other)


def _is_live(album: Album | None) -> bool:
    return album is not None and _LIVE in {kind.casefold() for kind in album.release_types}


def _night(album: Album | None) -> str:
    """Return the day in an album's name, else that of a live one; empty if there is none."""
    if album is None:
        return ""
    named = _NIGHT.search(album.name)
    if named is not None:
        return "-".join(named.groups())
    date = album.release_date
    if not _is_live(album) or date is None or not date.day:
        return ""
    return f"{date.year:04}-{date.month:02}-{date.day:02}"


def _name(album: Album) -> str:
    return " ".join(album.name.casefold().split())
