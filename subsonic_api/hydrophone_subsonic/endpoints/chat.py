"""The chat of all users."""

from hydrophone.domain.units import Timestamp
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.mapping.chat import chat_message
from hydrophone_subsonic.parameters import Parameters, Time
from hydrophone_subsonic.responses.chat import ChatMessages


class GetChatMessages(Parameters, frozen=True, kw_only=True):
    """Messages after a moment (milliseconds since 1970)."""

    since: Time = 0


class AddChatMessage(Parameters, frozen=True, kw_only=True):
    """What to say to all."""

    message: str


@endpoint("getChatMessages", element="chatMessages")
async def get_chat_messages(call: Call, parameters: GetChatMessages) -> ChatMessages:
    """Show what was said, the newest first; DSub asks with the time of the last one it has."""
    found = await call.services.chat.messages(Timestamp(parameters.since))
    return ChatMessages(chat_message=tuple(map(chat_message, found)))


@endpoint("addChatMessage")
async def add_chat_message(call: Call, parameters: AddChatMessage) -> None:
    """Say something."""
    await call.services.chat.add(call.user, parameters.message)
