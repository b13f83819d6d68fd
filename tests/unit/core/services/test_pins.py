"""What a listener was given goes on for some hours."""

from hydrophone.services import pins
from hydrophone.services.pins import Pins
from hydrophone.testing.clock import StandingClock

KEY = ("bytes", 1, "app", "tr-one")
HOUR = 3600.0


def test_only_a_beginning_changes_what_goes_on() -> None:
    kept = Pins(StandingClock())
    assert kept.goes_on(KEY, "a", is_beginning=False)
    assert kept.goes_on(KEY, "a", is_beginning=False)
    assert not kept.goes_on(KEY, "b", is_beginning=False)
    assert kept.goes_on((*KEY, "mp3"), "b", is_beginning=False)
    assert kept.goes_on(KEY, "b", is_beginning=True)
    assert kept.goes_on(KEY, "b", is_beginning=False)
    assert not kept.goes_on(KEY, "a", is_beginning=False)


def test_it_is_remembered_for_six_hours_since_it_was_asked_for() -> None:
    clock = StandingClock()
    kept = Pins(clock)
    kept.put(KEY, "a")
    clock.advance(5 * HOUR)
    assert kept.goes_on(KEY, "a", is_beginning=False)
    clock.advance(5 * HOUR)
    assert kept.get(KEY) == "a"
    clock.advance(HOUR)
    assert kept.get(KEY) == ""
    assert kept.goes_on(KEY, "b", is_beginning=False)


def test_of_too_many_the_oldest_is_forgotten() -> None:
    kept = Pins(StandingClock())
    for number in range(pins._MOST + 1):
        kept.put((number,), "a")
    assert (kept.get((0,)), kept.get((1,))) == ("", "a")
