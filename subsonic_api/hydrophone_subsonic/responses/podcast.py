"""Podcasts: channels and episodes."""

from msgspec import UNSET, Raw, UnsetType

from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.wire import Wire


class PodcastEpisode(Child, frozen=True, kw_only=True):
    """An episode: a song with what only podcasts have."""

    stream_id: str
    """What players ask `stream` for; DSub makes one up if it is missing."""
    channel_id: str
    description: str
    status: str
    publish_date: str | UnsetType = UNSET


class PodcastChannel(Wire, frozen=True, kw_only=True):
    """A channel; its episodes are absent if nobody asked for them."""

    id: str
    url: str
    title: str
    description: str
    cover_art: str
    original_image_url: str | UnsetType = UNSET
    status: str
    error_message: str | UnsetType = UNSET
    episode: tuple[PodcastEpisode | Raw, ...] | UnsetType = UNSET
    """`Raw` are some that are written already."""


class Podcasts(Wire, frozen=True, kw_only=True):
    """All channels, or the one that was asked for."""

    channel: tuple[PodcastChannel, ...]


class NewestPodcasts(Wire, frozen=True, kw_only=True):
    """The newest episodes of all channels."""

    episode: tuple[PodcastEpisode, ...]
