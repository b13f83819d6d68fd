"""Podcasts: everybody sees them, and those with the role change them."""

from collections.abc import Mapping

from msgspec import Raw

from hydrophone.domain.podcast import Channel
from hydrophone.domain.user import User
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.browsing import ById
from hydrophone_subsonic.mapping.podcast import podcast_channel, podcast_episode
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.parameters import Count, Parameters
from hydrophone_subsonic.responses.podcast import (
    NewestPodcasts,
    PodcastChannel,
    PodcastEpisode,
    Podcasts,
)

_ROLE = "podcast"


class GetPodcasts(Parameters, frozen=True, kw_only=True):
    """All channels, or one."""

    id: str | None = None
    include_episodes: bool = True


class GetNewestPodcasts(Parameters, frozen=True, kw_only=True):
    """How many episodes."""

    count: Count = 20


class CreatePodcastChannel(Parameters, frozen=True, kw_only=True):
    """The address of a feed."""

    url: str


@endpoint("getPodcasts", element="podcasts")
async def get_podcasts(call: Call, parameters: GetPodcasts) -> Podcasts:
    """Show all channels, or one, each with its episodes unless these are not wanted.

    Passwords within addresses are for those who may change channels.
    """
    podcasts = call.services.podcasts
    if parameters.id is None:
        channels = await podcasts.channels()
    else:
        channels = (await podcasts.channel(parameters.id),)
    written: dict[str, Raw] | None = None
    if parameters.include_episodes:
        written = await call.written.episodes.of(call.user, None, only=parameters.id)
    return Podcasts(channel=tuple(_shown(call.user, channel, written) for channel in channels))


def _shown(user: User, channel: Channel, written: Mapping[str, Raw] | None) -> PodcastChannel:
    episodes = None
    if written is not None:
        episodes = (written[channel.id],) if channel.id in written else ()
    return podcast_channel(channel, episodes, shows_login=user.roles.podcast)


@endpoint("getNewestPodcasts", element="newestPodcasts")
async def get_newest_podcasts(call: Call, parameters: GetNewestPodcasts) -> NewestPodcasts:
    """Show the newest episodes of all channels."""
    found = await call.services.podcasts.newest(call.user, parameters.count)
    return NewestPodcasts(episode=await in_steps(podcast_episode, found))


@endpoint("getPodcastEpisode", element="podcastEpisode")
async def get_podcast_episode(call: Call, parameters: ById) -> PodcastEpisode:
    """Show one episode (extension getPodcastEpisode)."""
    return podcast_episode(await call.services.podcasts.episode(call.user, parameters.id))


@endpoint("refreshPodcasts", role=_ROLE)
async def refresh_podcasts(call: Call, parameters: Parameters) -> None:
    """Let all feeds be read; returns at once."""
    await call.services.podcasts.refresh(call.user)


@endpoint("createPodcastChannel", role=_ROLE)
async def create_podcast_channel(call: Call, parameters: CreatePodcastChannel) -> None:
    """Follow a feed; answers before it is read."""
    await call.services.podcasts.add(call.user, parameters.url)


@endpoint("deletePodcastChannel", role=_ROLE)
async def delete_podcast_channel(call: Call, parameters: ById) -> None:
    """Follow a feed no longer, and delete its episodes."""
    await call.services.podcasts.remove(call.user, parameters.id)


@endpoint("deletePodcastEpisode", role=_ROLE)
async def delete_podcast_episode(call: Call, parameters: ById) -> None:
    """Delete the file of an episode; the episode stays, with the status `deleted`."""
    await call.services.podcasts.delete(call.user, parameters.id)


@endpoint("downloadPodcastEpisode", role=_ROLE)
async def download_podcast_episode(call: Call, parameters: ById) -> None:
    """Let an episode be downloaded; returns at once."""
    await call.services.podcasts.download(call.user, parameters.id)
