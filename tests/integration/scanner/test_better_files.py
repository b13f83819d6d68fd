"""A better file of a song takes over its id, whether the other was there with it or not."""

import shutil

import pytest

from hydrophone.domain.library import Page
from hydrophone.domain.playlist import Extent
from hydrophone.storage.queries import playlists
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary

SONG_1 = "Can/Ege/01 Song 1.mp3"
SONG_2 = "Can/Ege/02 Song 2.mp3"
BETTER = "Can/Ege/01.flac"
RELEASE = "0bd97fd6-2a5c-4b7f-9b9a-3c8f9e1d2a3b"


def _better(library: ScannedLibrary, **tags: str) -> None:
    common = {"artist": "Can", "albumartist": "Can", "album": "Ege"}
    library.add(BETTER, tags=common | {"title": "Song 1", "tracknumber": "1"} | tags)


@pytest.mark.parametrize("pause", [False, True], ids=["at once", "with a scan between"])
def test_in_the_same_place(library: ScannedLibrary, pause: bool) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    track_id = before[SONG_1][0]
    library.star(track_id)
    library.make_playlist(track_id)

    (library.root / SONG_1).unlink()
    if pause:
        assert library.scan().missing == 1
    _better(library)
    summary = library.scan()

    assert (summary.added, summary.moved, summary.missing) == (0, 1, 0)
    assert library.ids() == {BETTER: before[SONG_1], SONG_2: before[SONG_2]}
    track = library.tracks()[BETTER]
    assert (track.suffix, track.content_type) == ("flac", "audio/flac")
    assert track.annotation.starred
    [playlist] = library.query(lambda c: playlists.visible(c, ANYBODY, Page()))
    extents = library.query(lambda c: playlists.extents(c, [playlist.id], [1]))
    assert extents == {playlist.id: Extent(track_count=1, duration=track.duration)}


@pytest.mark.parametrize(("disc", "better_disc"), [("", "1"), ("", "1/1"), ("1", "")])
@pytest.mark.parametrize("beside", [False, True], ids=["in its place", "beside it for a while"])
def test_no_disc_is_the_first_disc(
    library: ScannedLibrary, disc: str, better_disc: str, beside: bool
) -> None:
    """Picard writes the number of the only disc, most rippers do not."""
    library.album("Can/Ege", discnumber=disc)
    library.scan()
    before = library.ids()
    library.star(before[SONG_1][0])
    if beside:
        _better(library, discnumber=better_disc)
        assert library.scan().added == 1
        (library.root / SONG_1).unlink()
    else:
        (library.root / SONG_1).unlink()
        _better(library, discnumber=better_disc)
    summary = library.scan()
    assert (summary.added, summary.moved, summary.missing) == (0, 1, 0)
    assert library.ids() == {BETTER: before[SONG_1], SONG_2: before[SONG_2]}
    assert library.tracks()[BETTER].annotation.starred


@pytest.mark.parametrize("disc", ["", "1"])
def test_other_disc_is_another_place(library: ScannedLibrary, disc: str) -> None:
    library.album("Can/Ege", discnumber=disc)
    library.scan()
    (library.root / SONG_1).unlink()
    _better(library, discnumber="2")
    summary = library.scan()
    assert (summary.added, summary.moved, summary.missing) == (1, 0, 1)


def test_without_a_number_it_is_its_own(library: ScannedLibrary) -> None:
    """Two songs of one title and no number may well be two."""
    tags = {"title": "Intro", "album": "Ege", "artist": "Can", "albumartist": "Can"}
    for suffix in ("mp3", "flac"):
        library.add(f"Can/a.{suffix}", tags=tags)
        library.scan()
    ids = library.ids()
    (library.root / "Can/a.mp3").unlink()
    assert library.scan().moved == 0
    assert library.ids()["Can/a.flac"] == ids["Can/a.flac"]


@pytest.mark.parametrize("release", [("", RELEASE), (RELEASE, "")], ids=["gets", "loses"])
@pytest.mark.parametrize("count", [1, 2], ids=["first half", "all at once"])
def test_release_id_in_one_of_both(
    library: ScannedLibrary, release: tuple[str, str], count: int
) -> None:
    """An old rip, and its successor that Picard has tagged."""
    before, after = release
    old = library.album("Can/Ege", musicbrainz_albumid=before)
    library.scan()
    ids = library.ids()
    album = library.the_album().id
    library.star(album, ids[SONG_1][0])
    new = library.album("Can/Ege", suffix="flac", musicbrainz_albumid=after)
    for path in (*old[:count], *new[count:]):
        path.unlink()
    library.scan()
    if count == 1:
        old[1].unlink()
        library.album("Can/Ege", suffix="flac", musicbrainz_albumid=after)
        library.scan()
    assert library.ids() == {path.replace("mp3", "flac"): known for path, known in ids.items()}
    assert library.the_album().annotation.starred


def test_two_releases_are_two_albums(library: ScannedLibrary) -> None:
    library.album("Can/Ege", musicbrainz_albumid=RELEASE)
    library.scan()
    before = library.ids()
    for path in before:
        (library.root / path).unlink()
    other = RELEASE.replace("0", "1")
    library.album("Can/Ege", suffix="flac", musicbrainz_albumid=other)
    library.scan(accept=True)
    assert not {known for both in before.values() for known in both} & {
        known for both in library.ids().values() for known in both
    }


@pytest.mark.parametrize("release", ["", RELEASE], ids=["same tags", "with a release id"])
def test_album_beside_the_other_for_a_while(library: ScannedLibrary, release: str) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    library.star(library.the_album().id)
    library.album("Can/Ege FLAC", suffix="flac", album="Ege", musicbrainz_albumid=release)
    library.scan()
    assert len(library.albums()) == 2
    shutil.rmtree(library.root / "Can/Ege")
    library.scan()
    expected = {
        path.replace("Ege", "Ege FLAC").replace("mp3", "flac"): i for path, i in before.items()
    }
    assert library.ids() == expected
    assert library.the_album().annotation.starred


@pytest.mark.parametrize("aside", ["Aside/old.mp3", "Zeta/old.mp3"], ids=["before", "behind"])
@pytest.mark.parametrize("same", [True, False], ids=["same song", "another"])
def test_old_file_put_aside(library: ScannedLibrary, aside: str, same: bool) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    (library.root / aside).parent.mkdir()
    (library.root / SONG_1).rename(library.root / aside)
    library.add(
        SONG_1,
        tags={
            "artist": "Can",
            "albumartist": "Can",
            "album": "Ege",
            "title": "Song 1" if same else "Another",
            "tracknumber": "1",
        },
    )
    library.scan()
    after = library.ids()
    assert after[SONG_1 if same else aside][0] == before[SONG_1][0]
    assert after[SONG_2] == before[SONG_2]
