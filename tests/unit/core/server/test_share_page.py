"""The page of a share: everything that came from outside is escaped, every browser can play it."""

import re

import pytest

from hydrophone.domain.ids import ShareId
from hydrophone.domain.music import Track
from hydrophone.domain.share import OpenShare, Share, SharedMusic
from hydrophone.domain.units import Timestamp
from hydrophone.server.share_page import render_message, render_share
from hydrophone.testing.factories import make_track

EVIL = """"><script>alert('x')</script>{0}"""


def page(*tracks: Track, title: str = "", description: str = "", may_download: bool = False) -> str:
    share = Share(
        id=ShareId("sh-aaaaaaaaaaaaa"),
        owner="anna",
        description=description,
        item_ids=(),
        created=Timestamp(0),
    )
    music = SharedMusic(title=title, tracks=tracks)
    opened = OpenShare(share=share, music=music, may_download=may_download)
    return render_share(opened, address="https://example.org/music/share", base="/music/share")


def test_nothing_from_outside_becomes_markup() -> None:
    track = make_track(EVIL, artist=EVIL, album=EVIL, suffix="flac")
    for text in (
        page(track, title=EVIL, description=EVIL, may_download=True),
        page(track, track, description=EVIL),
        render_message(EVIL, base="/share"),
    ):
        assert "<script>" not in text
        assert "&lt;script&gt;" in text
        assert "anna" not in text


@pytest.mark.parametrize(
    ("suffix", "bit_depth", "plain", "converted"),
    [
        ("mp3", 0, True, False),
        ("flac", 16, True, True),
        ("opus", 0, True, True),
        ("m4a", 0, True, True),
        ("m4a", 16, False, True),
        ("wma", 0, False, True),
        ("dsf", 1, False, True),
    ],
)
def test_what_browsers_are_offered(
    suffix: str, bit_depth: int, *, plain: bool, converted: bool
) -> None:
    track = make_track("Song", suffix=suffix, bit_depth=bit_depth)
    text = page(track)
    assert (f'/stream/{track.id}"' in text, "?format=mp3" in text) == (plain, converted)


def test_downloads_are_named() -> None:
    track = make_track("AC/DC & more", suffix="ogg", track_number=3)
    assert 'download="03 AC_DC &amp; more.ogg"' in page(track, may_download=True)
    assert "<audio controls preload" in page(track, may_download=True)
    withheld = page(track)
    assert 'class="file"' not in withheld
    assert "/download" not in withheld
    assert '<audio controls controlslist="nodownload" preload' in withheld


@pytest.mark.parametrize(
    ("title", "description", "shown", "below"),
    [
        ("Album", "For you", "Album", ["Band", "For you"]),
        ("", "For you", "For you", ["Band"]),
        ("", "", "2 tracks", ["Band"]),
    ],
)
def test_its_title(title: str, description: str, shown: str, below: list[str]) -> None:
    tracks = make_track("One", artist="Band"), make_track("Two", artist="Band")
    text = page(*tracks, title=title, description=description)
    assert f"<h1>{shown}</h1>" in text
    assert re.findall("<p>([^<]*)</p>", text) == below


@pytest.mark.parametrize(
    ("albums", "title", "shown"),
    [
        (["One", "One", "Two", "One"], "", ["One", "Two", "One"]),
        (["One", "Two"], "Playlist", ["One", "Two"]),
        (["One", "One"], "One", []),
        (["One"], "Song", ["One"]),
        (["", "One"], "", ["One"]),
    ],
)
def test_each_run_of_songs_names_its_album(albums: list[str], title: str, shown: list[str]) -> None:
    tracks = [make_track(f"Song {number}", album=name) for number, name in enumerate(albums)]
    text = page(*tracks, title=title, description="For you")
    assert re.findall("<h2>(.*)</h2>", text) == shown
    assert re.findall('<span class="title">(Song [0-9])', text) == [one.title for one in tracks]
