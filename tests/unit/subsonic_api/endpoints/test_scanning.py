"""What endpoints ask of the services and make of the answers: scans."""

from typing import Any

import pytest
from tests.unit.subsonic_api.asking import Ask

from hydrophone.domain.library import (
    ScanStatus,
)

pytestmark = pytest.mark.anyio


async def test_scanning(ask: Ask, fakes: Any) -> None:
    vars(fakes.scans)["status"] = lambda viewer: ScanStatus(scanning=True, count=7)
    expected = {"scanning": True, "count": 7}
    assert (await ask("getScanStatus"))["scanStatus"] == expected
    assert fakes.scans.calls == []
    assert (await ask("startScan"))["scanStatus"] == expected
    assert fakes.scans.calls[0][0] == "start"
