"""How a file that is shorter than it says is described."""

import pytest

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.scanner.shortfall import clock, implausible, is_impossible, shortfall, unaccounted


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


@pytest.mark.parametrize(
    ("says", "size", "reason", "impossible"),
    [
        (3599.0, 100, "", False),
        (3600.0, 1_800_000, "", False),
        (3600.0, 1_799_999, "says 1:00:00, but has only 1,799,999 bytes of sound", False),
        (100_000.0, 12_500_000, "says 27:46:40, but has only 12,500,000 bytes of sound", False),
        (100_000.0, 12_499_999, "says 27:46:40, but has only 12,499,999 bytes of sound", True),
    ],
)
def test_hours_need_their_bytes(says: float, size: int, reason: str, impossible: bool) -> None:
    assert implausible(Seconds(says), ByteCount(size)) == reason
    assert is_impossible(Seconds(says), ByteCount(size)) is impossible


@pytest.mark.parametrize(
    ("says", "held", "reason"),
    [
        (2400.0, 3.0, "says 40:00, but holds 0:03"),
        (5.0, 3.1, ""),
        (5.2, 3.1, "says 0:05, but holds 0:03"),
        (2400.0, 2353.0, ""),
        (2400.0, 2351.0, "says 40:00, but holds 39:11"),
        (3.0, 2400.0, ""),
    ],
)
def test_what_is_not_accounted_for(says: float, held: float, reason: str) -> None:
    assert unaccounted(Seconds(says), Seconds(held)) == reason
