"""Songs that are kept written: as one writes them anew, for everybody, and bounded."""

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from tests.unit.subsonic_api.asking import unread

from hydrophone.domain.annotation import UNTOUCHED, Annotation
from hydrophone.domain.ids import ArtistId, TrackId
from hydrophone.domain.music import ArtistRef, Contributor, ReplayGain, Track
from hydrophone.domain.stored_track import StoredTrack
from hydrophone.domain.units import ByteCount, Milliseconds, Timestamp
from hydrophone_subsonic.encoding.envelope import ItemEncoding
from hydrophone_subsonic.encoding.json import JsonEncoding
from hydrophone_subsonic.encoding.xml import XmlEncoding
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.songs import WrittenSongs
from hydrophone_subsonic.written_marks import WrittenMarks

ENCODINGS: dict[str, ItemEncoding] = {"xml": XmlEncoding("1"), "json": JsonEncoding("1")}

moments = st.none() | st.integers(0, 253_402_300_799_999).map(Timestamp)
annotations = st.just(UNTOUCHED) | st.builds(
    Annotation,
    starred=moments,
    rating=st.integers(0, 5),
    play_count=st.integers(0, 2**31),
    last_played=moments,
    bookmark=st.none() | st.integers(0, 2**40).map(Milliseconds),
)
averages = st.sampled_from([0.0, 1.0, 3.33, 5.0])
texts = st.text(st.sampled_from("aé&<>\"'\\/\x00\t\n]}"), max_size=6)


class Counting:
    """An encoding that counts what it writes of songs."""

    def __init__(self, encoding: ItemEncoding) -> None:
        self.encoding = encoding
        self.written = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.encoding, name)

    def bare(self, *arguments: Any) -> bytes:
        self.written += 1
        return self.encoding.bare(*arguments)


async def nothing(count: int) -> AsyncGenerator[Sequence[StoredTrack], None]:
    """Choose no songs to be written ahead."""
    for _ in range(0):
        yield ()


def read(form: str, written: object) -> object:
    """Read an item, so that the order of its fields does not count."""
    assert isinstance(written, msgspec.Raw | bytes)
    if form == "json":
        return msgspec.json.decode(bytes(written))
    return etree.tostring(etree.fromstring(bytes(written)), method="c14n")


@pytest.mark.parametrize("form", ENCODINGS)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_kept_song_is_what_it_would_be_if_it_were_written_anew(
    form: str, make_track: Callable[..., Track], data: st.DataObject
) -> None:
    songs = WrittenSongs(ENCODINGS[form], WrittenMarks(ENCODINGS[form]), nothing)
    someone = ArtistRef(id=ArtistId("ar-someonesomeon"), name=data.draw(texts))
    track = make_track(
        title=data.draw(texts),
        comment=data.draw(texts),
        year=data.draw(st.sampled_from([0, 1999])),
        genres=data.draw(st.sampled_from([(), ("Rock & Roll", "<Pop>")])),
        artists=data.draw(st.sampled_from([(), (someone,)])),
        contributors=data.draw(
            st.sampled_from([(), (Contributor(role="composer", artist=someone),)])
        ),
        replay_gain=data.draw(st.sampled_from([None, ReplayGain(track_gain=-6.5)])),
    )
    for _ in range(3):
        annotation, average = data.draw(annotations), data.draw(averages)
        now = replace(track, annotation=annotation, average_rating=average)
        anew = ENCODINGS[form].item("entry", song(now))
        entry = songs.each("entry")(unread(track, annotation, average))
        assert read(form, entry) == read(form, anew)
        assert unread(track, annotation, average).whole() == now
        assert bytes(songs.each("entry")(now)) == anew


@pytest.mark.parametrize("form", ENCODINGS)
def test_a_song_is_written_once_until_it_is_another(
    form: str, make_track: Callable[..., Track]
) -> None:
    encoding = Counting(ENCODINGS[form])
    songs = WrittenSongs(encoding, WrittenMarks(encoding), nothing)
    track, other = make_track(), make_track(id=TrackId("tr-otherotherothe"))
    for annotation in (UNTOUCHED, Annotation(rating=4), UNTOUCHED):
        for one in (track, other):
            songs.each("entry")(unread(one, annotation))
    assert encoding.written == 2
    changed = replace(track, title="Song (remastered)")
    assert b"remastered" in bytes(songs.each("entry")(unread(changed)))
    assert b"remastered" not in bytes(songs.each("entry")(unread(track)))
    assert encoding.written == 4


def test_of_more_songs_than_fit_those_shown_last_are_kept(
    make_track: Callable[..., Track],
) -> None:
    encoding = Counting(ENCODINGS["json"])
    songs = WrittenSongs(encoding, WrittenMarks(encoding), nothing, limit=ByteCount(20_000))
    tracks = [make_track(id=TrackId(f"tr-{number:013}")) for number in range(100)]
    for one in tracks:
        songs.each("entry")(unread(one))
        songs.each("entry")(unread(tracks[0]))
    assert encoding.written == 100
    songs.each("entry")(unread(tracks[99]))
    assert encoding.written == 100
    songs.each("entry")(unread(tracks[1]))
    assert encoding.written == 101
    # What changes in its place is counted once.
    for number in range(200):
        songs.each("entry")(unread(replace(tracks[0], title=f"Song {number}")))
    songs.each("entry")(unread(tracks[99]))
    assert encoding.written == 301
