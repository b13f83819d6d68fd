"""What everybody who listens to tracks must do."""

import math
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hydrophone.host.capabilities import ANALYZER
from hydrophone.host.guard import Answer, Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.analyzer import AnalysisRequest, Analyzer
from hydrophone.testing.contracts.contract import Contract, asked
from hydrophone.testing.small_library import SmallLibrary


class AnalyzerContract(Contract[Analyzer]):
    """Has it listen to a track of `hydrophone_library`."""

    capability = ANALYZER

    @pytest.fixture
    def heard(self, hydrophone_library: SmallLibrary) -> AnalysisRequest:
        """The track that it listens to. May be overridden."""
        track = hydrophone_library.tracks[0]
        return AnalysisRequest(track=track, file=hydrophone_library.root / track.path)

    @pytest.fixture(autouse=True)
    def _remember(self, heard: AnalysisRequest) -> None:
        self._heard = heard

    async def ask(self, guarded: Provider[Analyzer]) -> Outcome[Any]:
        """Have the track analyzed."""
        return await guarded.call(guarded.it.analyze, self._heard)

    def test_its_version_stays(self, provider: Analyzer) -> None:
        """Else all tracks would be analyzed anew at each start."""
        assert provider.version
        assert provider.version == provider.version

    async def test_it_hears_the_same_each_time(self, guarded: Provider[Analyzer]) -> None:
        """In numbers that can be stored."""
        first, second = [await asked(guarded, guarded.it.analyze, self._heard) for _ in range(2)]
        assert first is not None
        assert second is not None
        assert first.features.keys() == second.features.keys()
        assert len(first.embedding) == len(second.embedding)
        assert all(math.isfinite(one) for one in (*first.features.values(), *first.embedding))
        assert all(tag.field == tag.field.lower() for tag in first.tags)

    async def test_a_file_that_is_no_audio_harms_nobody(
        self, guarded: Provider[Analyzer], tmp_path: Path
    ) -> None:
        """It says nothing, or that it could not."""
        broken = tmp_path / "broken.mp3"
        broken.write_bytes(b"no audio at all" * 100)
        request = msgspec.structs.replace(self._heard, file=broken)
        # What it raises in place of a ProviderError would come through the strict guard.
        outcome = await guarded.call(guarded.it.analyze, request)
        assert not isinstance(outcome, Answer)
