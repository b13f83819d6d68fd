"""Each contract holds for an implementation that is right, and not for one that is not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from hydrophone.domain.analysis import Analysis, GivenTag
from hydrophone.domain.facts import AlbumFacts, ArtistFacts
from hydrophone.domain.lyrics import Lyrics, LyricsLine
from hydrophone.domain.remote import RemoteTrack
from hydrophone.domain.units import Milliseconds, Seconds
from hydrophone.errors import ProviderUnavailableError
from hydrophone.host.capabilities import ACQUIRER, CAPABILITIES, SOURCE
from hydrophone.host.registry import Registry
from hydrophone.plugin import Context
from hydrophone.plugin.capabilities.acquirer import (
    AcquisitionState,
    AcquisitionStatus,
    AcquisitionTicket,
    WantedAlbum,
)
from hydrophone.plugin.capabilities.analyzer import AnalysisRequest
from hydrophone.plugin.capabilities.artwork import ArtworkRequest, ArtworkSubject
from hydrophone.plugin.capabilities.event_listener import Event, EventKind
from hydrophone.plugin.capabilities.job import JobRun
from hydrophone.plugin.capabilities.lyrics import LyricsRequest
from hydrophone.plugin.capabilities.metadata import AlbumQuery, ArtistQuery
from hydrophone.plugin.capabilities.recognizer import Recognition, RecognitionRequest
from hydrophone.plugin.capabilities.scrobbler import (
    NowPlayingNotice,
    ScrobbleBatch,
    ScrobbleOutcome,
)
from hydrophone.plugin.capabilities.similarity import (
    KnownArtist,
    KnownTrack,
    SimilarArtist,
    SimilarArtistsRequest,
    SimilarTrack,
    SimilarTracksRequest,
    SonicMatch,
    SonicNeighboursRequest,
    SonicPathRequest,
    TopTracksRequest,
)
from hydrophone.plugin.capabilities.source import (
    Picture,
    SearchHits,
    SearchRequest,
    Source,
)
from hydrophone.plugin.capabilities.webhook import WebhookRequest, WebhookResponse
from hydrophone.testing import contracts, faults
from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.context import started_plugin
from hydrophone.testing.loopback import Loopback
from hydrophone.testing.synthetic_service import SyntheticService
from hydrophone.testing.synthetic_source import SyntheticPlugin, SyntheticSource


class Service:
    """Stands for what is behind an implementation."""

    is_up = True

    def ask(self) -> None:
        if not self.is_up:
            raise ProviderUnavailableError("It is down.")

    def take_down(self) -> None:
        self.is_up = False


class WithService:
    """A contract whose implementation asks a Service."""

    @pytest.fixture
    def service(self) -> Service:
        return Service()

    @pytest.fixture
    def outage(self, service: Service) -> Callable[[], object]:
        return service.take_down


class Knowing:
    """Knows a thing or two, and asks for everything else in vain; does nearly all there is."""

    kinds = frozenset({EventKind.STARRED, EventKind.RATED})
    name = "chore"
    interval = Seconds(60.0)
    version = "1"

    def __init__(self, service: Service) -> None:
        self._service = service

    async def artwork(self, request: ArtworkRequest) -> Picture | None:
        self._service.ask()
        return Picture(content=make_picture()) if request.name == "Anna" else None

    async def lyrics(self, request: LyricsRequest) -> tuple[Lyrics, ...]:
        self._service.ask()
        if request.title != "Song":
            return ()
        lines = [LyricsLine(text=text, start=Milliseconds(1)) for text in ("La", "la")]
        return (Lyrics(is_synced=True, lines=tuple(lines)),)

    async def similar_artists(self, request: SimilarArtistsRequest) -> tuple[SimilarArtist, ...]:
        self._service.ask()
        names = ("Berta", "Clara") if request.artist.name == "Anna" else ()
        found = [SimilarArtist(artist=KnownArtist(name=one), likeness=0.5) for one in names]
        return tuple(found[: request.count])

    async def similar_tracks(self, request: SimilarTracksRequest) -> tuple[SimilarTrack, ...]:
        titles = ("One", "Two") if request.track.title == "Song" else ()
        found = [SimilarTrack(track=KnownTrack(title=one), likeness=0.5) for one in titles]
        return tuple(found[: request.count])

    async def top_tracks(self, request: TopTracksRequest) -> tuple[KnownTrack, ...]:
        titles = ("One", "Two") if request.artist.name == "Anna" else ()
        return tuple(KnownTrack(title=one) for one in titles)[: request.count]

    async def neighbours(self, request: SonicNeighboursRequest) -> tuple[SonicMatch, ...]:
        self._service.ask()
        ids = ("tr-2", "tr-3") if request.track_id == "tr-1" else ()
        return tuple(SonicMatch(track_id=one, likeness=0.5) for one in ids)[: request.count]

    async def path(self, request: SonicPathRequest) -> tuple[SonicMatch, ...]:
        if request.end_id != "tr-3":
            return ()
        ids = (request.start_id, request.end_id)
        return tuple(SonicMatch(track_id=one, likeness=1.0) for one in ids)

    async def recognize(self, request: RecognitionRequest) -> tuple[Recognition, ...]:
        self._service.ask()
        scores = (0.9, 0.4) if request.file.stem == "known" else ()
        return tuple(Recognition(score=score, title="Song") for score in scores)

    async def analyze(self, request: AnalysisRequest) -> Analysis | None:
        self._service.ask()
        if request.file.stem == "broken":
            return None
        tags = (GivenTag(field="mood", value="Calm", confidence=0.5),)
        return Analysis(features={"bpm": 120.0}, tags=tags, embedding=(0.1, 0.2))

    async def is_linked(self, user_name: str) -> bool:
        return user_name == "anna"

    async def now_playing(self, request: NowPlayingNotice) -> None:
        self._service.ask()

    async def submit(self, request: ScrobbleBatch) -> ScrobbleOutcome:
        self._service.ask()
        return ScrobbleOutcome(accepted=len(request.plays) - 1, refused=("Too short.",))

    async def on_event(self, event: Event) -> None:
        self._service.ask()

    async def acquire(self, request: WantedAlbum) -> AcquisitionTicket | None:
        self._service.ask()
        return AcquisitionTicket(ticket=request.title)

    async def status(self, request: AcquisitionTicket) -> AcquisitionStatus | None:
        if request.ticket != "Album":
            return None
        return AcquisitionStatus(state=AcquisitionState.RUNNING)

    async def handle(self, request: WebhookRequest) -> WebhookResponse:
        if request.headers.get("x-token") != "secret":
            return WebhookResponse(status=403)
        self._service.ask()
        return WebhookResponse()

    async def run(self, request: JobRun) -> None:
        self._service.ask()


class Library:
    """Knows artists and albums."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def artist(self, request: ArtistQuery) -> ArtistFacts | None:
        self._service.ask()
        return ArtistFacts(biography="Sings.") if request.name == "Anna" else None

    async def album(self, request: AlbumQuery) -> AlbumFacts | None:
        self._service.ask()
        return AlbumFacts(genres=("Pop",)) if request.title == "First" else None


