"""What everybody who recognizes recordings must do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hydrophone.domain.units import Seconds
from hydrophone.host.capabilities import RECOGNIZER
from hydrophone.host.guard import Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.recognizer import RecognitionRequest, Recognizer
from hydrophone.testing.contracts.contract import Contract, asked

_SECONDS = Seconds(10.0)


class RecognizerContract(Contract[Recognizer]):
    """Plays it something that it knows and something that it does not."""

    capability = RECOGNIZER

    @pytest.fixture
    def known(self) -> RecognitionRequest:
        """A file that it recognizes. To be overridden."""
        raise NotImplementedError(f"{type(self).__name__} has to have a fixture `known`.")

    @pytest.fixture(autouse=True)
    def _remember(self, known: RecognitionRequest) -> None:
        self._known = known

    async def ask(self, guarded: Provider[Recognizer]) -> Outcome[Any]:
        """Have the known file recognized."""
        return await guarded.call(guarded.it.recognize, self._known)

    async def test_the_likeliest_stands_first(self, guarded: Provider[Recognizer]) -> None:
        """And each answer says what it is."""
        found = await asked(guarded, guarded.it.recognize, self._known)
        assert found
        scores = [one.score for one in found]
        assert scores == sorted(scores, reverse=True)
        for one in found:
            assert one.track_id or one.title or one.musicbrainz_id or one.acoustid

    async def test_a_tone_that_nobody_knows_is_empty(
        self, guarded: Provider[Recognizer], hydrophone_audio: Callable[..., Path]
    ) -> None:
        """Not an error."""
        tone = hydrophone_audio("unknown.flac", seconds=_SECONDS, frequency=3333)
        request = RecognitionRequest(file=tone, duration=_SECONDS)
        assert await asked(guarded, guarded.it.recognize, request) == ()
