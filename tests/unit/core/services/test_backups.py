"""When a nightly backup is due."""

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from hydrophone.domain.units import Timestamp
from hydrophone.services.backups import last_due


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A zone with summer time, in a form that needs no data base of zones."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-21T12:00:00+01:00", "2026-11-21T03:30:00+01:00"),
        ("2026-11-21T03:30:00+01:00", "2026-11-21T03:30:00+01:00"),
        ("2026-11-21T03:29:59+01:00", "2026-11-20T03:30:00+01:00"),
        ("2026-01-01T00:00:00+01:00", "2025-12-31T03:30:00+01:00"),
        # The days of the change: 23 and 25 hours long.
        ("2026-03-29T12:00:00+02:00", "2026-03-29T03:30:00+02:00"),
        ("2026-03-29T01:00:00+01:00", "2026-03-28T03:30:00+01:00"),
        ("2026-10-25T12:00:00+01:00", "2026-10-25T03:30:00+01:00"),
        ("2026-10-26T03:00:00+01:00", "2026-10-25T03:30:00+01:00"),
    ],
)
@pytest.mark.usefixtures("berlin")
def test_it_is_the_last_time_that_the_clock_showed_it(now: str, due: str) -> None:
    found = last_due(Timestamp(round(datetime.fromisoformat(now).timestamp() * 1000)), "03:30")
    assert datetime.fromtimestamp(found / 1000).astimezone() == datetime.fromisoformat(due)
