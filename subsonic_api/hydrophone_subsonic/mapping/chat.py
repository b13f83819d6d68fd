"""The chat."""

from hydrophone.domain import chat
from hydrophone_subsonic.responses.chat import ChatMessage


def chat_message(message: chat.ChatMessage) -> ChatMessage:
    """Describe a message."""
    return ChatMessage(username=message.user_name, time=message.time, message=message.text)
