"""Which track a file is, when the files that tell it are read one after the other."""

from hydrophone.domain.ids import TrackId
from hydrophone.domain.units import Kbps, Seconds
from hydrophone.scanner.identity import track_id
from hydrophone.scanner.parsed import ParsedFile, StreamInfo
from hydrophone.scanner.plan import Plan
from hydrophone.scanner.track_ids import TrackIds
from hydrophone.storage.connection import connect, transaction
from hydrophone.testing.factories import fill_library, make_track
from hydrophone.testing.scanned_library import ScannedLibrary

ONE, TWO = "1/A/One.flac", "1/B/Two.flac"
# The kit's tracks have their id for a fingerprint.
FIRST, SECOND = track_id("first"), track_id("second")


def _file(fingerprint: str) -> ParsedFile:
    stream = StreamInfo(
        content_type="audio/flac", suffix="flac", duration=Seconds(1), bit_rate=Kbps(900)
    )
    return ParsedFile(stream=stream, fingerprint=fingerprint)


def _ask(
    library: ScannedLibrary, plan: Plan, *folders: dict[str, str]
) -> tuple[list[bool], list[dict[str, TrackId]]]:
    """Read folders {file: fingerprint} in this order.

    Returns for each whether it could be told at once, and what was told: first of those, one
    after the other, then of all that had to wait together.
    """
    with connect(library.database, durable=False) as connection:
        with transaction(connection):
            fill_library(connection, [make_track("1", id=FIRST), make_track("2", id=SECOND)])
        tracks = TrackIds(connection, [plan])
        settled = [
            tracks.arrive({n: _file(f) if f else None for n, f in files.items()})
            for files in folders
        ]
        readable = [{name: audio for name, audio in files.items() if audio} for files in folders]
        asked = [files for files, at_once in zip(readable, settled, strict=True) if at_once]
        if not all(settled):
            asked.append({})
            for files, at_once in zip(readable, settled, strict=True):
                asked[-1].update({} if at_once else files)
        told = [tracks.known({n: _file(f) for n, f in files.items()}) for files in asked]
    return settled, [{name: place.id for name, place in found.items()} for found in told]


def test_copy_that_is_read_before_its_retagged_original(library: ScannedLibrary) -> None:
    plan = Plan(known={ONE: FIRST})
    settled, told = _ask(library, plan, {"1/0/copy": FIRST}, {ONE: FIRST})
    assert settled == [False, True]
    assert told == [{ONE: FIRST}, {}]


def test_exchanged_names_in_two_folders(library: ScannedLibrary) -> None:
    plan = Plan(known={ONE: FIRST, TWO: SECOND})
    settled, told = _ask(library, plan, {ONE: SECOND}, {TWO: FIRST})
    assert settled == [False, False]
    assert told == [{ONE: SECOND, TWO: FIRST}]


def test_file_that_moved_while_another_took_its_name(library: ScannedLibrary) -> None:
    plan = Plan(known={ONE: FIRST})
    settled, told = _ask(library, plan, {ONE: "new"}, {"1/Z/moved": FIRST})
    assert settled == [False, True]
    assert told == [{"1/Z/moved": FIRST}, {}]


def test_file_with_other_audio_keeps_its_track(library: ScannedLibrary) -> None:
    assert _ask(library, Plan(known={ONE: FIRST}), {ONE: "new"}) == ([False], [{ONE: FIRST}])


def test_audio_of_a_file_that_became_unreadable_may_turn_up(library: ScannedLibrary) -> None:
    settled, told = _ask(library, Plan(known={ONE: FIRST}), {ONE: ""}, {"1/Z/copy": FIRST})
    assert settled == [True, True]
    assert told == [{}, {"1/Z/copy": FIRST}]


def test_track_is_given_once(library: ScannedLibrary) -> None:
    plan = Plan(vanished={ONE: FIRST})
    _, told = _ask(library, plan, {"1/Y/a": FIRST}, {"1/Z/b": FIRST})
    assert told == [{"1/Y/a": FIRST}, {}]


def test_new_tracks_with_equal_audio_are_numbered(library: ScannedLibrary) -> None:
    with connect(library.database, durable=False) as connection:
        tracks = TrackIds(connection, [])
        assert [tracks.new("f") for _ in range(3)] == [track_id("f", n) for n in (1, 2, 3)]
