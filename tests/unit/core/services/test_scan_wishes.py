"""When a scan is due, and of what: many changes are one scan."""

import pytest

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library
from hydrophone.domain.units import Seconds
from hydrophone.scanner.messages import ScanRequest
from hydrophone.services.scan_wishes import LONGEST, QUIET, ScanWishes

NOW = Seconds(0.0)
MUSIC, RADIO = LibraryId(1), LibraryId(2)


class HandClock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def wishes(clock: HandClock) -> ScanWishes:
    base = ScanRequest(
        database="h.db",
        libraries=(
            Library(id=MUSIC, name="Music", path="/music"),
            Library(id=RADIO, name="Radio", path="/radio"),
        ),
        workers=1,
        worker_memory_mib=256,
        file_timeout=Seconds(20),
        settle=Seconds(0),
        settle_new=Seconds(0),
    )
    return ScanWishes(base, clock=clock)


def test_nothing_is_due_without_a_wish(wishes: ScanWishes) -> None:
    assert wishes.delay() is None


def test_a_thousand_changes_are_one_scan_when_it_is_quiet(
    wishes: ScanWishes, clock: HandClock
) -> None:
    for number in range(1000):
        wishes.add_folders(MUSIC, [f"Album {number % 3}"])
        clock.now += QUIET / 2
        delay = wishes.delay()
        assert delay is not None
        if clock.now < 1000.0 + LONGEST:
            assert delay > 0
    clock.now += QUIET
    assert wishes.delay() == NOW
    assert wishes.take().folders == {MUSIC: ("Album 0", "Album 1", "Album 2")}
    assert wishes.delay() is None


def test_constant_writing_does_not_wait_for_ever(wishes: ScanWishes, clock: HandClock) -> None:
    began = clock.now
    while wishes.delay() != NOW:
        wishes.add_folders(MUSIC, ["Album"])
        clock.now += QUIET / 2
    assert LONGEST <= clock.now - began < LONGEST + QUIET


def test_a_look_at_folders_concerns_their_libraries_only(wishes: ScanWishes) -> None:
    wishes.add_folders(RADIO, ["News"])
    request = wishes.take()
    assert [library.id for library in request.libraries] == [RADIO]
    # Else the other library would be let go.
    assert not request.retire


def test_everything_covers_what_was_wished_before(wishes: ScanWishes) -> None:
    wishes.add_folders(MUSIC, ["Album"])
    wishes.add_quick([RADIO])
    wishes.add_everything(full=True)
    assert wishes.delay() == NOW
    request = wishes.take()
    assert (request.folders, request.quick, request.full, request.retire) == (
        None,
        False,
        True,
        True,
    )
    assert wishes.delay() is None


def test_a_look_at_a_library_covers_what_was_wished_of_it_and_lets_no_other_go(
    wishes: ScanWishes, clock: HandClock
) -> None:
    wishes.add_folders(MUSIC, ["Album"])
    wishes.add_folders(RADIO, ["News"])
    wishes.add_quick([RADIO])
    wishes.add_library(RADIO)
    assert wishes.delay() == NOW
    whole = wishes.take()
    assert [library.id for library in whole.libraries] == [RADIO]
    assert (whole.folders, whole.quick, whole.retire) == (None, False, False)
    clock.now += QUIET
    assert wishes.take().folders == {MUSIC: ("Album",)}
    assert wishes.delay() is None
    wishes.add_library(RADIO)
    wishes.add_everything()
    assert wishes.take().retire
    assert wishes.delay() is None


def test_quick_looks_come_at_once_and_folders_after_them(
    wishes: ScanWishes, clock: HandClock
) -> None:
    wishes.add_folders(MUSIC, ["Album"])
    wishes.add_quick([RADIO])
    assert wishes.delay() == NOW
    quick = wishes.take()
    assert (quick.quick, [library.id for library in quick.libraries]) == (True, [RADIO])
    clock.now += QUIET
    assert wishes.take().folders == {MUSIC: ("Album",)}
