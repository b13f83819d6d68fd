"""What one user has left on an artist, album or track: star, rating, plays."""

from msgspec import Struct

from hydrophone.domain.units import Timestamp


class Annotation(Struct, frozen=True, kw_only=True):
    """One user's traces on one thing."""

    starred: Timestamp | None = None
    """Since when; `None` if not starred."""
    rating: int = 0
    """1 to 5; 0 if not rated."""
    play_count: int = 0
    last_played: Timestamp | None = None


UNTOUCHED = Annotation()
"""Nothing starred, rated or played: what almost every thing has for almost every user."""
