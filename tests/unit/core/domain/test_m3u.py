"""Playlists of other players, as they are found in the wild."""

import pytest

from hydrophone.domain.m3u import (
    MAX_ENTRIES,
    M3u,
    M3uEntry,
    places,
    read_m3u,
    tails,
    write_m3u,
)
from hydrophone.domain.playlist import PlaylistFile
from hydrophone.domain.units import Seconds
from hydrophone.errors import InvalidInputError


def locations(read: M3u) -> tuple[str, ...]:
    return tuple(entry.location for entry in read.entries)


def test_an_extended_file_is_read() -> None:
    text = "#EXTM3U\r\n#PLAYLIST: My  List\r\n#EXTINF:123,A - B\r\na/b.mp3\r\n\r\n  c.mp3 \n# no\n"
    read = read_m3u(text.encode())
    assert (read.name, locations(read)) == ("My List", ("a/b.mp3", "c.mp3"))


@pytest.mark.parametrize(
    ("data", "name", "entries"),
    [
        (b"", "", ()),
        (b"\xef\xbb\xbf#PLAYLIST:\xc3\x84\nb.mp3", "Ä", ("b.mp3",)),
        ("#playlist:Ä\nÖ.mp3".encode("utf-16"), "Ä", ("Ö.mp3",)),
        (b"#PLAYLIST:\xc4\n\xd6.mp3\rx.mp3", "Ä", ("\udcd6.mp3", "x.mp3")),
        ("a\u2028b.mp3".encode(), "", ("a\u2028b.mp3",)),
        (b"\x00\n\x00a\x00.mp3\n", "", ("a\x00.mp3",)),
    ],
)
def test_encodings(data: bytes, name: str, entries: tuple[str, ...]) -> None:
    read = read_m3u(data)
    assert (read.name, locations(read)) == (name, entries)


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("#EXTVLCOPT:start-time=61.5", 61.5),
        ("#EXTVLCOPT:start-time=0", 0.0),
        ("#extvlcopt:start-time= 7. ", 7.0),
        ("#EXTVLCOPT:start-time=-1", None),
        ("#EXTVLCOPT:start-time=nan", None),
        ("#EXTVLCOPT:start-time=" + "9" * 400, None),
        ("#EXTVLCOPT:stop-time=5", None),
    ],
)
def test_the_beginning_of_a_part_counts_for_the_next_entry(line: str, start: float | None) -> None:
    read = read_m3u(f"{line}\n#EXTINF:1,B\na.flac\na.flac\n".encode())
    assert [one.start for one in read.entries] == [start, None]


def test_there_is_an_end_to_entries() -> None:
    assert len(read_m3u(b"a\n" * MAX_ENTRIES).entries) == MAX_ENTRIES
    with pytest.raises(InvalidInputError, match="more than 100000 entries"):
        read_m3u(b"a\n" * (MAX_ENTRIES + 1))


@pytest.mark.parametrize(
    ("entry", "first"),
    [
        ("a/b.mp3", "/music/lists/a/b.mp3"),
        ("../a/./b.mp3", "/music/a/b.mp3"),
        ("../../../../etc/passwd", "/etc/passwd"),
        ("/else/b.mp3", "/else/b.mp3"),
        ("file:///else/b%20c%C3%A4.mp3", "/else/b cä.mp3"),
        ("file://localhost/b.mp3", "/b.mp3"),
        ("FILE:///b%ff.mp3", "/b\udcff.mp3"),
        ("#1.mp3", "/music/lists/#1.mp3"),
    ],
)
def test_where_an_entry_may_be(entry: str, first: str) -> None:
    assert next(places(entry, "/music/lists")) == first


def test_other_spellings_of_an_entry() -> None:
    assert list(places("a\\b.mp3", "/m")) == ["/m/a\\b.mp3", "/m/a/b.mp3"]
    decomposed = "A\u0308.mp3"
    assert list(places("Ä.mp3", "/m")) == ["/m/Ä.mp3", f"/m/{decomposed}"]
    assert "/m/Ä.mp3" in list(places(decomposed, "/m"))
    assert "/m/Ä.mp3" in list(places("\udcc4.mp3", "/m"))


@pytest.mark.parametrize("entry", ["http://radio/x.mp3", "spotify://x", "a\0b.mp3", "file://"])
def test_what_is_no_file_is_nowhere(entry: str) -> None:
    assert all(place == "/" for place in places(entry, "/m"))


def test_ends_of_paths_of_other_machines() -> None:
    ends = ["Music/A/b.mp3", "A/b.mp3"]
    assert list(tails("D:\\Music\\A\\b.mp3")) == ends
    assert list(tails("D:/Music/A/b.mp3")) == ends
    assert list(tails("file:///D:/Music/A/b.mp3")) == ends
    assert list(tails("/Users/Music/A/b.mp3")) == ends
    assert list(tails("A/b.mp3")) == []
    assert list(tails("/b.mp3")) == []


def test_what_is_written_is_read_again() -> None:
    files = [
        PlaylistFile(
            track_id="tr-1", title="T\nx", artist="A", duration=Seconds(1.6), path="/m/Ä.mp3"
        ),
        PlaylistFile(track_id="tr-2", title="U", path="/m/\\xff.mp3"),
        PlaylistFile(track_id="tr-3"),
    ]
    written = write_m3u("My\nList", files)
    assert written.decode().splitlines()[:3] == [
        "#EXTM3U",
        "#PLAYLIST:My List",
        "#EXTINF:2,A - T x",
    ]
    read = read_m3u(written)
    assert read.name == "My List"
    assert [next(places(one, "/")) for one in locations(read)] == ["/m/Ä.mp3", "/m/\udcff.mp3"]


def test_a_part_is_written_with_its_times() -> None:
    part = PlaylistFile(
        track_id="tr-1", duration=Seconds(0.6), path="/m/disc.flac", start=Seconds(1)
    )
    written = write_m3u("Parts", [part])
    assert written.decode().splitlines()[2:] == [
        "#EXTVLCOPT:start-time=1.000",
        "#EXTVLCOPT:stop-time=1.600",
        "/m/disc.flac",
    ]
    assert read_m3u(written).entries == (M3uEntry(location="/m/disc.flac", start=Seconds(1)),)
