"""The chat of all users of a server."""

from msgspec import Struct

from hydrophone.domain.units import Timestamp


class ChatMessage(Struct, frozen=True, kw_only=True):
    """What one user has said to all."""

    user_name: str
    time: Timestamp
    """No two messages have the same, so that nobody who asks for later ones misses any."""
    text: str
