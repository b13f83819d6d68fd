"""Work beside requests goes on after a failure, and says what is no fault of its own in a line."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from hydrophone.errors import UnavailableError
from hydrophone.server import background
from hydrophone.server.background import open_background

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("error", "level", "is_traced"),
    [
        (UnavailableError("The disk is full."), "WARNING", False),
        (RuntimeError("Never mind."), "ERROR", True),
    ],
)
async def test_work_that_fails_begins_again(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    level: str,
    *,
    is_traced: bool,
) -> None:
    monkeypatch.setattr(background, "_RETRY_SECONDS", 0.001)
    failures: Iterator[Exception] = iter([error])
    begun_again = asyncio.Event()

    async def work() -> None:
        for failure in failures:
            raise failure
        begun_again.set()

    with caplog.at_level(logging.WARNING):
        async with open_background() as begin, asyncio.timeout(10):
            begin(work)
            await begun_again.wait()
    (record,) = caplog.records
    assert (record.levelname, bool(record.exc_info)) == (level, is_traced)
    assert is_traced or "The disk is full." in record.getMessage()
