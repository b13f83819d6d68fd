"""Shares."""

from msgspec import UNSET, Raw

from hydrophone.domain import share
from hydrophone_subsonic.mapping.values import date, optional_date
from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.share import Share

_PATH = "/share"
"""Where the server has their pages; DSub knows it too."""


def share_with_songs(share: share.Share, address: str, songs: tuple[Child | Raw, ...]) -> Share:
    """Describe a share; `address` is the server's own."""
    return Share(
        id=share.id,
        url=f"{address}{_PATH}/{share.id}",
        description=share.description or UNSET,
        username=share.owner,
        created=date(share.created),
        expires=optional_date(share.expires),
        last_visited=optional_date(share.last_visited),
        visit_count=share.visit_count,
        entry=songs,
    )