class TestSource(contracts.SourceContract):
    words = "signal"

    @pytest.fixture
    async def provider(
        self, hydrophone_loopback: Loopback, hydrophone_context: Context, tmp_path: Path
    ) -> AsyncIterator[Source]:
        service = SyntheticService(hydrophone_loopback, tmp_path, seconds=0.5)
        table = {"base_url": service.url}
        async with started_plugin(SyntheticPlugin, hydrophone_context, table) as started:
            yield started.the(SOURCE)

    @pytest.fixture
    def outage(self, hydrophone_loopback: Loopback) -> Callable[[], object]:
        return lambda: hydrophone_loopback.fail(faults.status())


class TestMetadata(WithService, contracts.MetadataContract):
    known_artist = ArtistQuery(name="Anna")
    known_album = AlbumQuery(title="First", artists=("Anna",))

    @pytest.fixture
    def provider(self, service: Service) -> Library:
        return Library(service)


class WithKnowing(WithService):
    @pytest.fixture
    def provider(self, service: Service) -> Any:
        return Knowing(service)


class TestArtwork(WithKnowing, contracts.ArtworkContract):
    known = ArtworkRequest(subject=ArtworkSubject.ARTIST, id="ar-1", name="Anna")


class TestLyrics(WithKnowing, contracts.LyricsContract):
    known = LyricsRequest(track_id="tr-1", title="Song", artists=("Anna",))


