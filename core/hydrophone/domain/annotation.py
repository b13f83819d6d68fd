"""What one user has left on an artist, album or track: star, rating, plays, a bookmark."""

from msgspec import Struct

from hydrophone.domain.units import Milliseconds, Timestamp


class Annotation(Struct, frozen=True, kw_only=True, gc=False):
    """One user's traces on one thing."""

    starred: Timestamp | None = None
    """Since when; `None` if not starred."""
    rating: int = 0
    """1 to 5; 0 if not rated."""
    play_count: int = 0
    last_played: Timestamp | None = None
    bookmark: Milliseconds | None = None
    """Where to go on; `None` without a bookmark."""


UNTOUCHED = Annotation()
"""Nothing starred, rated, played or marked: what almost every thing has for almost every user."""
