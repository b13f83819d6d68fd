"""What a podcast's feed says; it is read by feed_parser.py, in a process of its own."""

from msgspec import Struct

from hydrophone.domain.units import ByteCount, Seconds, Timestamp

MOST_EPISODES = 5000


class FeedRequest(Struct, frozen=True, kw_only=True):
    """The bytes of a feed, and where they came from."""

    url: str
    content: bytes


class FeedEpisode(Struct, frozen=True, kw_only=True):
    """An episode that can be played."""

    guid: str
    """What identifies it within its feed."""
    title: str
    description: str
    published: Timestamp | None
    url: str
    duration: Seconds
    """0 if the feed does not say."""
    size: ByteCount
    """0 if the feed does not say; often wrong."""
    suffix: str
    content_type: str


class Feed(Struct, frozen=True, kw_only=True):
    """What a feed says."""

    title: str
    description: str
    image_url: str
    episodes: tuple[FeedEpisode, ...]
    """The newest first, at most MOST_EPISODES."""
