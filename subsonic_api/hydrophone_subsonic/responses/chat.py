"""The chat."""

from hydrophone_subsonic.responses.wire import Wire


class ChatMessage(Wire, frozen=True, kw_only=True):
    """What somebody has said to all."""

    username: str
    time: int
    """Milliseconds since 1970."""
    message: str


class ChatMessages(Wire, frozen=True, kw_only=True):
    """Those that are asked for, the newest first."""

    chat_message: tuple[ChatMessage, ...]
