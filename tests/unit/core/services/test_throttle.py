"""Guessing slows down; mistyping, old passwords and other people's guessing do not matter."""

import contextlib
import logging
import tracemalloc

import pytest

from hydrophone.errors import TooManyTriesError
from hydrophone.services.throttle import Throttle


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttle(clock: Clock) -> Throttle:
    return Throttle(now=clock)


def guess(throttle: Throttle, number: int, name: str = "anna", network: str = "far") -> None:
    throttle.admit(name, network)
    throttle.failed(name, network, number.to_bytes(4))


def test_ten_different_mistakes_cost_nothing_then_waits_grow(
    throttle: Throttle, clock: Clock
) -> None:
    for number in range(10):
        guess(throttle, number)
    waits = []
    for number in range(10, 22):
        with pytest.raises(TooManyTriesError, match="Try again in") as raised:
            throttle.admit("anna", "far")
        waits.append(raised.value.after)
        clock.time += raised.value.after
        guess(throttle, number)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_the_same_mistake_counts_once(throttle: Throttle) -> None:
    for _ in range(1000):
        guess(throttle, 1)
        guess(throttle, 2)


def test_others_are_not_concerned(throttle: Throttle) -> None:
    for number in range(10):
        guess(throttle, number)
    with pytest.raises(TooManyTriesError):
        throttle.admit("anna", "far")
    throttle.admit("anna", "home")
    throttle.admit("berta", "far")


def test_a_success_or_an_hour_of_quiet_clears(throttle: Throttle, clock: Clock) -> None:
    for number in range(10):
        guess(throttle, number)
    throttle.succeeded("anna", "far")
    for number in range(9):
        guess(throttle, number)
    clock.time += 3601
    for number in range(9):
        guess(throttle, number)


def test_the_log_is_told_once(throttle: Throttle, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for number in range(50):
            throttle.failed("anna", "192.0.2.1", number.to_bytes(4))
    (record,) = caplog.records
    assert "'anna' from 192.0.2.1" in record.getMessage()


def test_memory_is_bounded_however_many_names_come(throttle: Throttle) -> None:
    tracemalloc.start()
    try:
        for number in range(50_000):
            throttle.failed(f"name {number}", f"network {number}", b"x" * 32)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 15 * 1024 * 1024


def test_slow_guessers_at_many_accounts_are_told_as_well(
    throttle: Throttle, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for number in range(120):
            clock.time += 0.4
            with contextlib.suppress(TooManyTriesError):
                guess(throttle, 1, f"name {number}")
    assert [record.args for record in caplog.records] == [("far",)]


def spray(throttle: Throttle, count: int, address: str = "192.0.2.1") -> int:
    """Try a password at one account after the other; return how many were let through."""
    for number in range(count):
        try:
            guess(throttle, 1, f"name {count} {number}", address)
        except TooManyTriesError:
            return number
    return count


def test_a_hundred_accounts_can_be_tried_then_a_hundred_an_hour(
    throttle: Throttle, clock: Clock
) -> None:
    assert spray(throttle, 1000) == 100
    with pytest.raises(TooManyTriesError) as raised:
        throttle.admit("anna", "192.0.2.1")
    assert raised.value.after == 36
    clock.time += 35.9
    assert spray(throttle, 1001) == 0
    clock.time += 0.2
    assert spray(throttle, 1002) == 1
    clock.time += 24 * 3600
    assert spray(throttle, 1003) == 100


def test_a_prefix_of_ipv6_is_one_network(throttle: Throttle) -> None:
    assert spray(throttle, 60, "2001:db8:1:1::1") == 60
    assert spray(throttle, 1000, "2001:db8:1:2::1") == 40
    assert spray(throttle, 60, "2001:db8:2:1::1") == 60


def test_who_has_got_in_before_does_not_wait_for_guessers_beside_him(throttle: Throttle) -> None:
    """Behind a proxy that is not trusted all have the address of the proxy."""
    throttle.succeeded("anna", "192.0.2.1")
    throttle.note_at_home("berta", "192.0.2.1")
    spray(throttle, 1000)
    throttle.admit("anna", "192.0.2.1")
    throttle.admit("berta", "192.0.2.1")
    throttle.admit("carla", "192.0.2.2")
    with pytest.raises(TooManyTriesError):
        throttle.admit("carla", "192.0.2.1")
    for number in range(10):
        guess(throttle, number, "anna", "192.0.2.1")
    with pytest.raises(TooManyTriesError):
        throttle.admit("anna", "192.0.2.1")


def test_apps_with_old_passwords_fill_no_measure(throttle: Throttle, clock: Clock) -> None:
    for _ in range(1000):
        for name in ("anna", "berta", "carla"):
            guess(throttle, 1, name, "192.0.2.1")
        clock.time += 1
    assert spray(throttle, 1000) >= 97


def test_a_large_house_may_mistype_all_day(throttle: Throttle, clock: Clock) -> None:
    for number in range(2000):
        guess(throttle, number, f"name {number % 500}", "192.0.2.1")
        clock.time += 40


def test_the_log_is_told_once_of_many_accounts(
    throttle: Throttle, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for number in range(50):
            for other in range(3):
                spray(throttle, 200 + 3 * number + other)
                clock.time += 12
    (record,) = caplog.records
    assert "several accounts from 192.0.2.1" in record.getMessage()
