"""Has analyzers listen to the tracks that they have not heard yet, and tells what they heard."""

from hydrophone.domain.analysis import Analysis
from hydrophone.domain.job import NewJob
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError, RetryLaterError
from hydrophone.host.capabilities import ANALYZER
from hydrophone.host.guard import Answer, Fault
from hydrophone.host.registry import Provider, Registry
from hydrophone.plugin.capabilities.analyzer import AnalysisRequest, Analyzer
from hydrophone.services.clock import Clock
from hydrophone.services.job_kinds import JobKind, JobRun
from hydrophone.services.jobs import Jobs
from hydrophone.services.plugin_library import PluginLibrary
from hydrophone.services.reading import by_ids
from hydrophone.storage.database import Database
from hydrophone.storage.queries import analyses
from hydrophone.storage.queries.analyses import StoredAnalysis
from hydrophone.storage.queries.tracks import TRACKS

JOB = "analyze"
NEW_JOB = NewJob(kind=JOB, key="", title="Analysis of new tracks")
"""Of which there is one at a time."""
_STEP = 50
_NOTHING = Analysis(features={})
"""That it has nothing to say of a track is remembered as well."""


class Analyses:
    """Runs analyzers one after the other, one track at a time: they take a core each."""

    def __init__(
        self,
        *,
        database: Database,
        registry: Registry,
        library: PluginLibrary,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._database = database
        self._registry = registry
        self._library = library
        self._jobs = jobs
        self._clock = clock

    @property
    def job_kind(self) -> JobKind:
        """What the runner is to know."""
        return JobKind(handler=self._run)

    async def library_changed(self) -> None:
        """Have new tracks analyzed if there is anybody to do it."""
        if self._registry.all(ANALYZER):
            await self._jobs.enqueue(NEW_JOB)

    async def of_track(self, viewer: User, track_id: str) -> tuple[StoredAnalysis, ...]:
        """Return what was heard in a track, by the analyzers' names. Raises NotFoundError."""
        if not await by_ids(self._database, TRACKS, viewer, [track_id]):
            raise NotFoundError("There is no such track.")
        return await self._database.read(analyses.of_track, track_id)

    async def _run(self, run: JobRun) -> None:
        count = 0
        for provider in self._registry.all(ANALYZER):
            count += await self._analyze_all(provider, run)
        run.result = f"{count} tracks were analyzed."

    async def _analyze_all(self, provider: Provider[Analyzer], run: JobRun) -> int:
        """Return how many tracks were heard. Raises RetryLaterError if the analyzer wants rest."""
        instance, version = provider.instance, provider.it.version
        total = await self._database.read(analyses.count_lacking, instance, version)
        after = heard = done = 0
        while step := await self._database.read(analyses.lacking, instance, version, after, _STEP):
            after = step[-1][0]
            for _, track_id in step:
                done += 1
                run.progress(done, total, instance)
                analysis = await self._analyzed(provider, track_id)
                if analysis is not None:
                    heard += 1
                    now = self._clock.now()
                    await self._database.write_soon(
                        analyses.put, track_id, instance, version, analysis, now
                    )
        return heard

    async def _analyzed(self, provider: Provider[Analyzer], track_id: str) -> Analysis | None:
        """Have one track heard; `None` if it is to be tried again in the next job."""
        track = await self._library.track(track_id)
        file = await self._library.file(track_id)
        if track is None or file is None:
            return None
        request = AnalysisRequest(track=track, file=file)
        match await provider.call(provider.it.analyze, request):
            case Answer(analysis):
                return analysis
            case Fault(RetryLaterError() as error):
                raise error
            case Fault():
                return None
        return _NOTHING
