"""Chat. Nothing is said: nobody can take it back."""

from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import declare_answers, declare_refusals
from hydrophone_subsonic.conformance.verdict import expect

chapter = Chapter("chat", "Chat")

declare_answers(chapter, "getChatMessages")
declare_refusals(chapter, "addChatMessage", writes=True)


@chapter.rule(
    "chat.since",
    "`since` leaves out what was there before",
    why="docs:endpoints/getchatmessages/",
    apps=("DSub",),
)
def _since(probe: Probe) -> None:
    found = probe.ask("getChatMessages", since=4_102_444_800_000)["chatMessages"]
    expect(not found.get("chatMessage"), "There are messages of a time to come.")
