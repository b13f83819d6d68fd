"""Services that keep a record of what people hear."""

from typing import Annotated, Protocol, runtime_checkable

from msgspec import Meta, Struct

from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp


class NowPlayingNotice(Struct, frozen=True, kw_only=True):
    """A user has begun to hear a track."""

    user_name: str
    track: Track
    client: str
    """The app's own name."""


class Listened(Struct, frozen=True, kw_only=True):
    """A play on record."""

    track: Track
    started: Timestamp
    client: str


class ScrobbleBatch(Struct, frozen=True, kw_only=True):
    """Plays of one user, the oldest first; the same batch may come again after a fault."""

    user_name: str
    plays: Annotated[tuple[Listened, ...], Meta(min_length=1, max_length=50)]


class ScrobbleOutcome(Struct, frozen=True, kw_only=True):
    """What became of a batch; what is not accepted will never be sent again."""

    accepted: int
    refused: tuple[str, ...] = ()
    """One sentence for each play that the service will not have."""


@runtime_checkable
class Scrobbler(Protocol):
    """Takes plays.

    RetryLaterError and ProviderUnavailableError keep a batch in our queue; NotAuthorizedError
    keeps it until the user has linked his account anew.
    """

    async def is_linked(self, user_name: str) -> bool:
        """Say, without asking the service, whether this user has an account there."""
        ...

    async def now_playing(self, request: NowPlayingNotice) -> None:
        """Tell what is heard; never repeated if it fails."""
        ...

    async def submit(self, request: ScrobbleBatch) -> ScrobbleOutcome:
        """Put plays on record."""
        ...
