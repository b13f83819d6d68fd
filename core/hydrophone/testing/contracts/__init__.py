"""What every implementation of a capability must do, as test classes to inherit from.

    class TestSource(SourceContract):
        words = "blue"

        @pytest.fixture
        async def provider(self, hydrophone_context, service):
            table = {"base_url": service.url}
            async with started_plugin(BandcampPlugin, hydrophone_context, table) as started:
                yield started.the(SOURCE)

        @pytest.fixture
        def outage(self, hydrophone_loopback):
            return lambda: hydrophone_loopback.fail(status("503 Service Unavailable"))

All calls go through the host's guard, which is strict here: a bug of the plugin is raised, and an
answer is held against its type.
"""

from hydrophone.testing.contracts.acquirer import AcquirerContract
from hydrophone.testing.contracts.analyzer import AnalyzerContract
from hydrophone.testing.contracts.artwork import ArtworkContract
from hydrophone.testing.contracts.event_listener import EventListenerContract
from hydrophone.testing.contracts.job import JobContract
from hydrophone.testing.contracts.lyrics import LyricsContract
from hydrophone.testing.contracts.metadata import MetadataContract
from hydrophone.testing.contracts.recognizer import RecognizerContract
from hydrophone.testing.contracts.scrobbler import ScrobblerContract
from hydrophone.testing.contracts.similarity import SimilarityContract, SonicSimilarityContract
from hydrophone.testing.contracts.source import SourceContract
from hydrophone.testing.contracts.webhook import WebhookContract

__all__ = [
    "AcquirerContract",
    "AnalyzerContract",
    "ArtworkContract",
    "EventListenerContract",
    "JobContract",
    "LyricsContract",
    "MetadataContract",
    "RecognizerContract",
    "ScrobblerContract",
    "SimilarityContract",
    "SonicSimilarityContract",
    "SourceContract",
    "WebhookContract",
]
