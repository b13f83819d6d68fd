"""The hooks: what a plugin can register. Read from top to bottom, this is the plugin API.

Each hook is called once, after `Plugin.start`, and returns objects that do the work later; an
empty tuple means that this instance has none. A plugin implements the hooks that it needs, as
methods marked with `hydrophone.plugin.hookimpl`.
"""

from collections.abc import Sequence

import click

from hydrophone.plugin.capabilities.acquirer import Acquirer
from hydrophone.plugin.capabilities.analyzer import Analyzer
from hydrophone.plugin.capabilities.artwork import ArtworkProvider
from hydrophone.plugin.capabilities.event_listener import EventListener
from hydrophone.plugin.capabilities.job import Job
from hydrophone.plugin.capabilities.lyrics import LyricsProvider
from hydrophone.plugin.capabilities.metadata import MetadataProvider
from hydrophone.plugin.capabilities.recognizer import Recognizer
from hydrophone.plugin.capabilities.scrobbler import Scrobbler
from hydrophone.plugin.capabilities.similarity import SimilarityProvider, SonicSimilarity
from hydrophone.plugin.capabilities.source import Source
from hydrophone.plugin.capabilities.webhook import WebhookHandler
from hydrophone.plugin.markers import hookspec


class HookSpecs:
    """All hooks, as pluggy knows them."""

    @hookspec
    def sources(self) -> Sequence[Source]:
        """Catalogues that can be searched and streamed. Core asks at most one of an instance."""
        return ()

    @hookspec
    def metadata_providers(self) -> Sequence[MetadataProvider]:
        """Knowledge about artists and albums."""
        return ()

    @hookspec
    def artwork_providers(self) -> Sequence[ArtworkProvider]:
        """Pictures of artists and albums."""
        return ()

    @hookspec
    def lyrics_providers(self) -> Sequence[LyricsProvider]:
        """Words of tracks."""
        return ()

    @hookspec
    def similarity_providers(self) -> Sequence[SimilarityProvider]:
        """What people who hear one thing hear as well."""
        return ()

    @hookspec
    def sonic_similarities(self) -> Sequence[SonicSimilarity]:
        """Which tracks sound alike."""
        return ()

    @hookspec
    def recognizers(self) -> Sequence[Recognizer]:
        """What is playing?"""
        return ()

    @hookspec
    def analyzers(self) -> Sequence[Analyzer]:
        """Features and tags of tracks, by listening to them."""
        return ()

    @hookspec
    def scrobblers(self) -> Sequence[Scrobbler]:
        """Services that keep a record of what people hear."""
        return ()

    @hookspec
    def event_listeners(self) -> Sequence[EventListener]:
        """Whoever wants to know what happens."""
        return ()

    @hookspec
    def acquirers(self) -> Sequence[Acquirer]:
        """Ways to get an album that is wanted."""
        return ()

    @hookspec
    def webhooks(self) -> Sequence[WebhookHandler]:
        """Addresses at `/hooks/<plugin>/<name>`."""
        return ()

    @hookspec
    def jobs(self) -> Sequence[Job]:
        """Work by the clock, or when asked for."""
        return ()

    @hookspec
    def commands(self) -> Sequence[click.Command]:
        """Commands of `hydrophone`.

        Implemented as a `classmethod`: it is called for the help text, without configuration,
        network or `start`. A command that needs the plugin takes it by
        `hydrophone.plugin.pass_plugin`.
        """
        return ()
