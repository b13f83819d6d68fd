"""The time that all who are asked have together."""

import asyncio

import pytest

from hydrophone.domain.units import Seconds
from hydrophone.services.patience import Patience

pytestmark = pytest.mark.anyio


async def test_each_has_an_even_share_of_what_is_left() -> None:
    patience = Patience(Seconds(90.0), asked=3)
    assert patience.share() == pytest.approx(30, abs=6)
    # Who answers at once leaves its share to the others.
    assert patience.share() == pytest.approx(45, abs=6)
    assert patience.share() == pytest.approx(90, abs=6)


async def test_none_is_left_when_it_is_over_and_who_came_meanwhile_has_no_less() -> None:
    patience = Patience(Seconds(0.05), asked=1)
    await asyncio.sleep(0.1)
    assert patience.share() < 0.001
    assert Patience(Seconds(90.0), asked=0).share() == pytest.approx(90, abs=6)
