"""Podcasts: channels and episodes."""

from collections.abc import Callable
from time import gmtime
from typing import TypeVar
from urllib.parse import urlsplit

from msgspec import UNSET, Raw, UnsetType

from hydrophone.domain import podcast
from hydrophone_subsonic.mapping.child import genres
from hydrophone_subsonic.mapping.values import date, optional_date, whole
from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.podcast import PodcastChannel, PodcastEpisode

ChildT = TypeVar("ChildT", bound=Child)

_GENRE = "Podcast"


def podcast_channel(
    channel: podcast.Channel,
    episodes: tuple[PodcastEpisode | Raw, ...] | None,
    *,
    shows_login: bool,
) -> PodcastChannel:
    """Describe a channel, with its episodes if they are wanted.

    Some feeds that are paid for have a name and a password in their address.
    """
    return PodcastChannel(
        id=channel.id,
        url=channel.url if shows_login else _without_login(channel.url),
        title=channel.title,
        description=channel.description,
        cover_art=channel.artwork_id or channel.id,
        original_image_url=channel.image_url or UNSET,
        status=channel.status.value,
        error_message=channel.error or UNSET,
        episode=UNSET if episodes is None else episodes,
    )


def _without_login(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def podcast_episode(episode: podcast.Episode) -> PodcastEpisode:
    """Describe an episode among podcasts."""
    return _described(
        PodcastEpisode,
        episode,
        stream_id=episode.id,
        channel_id=episode.channel_id,
        description=_trouble(episode) or episode.description,
        status=episode.status.value,
        publish_date=optional_date(episode.published),
    )


def _trouble(episode: podcast.Episode) -> str:
    """Say what hinders a download: episodes have no `errorMessage` of their own."""
    again = " The server tries again by itself." if episode.due is not None else ""
    return f"{episode.error}{again}" if episode.error else ""


def episode_child(episode: podcast.Episode) -> Child:
    """Describe an episode among songs: its channel is its album and its artist."""
    return _described(Child, episode)


def _described(
    make: Callable[..., ChildT], episode: podcast.Episode, **more: str | UnsetType
) -> ChildT:
    annotation = episode.annotation
    return make(
        id=episode.id,
        parent=episode.channel_id,
        is_dir=False,
        title=episode.title,
        album=episode.channel_title,
        artist=episode.channel_title,
        year=gmtime(episode.published // 1000).tm_year if episode.published else UNSET,
        genre=_GENRE,
        cover_art=episode.artwork_id or episode.channel_id,
        size=episode.size or UNSET,
        content_type=episode.content_type,
        suffix=episode.suffix,
        duration=whole(episode.duration) or UNSET,
        bookmark_position=UNSET if annotation.bookmark is None else annotation.bookmark,
        bit_rate=episode.bit_rate or UNSET,
        path=episode.path or UNSET,
        is_video=episode.content_type.startswith("video/"),
        play_count=annotation.play_count,
        created=date(episode.created),
        type="podcast",
        media_type="song",
        played=optional_date(annotation.last_played),
        display_artist=episode.channel_title,
        display_album_artist=episode.channel_title,
        bit_depth=episode.bit_depth,
        sampling_rate=episode.sampling_rate,
        channel_count=episode.channel_count,
        genres=genres((_GENRE,)),
        **more,
    )
