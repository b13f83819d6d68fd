"""Podcasts: channels that somebody has added for all, and their episodes."""

from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.annotation import UNTOUCHED, Annotation
from hydrophone.domain.ids import ArtworkId, ChannelId, EpisodeId
from hydrophone.domain.units import ByteCount, Hertz, Kbps, Seconds, Timestamp


class PodcastStatus(StrEnum):
    """How a channel or an episode stands; the words are Subsonic's."""

    NEW = "new"
    """A channel that was never read; an episode that is not here."""
    DOWNLOADING = "downloading"
    COMPLETED = "completed"
    """A channel that was read; an episode that is here."""
    ERROR = "error"
    DELETED = "deleted"
    """The episode was here once."""
    SKIPPED = "skipped"
    """Not downloaded by itself, because newer ones came at the same time."""


class Channel(Struct, frozen=True, kw_only=True):
    """A podcast, by the address of its feed."""

    id: ChannelId
    url: str
    """May hold a login or a secret of whoever added it."""
    title: str
    """The host's name until the feed was read."""
    description: str
    image_url: str
    artwork_id: ArtworkId | None
    status: PodcastStatus
    error: str
    """One sentence; empty unless the status is `error`."""
    etag: str
    """What the feed's server said of its version, to be said back; so `last_modified`."""
    last_modified: str
    failures: int
    """Times that it could not be read since it could."""
    refreshed: Timestamp | None
    """When it was read; `None` if never."""
    mark: int = 0
    """Another one as soon as anything about its episodes is another; never one that was before."""


class Episode(Struct, frozen=True, kw_only=True, gc=False):
    """An episode, whether it is here or not."""

    id: EpisodeId
    channel_id: ChannelId
    channel_title: str
    artwork_id: ArtworkId | None
    """The channel's."""
    title: str
    description: str
    published: Timestamp | None
    url: str
    duration: Seconds
    """As the file says once it is here, before that as the feed does; 0 if unknown. So all of
    what follows."""
    size: ByteCount
    suffix: str
    content_type: str
    codec: str
    """mp3, aac, alac, ...; empty until the file is here."""
    codec_profile: str
    """Which variety of the codec (of AAC: LC, HE-AAC, ...); empty if unknown."""
    bit_rate: Kbps
    bit_depth: int
    sampling_rate: Hertz
    channel_count: int
    status: PodcastStatus
    error: str
    """One sentence; empty unless the status is `error`."""
    failures: int
    """Times in a row that its download was given up."""
    due: Timestamp | None
    """When it is tried again; `None` if that is for somebody to ask for."""
    path: str
    """Escaped and relative to the folder of podcasts; empty if the episode is not here."""
    validator: str
    """What the file's server said of the version of which a part is here."""
    created: Timestamp
    annotation: Annotation = UNTOUCHED
