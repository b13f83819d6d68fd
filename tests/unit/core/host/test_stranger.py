"""How a command ends that has called code of strangers."""

import asyncio
import sys
import time
from typing import NoReturn

import pytest

from hydrophone.host.stranger import run_beside


async def _stubborn() -> NoReturn:
    while True:
        try:
            await asyncio.sleep(120)
        except asyncio.CancelledError:
            continue


def test_a_task_that_will_not_be_cancelled_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main() -> str:
        tasks.append(asyncio.create_task(_stubborn()))
        await asyncio.sleep(0)
        return "done"

    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    tasks: list[asyncio.Task[NoReturn]] = []
    began = time.monotonic()
    assert run_beside(main()) == "done"
    assert time.monotonic() - began < 60
    assert not tasks[0].done()


def test_an_error_is_handed_on() -> None:
    async def main() -> None:
        raise ValueError("oh")

    with pytest.raises(ValueError, match="oh"):
        run_beside(main())
