"""When what fails is asked again."""

import pytest

from hydrophone.domain.breaker import Breaker
from hydrophone.domain.units import Seconds


class Time:
    """A clock that stands still."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker(now=time)


def fail(breaker: Breaker, count: int) -> None:
    for _ in range(count):
        assert breaker.admit()
        breaker.failed()


def test_opens_after_five_faults_in_a_row(breaker: Breaker) -> None:
    fail(breaker, 4)
    assert breaker.admit()
    breaker.failed()
    assert not breaker.admit()
    assert breaker.remaining == Seconds(30)


def test_an_answer_in_between_begins_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, 4)
    assert breaker.admit()
    breaker.succeeded()
    fail(breaker, 4)
    assert breaker.admit()


def test_lets_one_call_through_when_the_time_is_over(breaker: Breaker, time: Time) -> None:
    fail(breaker, 5)
    time.seconds += 30
    assert breaker.admit()
    assert not breaker.admit()


def test_the_trial_closes_it(breaker: Breaker, time: Time) -> None:
    fail(breaker, 5)
    time.seconds += 30
    assert breaker.admit()
    breaker.succeeded()
    fail(breaker, 4)
    assert breaker.admit()


def test_a_failed_trial_doubles_the_time_up_to_a_minute(breaker: Breaker, time: Time) -> None:
    fail(breaker, 5)
    seen = []
    for _ in range(3):
        seen.append(breaker.remaining)
        time.seconds += breaker.remaining
        fail(breaker, 1)
    assert seen == [Seconds(number) for number in (30, 60, 60)]


def test_an_abandoned_trial_leaves_room_for_the_next(breaker: Breaker, time: Time) -> None:
    fail(breaker, 5)
    time.seconds += 30
    assert breaker.admit()
    breaker.abandoned()
    assert breaker.admit()


def test_pauses_for_as_long_as_it_is_asked_to(breaker: Breaker, time: Time) -> None:
    breaker.pause(Seconds(5))
    assert not breaker.admit()
    time.seconds += 5
    assert breaker.admit()


def test_an_absurd_pause_is_cut(breaker: Breaker) -> None:
    breaker.pause(Seconds(1e9))
    assert breaker.remaining == Seconds(60)
