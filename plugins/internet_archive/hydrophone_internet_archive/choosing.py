"""Chooses the file of a track that is fetched, or says why there is none."""

from collections.abc import Sequence

from hydrophone.domain.remote import Quality
from hydrophone.plugin.capabilities.source import Refusal, RefusalReason
from hydrophone_internet_archive.formats import Format
from hydrophone_internet_archive.items import Item
from hydrophone_internet_archive.tracks import Copy, Track

REMOVED = Refusal(
    reason=RefusalReason.REMOVED,
    sentence="The Internet Archive has taken this recording down.",
)
RESTRICTED = Refusal(
    reason=RefusalReason.RESTRICTED,
    sentence="The Internet Archive restricts this recording: it is not given to everybody.",
)
STREAM_ONLY = Refusal(
    reason=RefusalReason.RESTRICTED,
    sentence="The Internet Archive only streams this recording, and has no stream of this track.",
)
SHORTEN_ONLY = Refusal(
    reason=RefusalReason.RESTRICTED,
    sentence="The Internet Archive has this track in a format only that nothing plays (Shorten).",
)
EMPTY = Refusal(
    reason=RefusalReason.REMOVED,
    sentence="The Internet Archive has no music in this recording any more.",
)
UNWANTED = Refusal(
    reason=RefusalReason.RESTRICTED,
    sentence="The Internet Archive has this track in no format that the configuration names.",
)


def withheld(item: Item) -> Refusal | None:
    """Say why nothing of an item can be had; `None` if something may."""
    if item.is_dark:
        return REMOVED
    return RESTRICTED if item.is_restricted else None


def missing(item: Item, tracks: Sequence[Track]) -> Refusal | None:
    """Say why an item has no tracks; `None` if it has some."""
    return None if tracks else withheld(item) or EMPTY


def choose(
    item: Item,
    track: Track,
    *,
    formats: Sequence[Format],
    quality: Quality = Quality.LOSSLESS,
) -> tuple[Copy, ...] | Refusal:
    """Return the copies that may be fetched, the first to be tried first; never empty.

    `formats` are those of the configuration, the preferred first. Of what is stream-only
    the Archive refuses the lossless files and whatever was uploaded.
    """
    if refusal := withheld(item):
        return refusal
    if not track.copies:
        return SHORTEN_ONLY
    given = [copy for copy in track.copies if not copy.file.is_private]
    if item.recording.is_stream_only:
        given = [c for c in given if not (c.format.is_lossless or c.file.is_original)]
    if not given:
        return STREAM_ONLY if item.recording.is_stream_only else RESTRICTED
    places = {one.name: place for place, one in enumerate(formats)}
    wanted = [copy for copy in given if copy.format.name in places]
    if not wanted:
        return UNWANTED
    lossy_first = quality is Quality.LOSSY
    return tuple(
        sorted(
            wanted,
            key=lambda copy: (lossy_first and copy.format.is_lossless, places[copy.format.name]),
        )
    )
