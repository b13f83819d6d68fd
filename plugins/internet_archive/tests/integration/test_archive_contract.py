"""The plugin's source is one as core expects it."""

from collections.abc import Callable

import pytest

from archive_emulator import Emulator
from hydrophone.plugin.capabilities.source import Source
from hydrophone.testing.contracts import SourceContract
from hydrophone.testing.faults import status


class TestSource(SourceContract):
    words = "barton hall"

    @pytest.fixture
    def provider(self, source: Source) -> Source:
        return source

    @pytest.fixture
    def outage(self, internet_archive: Emulator) -> Callable[[], object]:
        return lambda: internet_archive.main.fail(status("503 Service Unavailable"))
