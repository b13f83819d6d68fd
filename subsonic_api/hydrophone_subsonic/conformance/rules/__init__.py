"""All rules, by the chapters of the protocol's documentation."""

from hydrophone_subsonic.conformance.rule import Chapter, Rule
from hydrophone_subsonic.conformance.rules import (
    android,
    annotation,
    authentication,
    bookmarks,
    browsing,
    chat,
    compatibility,
    cors,
    envelope,
    jukebox,
    lists,
    lyrics,
    media,
    pictures,
    playlists,
    podcasts,
    radio,
    scanning,
    searching,
    sharing,
    system,
    transcoding,
    users,
    web_players,
)

CHAPTERS: tuple[Chapter, ...] = (
    envelope.chapter,
    system.chapter,
    cors.chapter,
    authentication.chapter,
    browsing.chapter,
    lists.chapter,
    searching.chapter,
    playlists.chapter,
    media.chapter,
    pictures.chapter,
    lyrics.chapter,
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
    android.chapter,
    web_players.chapter,
    compatibility.chapter,
)
"""In the order in which they are checked and reported."""

RULES: tuple[Rule, ...] = tuple(rule for chapter in CHAPTERS for rule in chapter.rules)
