"""Files are read again when the program or the rules have changed, and only then."""

from hydrophone.domain.tagging import SplitRules
from hydrophone.testing.scanned_library import ScannedLibrary


def test_other_rules_read_all_files_once_and_change_no_id(library: ScannedLibrary) -> None:
    library.add("a.mp3", tags={"title": "One", "artist": "Queen ft. David Bowie", "genre": "A/B"})
    library.add("b.flac", tags={"title": "Two", "artist": "Abba"})
    library.scan()
    before = library.ids()
    assert library.scan().unchanged == 2
    library.split = SplitRules(artists=(" ft. ",), genres=("/",))
    assert library.scan().changed == 2
    assert library.ids() == before
    track = library.tracks()["a.mp3"]
    assert [credit.name for credit in track.artists] == ["Queen", "David Bowie"]
    assert (track.display_artist, track.genres) == ("Queen ft. David Bowie", ("A", "B"))
    assert library.scan().unchanged == 2


def test_a_quick_pass_reads_all_files_too(library: ScannedLibrary) -> None:
    library.album("Artist/Album")
    library.scan()
    library.split = SplitRules(genres=("/",))
    assert library.scan(quick=True).changed == 2
    assert library.scan(quick=True).changed == 0


def test_files_that_could_not_be_read_are_tried_again(library: ScannedLibrary) -> None:
    (library.root / "a.ape").write_bytes(b"a format that a later program may know")
    library.album("Artist/Album")
    assert library.scan().problem_count == 1
    library.split = SplitRules(genres=("/",))
    summary = library.scan()
    assert (summary.unchanged, summary.problem_count) == (0, 1)