class TestSimilarity(WithKnowing, contracts.SimilarityContract):
    known_artist = KnownArtist(name="Anna")
    known_track = KnownTrack(title="Song")


class TestSonicSimilarity(WithKnowing, contracts.SonicSimilarityContract):
    start_id = "tr-1"
    end_id = "tr-3"


class TestRecognizer(WithKnowing, contracts.RecognizerContract):
    @pytest.fixture
    def known(self, hydrophone_audio: Callable[..., Path]) -> RecognitionRequest:
        return RecognitionRequest(file=hydrophone_audio("known.mp3"), duration=Seconds(1.0))


class TestAnalyzer(WithKnowing, contracts.AnalyzerContract):
    pass


class TestScrobbler(WithKnowing, contracts.ScrobblerContract):
    linked_user = "anna"


class TestEventListener(WithKnowing, contracts.EventListenerContract):
    pass


class TestAcquirer(WithKnowing, contracts.AcquirerContract):
    wanted = WantedAlbum(title="Album", artists=("Anna",))


class TestWebhook(WithKnowing, contracts.WebhookContract):
    good = WebhookRequest(method="POST", query={}, headers={"x-token": "secret"}, content=b"{}")


class TestJob(WithKnowing, contracts.JobContract):
    pass


def test_every_capability_has_a_contract_that_is_tried_here() -> None:
    known = {getattr(contracts, name) for name in contracts.__all__}
    assert {one.capability.name for one in known} == {one.name for one in CAPABILITIES}
    tried = {
        base
        for name, test in globals().items()
        if name.startswith("Test") and isinstance(test, type)
        for base in test.__mro__
    }
    assert known <= tried


class Forgetful(SyntheticSource):
    """Has other ids each time, finds too much, and keeps its faults to itself."""

    times = 0

    def __init__(self) -> None:
        """Ask nobody."""

    async def search(self, request: SearchRequest) -> SearchHits:
        self.times += 1
        track = RemoteTrack(native_id=f"track-{self.times}", title="Signal")
        return SearchHits(tracks=(track, track))


@pytest.mark.anyio
async def test_a_source_that_is_wrong_fails() -> None:
    contract = TestSource()
    guarded = Registry(order={}, strict=True).add("bad", SOURCE, Forgetful())
    for check in (
        contract.test_search_gives_the_same_ids_each_time,
        contract.test_search_finds_no_more_than_was_asked_for,
        contract.test_search_for_nonsense_finds_nothing,
    ):
        with pytest.raises(AssertionError):
            await check(guarded)
    with pytest.raises(AssertionError, match="With its service down it says Answer"):
        await contract.test_an_outage_is_told_as_a_provider_error(guarded, lambda: None)
    with pytest.raises(AttributeError):
        await contract.test_what_nobody_knows_is_none(guarded)


class Stubborn(Knowing):
    """Begins something that nobody ends."""

    def __init__(self) -> None:
        super().__init__(Service())
        self.left: list[asyncio.Task[None]] = []

    async def acquire(self, request: WantedAlbum) -> AcquisitionTicket | None:
        self.left.append(asyncio.create_task(asyncio.sleep(60)))
        return AcquisitionTicket(ticket=str(len(self.left)))


@pytest.mark.anyio
async def test_what_is_left_behind_is_found() -> None:
    contract = TestAcquirer()
    stubborn = Stubborn()
    guarded = Registry(order={}, strict=True).add("bad", ACQUIRER, stubborn)
    with pytest.raises(AssertionError):
        await contract.test_a_cancelled_call_leaves_nothing_behind(guarded)
    with pytest.raises(AssertionError):
        await contract.test_asking_twice_begins_once(guarded)
    for task in stubborn.left:
        task.cancel()
