"""Podcasts. Nothing is subscribed to: that would fetch a stranger's feed."""

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import (
    check_json,
    declare_answers,
    declare_refusals,
)
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("podcasts", "Podcasts")

declare_answers(chapter, "getPodcasts", "getNewestPodcasts")
declare_refusals(chapter, "getPodcastEpisode", unknown=True)
declare_refusals(chapter, "createPodcastChannel", writes=True)
declare_refusals(
    chapter, "deletePodcastChannel", "deletePodcastEpisode", "downloadPodcastEpisode",
    unknown=True, writes=True,
)  # fmt: skip

_PAGE = "docs:endpoints/getpodcasts/"


def _channels(probe: Probe) -> list[Json]:
    found: list[Json] = probe.ask("getPodcasts")["podcasts"].get("channel", [])
    if not found:
        raise Skipped("There is no podcast.")
    return found


@chapter.rule(
    "podcasts.one",
    "getPodcasts with an id sends this channel alone",
    why=_PAGE,
    apps=("DSub", "Ultrasonic"),
)
def _one(probe: Probe) -> None:
    id_ = _channels(probe)[-1]["id"]
    found = [one["id"] for one in probe.ask("getPodcasts", id=id_)["podcasts"]["channel"]]
    expect(found == [id_], f"Asked for {id_!r}, got {found}.")


@chapter.rule("podcasts.bare", "includeEpisodes=false leaves the episodes out", why=_PAGE)
def _bare(probe: Probe) -> None:
    _channels(probe)
    for channel in probe.ask("getPodcasts", includeEpisodes=False)["podcasts"]["channel"]:
        expect(not channel.get("episode"), f"{channel['id']!r} has episodes.")


@chapter.rule("podcasts.unknown", "An unknown channel is not found: code 70", why=_PAGE)
def _unknown(probe: Probe) -> None:
    probe.ask("getPodcasts")
    probe.error("getPodcasts", (70,), id="conformance-no-such-id")


@chapter.rule(
    "podcasts.stream-id",
    "A downloaded episode has a `streamId`",
    why="docs:responses/podcastepisode/",
    apps=("DSub", "airsonic-refix"),
)
def _stream_id(probe: Probe) -> None:
    for channel in _channels(probe):
        for episode in channel.get("episode", []):
            if episode["status"] == "completed":
                expect(episode.get("streamId"), f"{episode['id']!r} has none.")


@chapter.rule(
    "podcasts.episode",
    "getPodcastEpisode sends the episode that getPodcasts has",
    why="docs:extensions/getpodcastepisode/",
)
def _episode(probe: Probe) -> None:
    probe.need_extension("getPodcastEpisode")
    episodes = [one for channel in _channels(probe) for one in channel.get("episode", [])]
    if not episodes:
        raise Skipped("There is no episode.")
    answer = probe.call("getPodcastEpisode", id=episodes[0]["id"])
    found = check_json(probe, answer, "getPodcastEpisode")["podcastEpisode"]
    expect(found["id"] == episodes[0]["id"], f"It is {found['id']!r}.")


@chapter.rule(
    "podcasts.refresh",
    "refreshPodcasts answers at once",
    why="docs:endpoints/refreshpodcasts/",
    writes=True,
)
def _refresh(probe: Probe) -> None:
    probe.facts.need_role("podcastRole")
    probe.ask("refreshPodcasts")
