"""How a file that is shorter than it says is described."""

import pytest

from hydrophone.domain.units import Seconds
from hydrophone.scanner.shortfall import clock, shortfall


@pytest.mark.parametrize(
    ("promised", "held", "reason"),
    [
        (225.0, 72.9, "says 3:45, but holds 1:12 (cut off?)"),
        (225.0, 224.95, ""),
        (225.0, 300.0, ""),
        (225.9, 225.4, "says 3:45, but the last 0.5 s are missing (cut off?)"),
        (7322.0, 0.0, "says 2:02:02, but holds 0:00 (cut off?)"),
    ],
)
def test_reasons(promised: float, held: float, reason: str) -> None:
    assert shortfall(Seconds(promised), Seconds(held)) == reason


def test_hours_are_shown_only_where_there_are_some() -> None:
    assert [clock(Seconds(t)) for t in (0, 59.9, 60, 3599, 3600)] == [
        "0:00",
        "0:59",
        "1:00",
        "59:59",
        "1:00:00",
    ]
