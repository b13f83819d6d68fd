"""The addresses of HLS: what they stand for, since players send no login with segments."""

import msgspec
from msgspec import Struct

from hydrophone.domain.hls import Quality
from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import NotPermittedError
from hydrophone.services.clock import Clock
from hydrophone.services.logins import Logins
from hydrophone.services.signing import Signer

_PAUSES = 12 * 3600 * 1000
"""Milliseconds for which a token is good beyond the length of what is played."""
_LONGEST_CLIENT = 100


class Ticket(Struct, frozen=True, kw_only=True, array_like=True):
    """Who may play what until when, and how."""

    expires: Timestamp
    user_id: UserId
    media_id: str
    quality: Quality
    client: str
    audio_track: int = 0
    """Which sound of a video, from 0."""


class HlsTokens:
    """Writes and reads tokens, which are signed and expire."""

    def __init__(self, *, signer: Signer, logins: Logins, clock: Clock) -> None:
        self._signer = signer
        self._logins = logins
        self._clock = clock

    def write(
        self,
        viewer: User,
        media_id: str,
        duration: Seconds,
        quality: Quality,
        *,
        client: str,
        audio_track: int = 0,
    ) -> str:
        """Return a token for something of this length."""
        ticket = Ticket(
            expires=Timestamp(self._clock.now() + round(duration * 1000) + _PAUSES),
            user_id=viewer.id,
            media_id=media_id,
            quality=quality,
            client=client[:_LONGEST_CLIENT],
            audio_track=audio_track,
        )
        return self._signer.sign(msgspec.json.encode(ticket))

    def read(self, token: str) -> tuple[Ticket, User]:
        """Return what a token stands for, and who may play it.

        Raises:
            InvalidInputError: The token is none of ours.
            NotPermittedError: It has expired, or its user may not stream any more.
        """
        ticket = msgspec.json.decode(self._signer.read(token), type=Ticket)
        if self._clock.now() >= ticket.expires:
            raise NotPermittedError("This address has expired; ask for the playlist again.")
        viewer = self._logins.user(ticket.user_id)
        if viewer is None or not viewer.roles.stream:
            raise NotPermittedError("This address is not valid any more.")
        return ticket, viewer
