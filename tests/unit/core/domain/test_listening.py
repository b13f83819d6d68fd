"""What players say: where they are, and when that was a play."""

from hypothesis import given
from hypothesis import strategies as st

from hydrophone.domain.ids import TrackId
from hydrophone.domain.listening import Listen, Report, begin, told
from hydrophone.domain.playback import PlaybackState
from hydrophone.domain.units import Milliseconds, Timestamp

MINUTE = 60_000


def report(
    state: str = "playing",
    at: int = 0,
    position: int = 0,
    *,
    rate: float = 1.0,
    track: str = "tr-1",
    duration: int = 3 * MINUTE,
) -> Report:
    return Report(
        track_id=TrackId(track),
        duration=Milliseconds(duration),
        state=PlaybackState(state),
        position=Milliseconds(position),
        rate=rate,
        at=Timestamp(at),
        counts=True,
        begins=state == "starting",
    )


def after(*reports: Report) -> Listen:
    listen: Listen | None = None
    for one in reports:
        _, listen = told(listen, one)
    assert listen is not None
    return listen


def test_the_position_goes_on_by_clock_and_rate_while_it_plays() -> None:
    playing = after(report("playing", 1000, 10_000, rate=1.5))
    assert playing.position_at(Timestamp(3000)) == 13_000
    assert playing.position_at(Timestamp(0)) == 10_000
    assert playing.position_at(Timestamp(9_999_999)) == 3 * MINUTE
    for state in ("starting", "paused", "stopped"):
        assert after(report(state, 1000, 10_000)).position_at(Timestamp(3000)) == 10_000


def test_half_of_a_track_is_a_play_and_less_is_none() -> None:
    begun = report("starting")
    assert after(begun, report("stopped", 90_000, 90_000)).is_due
    assert not after(begun, report("stopped", 89_000, 89_000)).is_due


def test_four_minutes_of_a_long_track_are_a_play() -> None:
    hour = 60 * MINUTE
    begun = report("starting", duration=hour)
    assert after(begun, report("playing", 240_000, 240_000, duration=hour)).is_due
    assert not after(begun, report("playing", 239_000, 239_000, duration=hour)).is_due


def test_what_was_skipped_was_not_heard() -> None:
    listen = after(report("starting"), report("playing", 1000, 170_000))
    assert listen.heard == 1000
    # Nor does the clock alone hear anything: the player may have been asleep.
    assert after(report("playing"), report("playing", 20 * MINUTE, 5000)).heard == 5000
    assert after(report("playing", 0, 100_000), report("playing", 50_000, 0)).heard == 0


def test_what_was_told_all_at_once_is_believed_at_its_end() -> None:
    """An app that was offline, or reports when all is over; positions move, the clock does not."""
    short = 20_000
    batch = [
        report("starting", duration=short),
        report("playing", 100, 10_000, duration=short),
        report("stopped", 200, short, duration=short),
    ]
    assert not after(*batch[:2]).is_due
    assert after(*batch).is_due
    assert after(report("starting"), report("stopped", 10, 100_000)).is_due
    assert not after(report("starting"), report("stopped", 10, 80_000)).is_due
    assert after(report("stopped", 5000, 3 * MINUTE)).is_due
    assert not after(report("stopped", 5000, MINUTE)).is_due
    # One that skips no more than players do between two words, but many times.
    steps = [report("playing", at, at * 100) for at in range(0, 1700, 300)]
    assert after(*steps, report("stopped", 1700, 170_000)).is_due


def test_a_jump_is_no_listening_although_the_clock_stands_still() -> None:
    begun = report("starting")
    sought = [begun, report("playing", 500, 170_000), report("stopped", 900, 3 * MINUTE)]
    assert not after(*sought).is_due
    # Nor where the clock has gone with any report.
    listened = [begun, report("playing", 5000, 5000), report("playing", 5100, 60_000)]
    assert not after(*listened, report("stopped", 5200, 3 * MINUTE)).is_due
    waited = [begun, report("playing", 3000, 1), report("stopped", 3100, 3 * MINUTE)]
    assert not after(*waited).is_due


def test_an_end_that_is_told_again_is_no_other_play() -> None:
    over = after(report("starting"), report("stopped", 90_000, 3 * MINUTE))
    assert not told(over, report("stopped", 60 * MINUTE, 3 * MINUTE))[1].is_due
    # Of another track it is all that there is.
    assert told(over, report("stopped", 91_000, 3 * MINUTE, track="tr-2"))[1].is_due
    lost = after(report("starting"), report("playing", 10_000, 10_000))
    assert not told(lost, report("stopped", 300 * MINUTE, 3 * MINUTE))[1].is_due


def test_twice_as_fast_half_is_heard_in_a_quarter() -> None:
    assert after(report("starting", rate=2.0), report("stopped", 45_000, 90_000)).is_due


def test_a_pause_is_no_listening_and_no_end() -> None:
    listen = after(
        report("starting"),
        report("paused", 60_000, 60_000),
        report("playing", 24 * 60 * MINUTE, 60_000),
        report("stopped", 24 * 60 * MINUTE + 40_000, 100_000),
    )
    assert (listen.started, listen.heard, listen.is_due) == (0, 100_000, True)


def test_starting_again_is_a_new_listen() -> None:
    before = after(report("starting"), report("playing", 100_000, 100_000))
    ended, now = told(before, report("starting", 110_000))
    assert ended is not None
    assert (ended.heard, ended.is_due) == (110_000, True)
    assert (now.started, now.heard) == (110_000, 0)


def test_another_track_ends_what_was_played_up_to_then() -> None:
    before = after(report("starting"), report("playing", 10_000, 10_000))
    ended, _ = told(before, report("playing", 180_000, track="tr-2"))
    assert ended is not None
    assert ended.heard == 180_000
    # An hour later nobody knows when it stopped.
    ended, _ = told(before, report("playing", 60 * MINUTE, track="tr-2"))
    assert ended is not None
    assert ended.heard == 10_000


def test_what_was_stopped_or_forgotten_does_not_go_on() -> None:
    stopped = after(report("starting"), report("stopped", 10_000, 10_000))
    assert told(stopped, report("playing", 11_000, 10_000))[1].started == 11_000
    playing = after(report("playing"))
    assert playing.expires == 33 * MINUTE
    assert told(playing, report("playing", 33 * MINUTE))[1].started == 33 * MINUTE


def test_a_track_of_unknown_length_is_no_play() -> None:
    assert not after(report(duration=0), report("stopped", 500_000, 500_000, duration=0)).is_due


@given(
    st.lists(
        st.builds(
            report,
            st.sampled_from([*PlaybackState]),
            st.integers(0, 2**45),
            st.integers(0, 2**53),
            rate=st.floats(0, allow_nan=False, allow_infinity=False),
            track=st.sampled_from(["tr-1", "tr-2"]),
            duration=st.integers(0, 2**40),
        ),
        min_size=1,
        max_size=8,
    ),
    st.integers(0, 2**45),
)
def test_whatever_is_reported_makes_sense(reports: list[Report], now: int) -> None:
    listen = begin(reports[0])
    for one in reports[1:]:
        ended, listen = told(listen, one)
        for some in (ended, listen):
            assert some is None or 0 <= some.heard <= 2**53
        assert 0 <= listen.position_at(Timestamp(now)) <= listen.duration
        assert listen.reported <= listen.expected_end < listen.expires
