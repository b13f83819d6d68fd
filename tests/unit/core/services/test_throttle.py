"""Guessing slows down; mistyping, old passwords and other people's guessing do not matter."""

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
