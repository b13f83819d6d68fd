"""How these tests ask for a document."""

from typing import Any

import pytest

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import HydrophoneError
from hydrophone.outbound import Document, Outbound

LARGEST = ByteCount(1024 * 1024)


async def fetch(outbound: Outbound, url: str, **changes: Any) -> Document:
    options: dict[str, Any] = {"largest": LARGEST, "time_limit": Seconds(5.0), **changes}
    return await outbound.fetch(url, **options)


async def failure(outbound: Outbound, url: str, **changes: Any) -> HydrophoneError:
    with pytest.raises(HydrophoneError) as caught:
        await fetch(outbound, url, **changes)
    return caught.value
