"""All rules, by the chapters of the protocol's documentation."""

from hydrophone_subsonic.conformance.rule import Chapter, Rule
from hydrophone_subsonic.conformance.rules import (
    annotation,
    authentication,
    bookmarks,
    browsing,
    chat,
    compatibility,
    jukebox,
    lists,
    media,
    playlists,
    podcasts,
    radio,
    scanning,
    searching,
    sharing,
    system,
    transcoding,
    users,
)

CHAPTERS: tuple[Chapter, ...] = (
    system.chapter,
    authentication.chapter,
    browsing.chapter,
    lists.chapter,
    searching.chapter,
    playlists.chapter,
    media.chapter,
    transcoding.chapter,
    annotation.chapter,
    bookmarks.chapter,
    sharing.chapter,
    podcasts.chapter,
    radio.chapter,
    jukebox.chapter,
    chat.chapter,
    users.chapter,
    scanning.chapter,
    compatibility.chapter,
)
"""In the order in which they are checked and reported."""

RULES: tuple[Rule, ...] = tuple(rule for chapter in CHAPTERS for rule in chapter.rules)
