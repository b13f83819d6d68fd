"""What a converted track says of itself."""

import msgspec

from hydrophone.domain.music import ReplayGain
from hydrophone.services.transcode_tags import tags_of
from hydrophone.testing.factories import make_track


def test_a_track_says_who_and_what_it_is() -> None:
    track = make_track("Jóga", artist="Björk", album="Homogenic", track_number=2, year=1997)
    found = dict(tags_of(track, with_gain=True))
    assert found["title"] == "Jóga"
    assert (found["artist"], found["album"], found["track"]) == ("Björk", "Homogenic", "2")
    assert found["date"] == "1997"
    assert "disc" not in found


def test_gain_is_told_unless_it_was_applied() -> None:
    track = make_track("Loud", replay_gain=ReplayGain(track_gain=-6.5, track_peak=0.9))
    assert dict(tags_of(track, with_gain=True))["REPLAYGAIN_TRACK_GAIN"] == "-6.50 dB"
    assert "REPLAYGAIN_TRACK_GAIN" not in dict(tags_of(track, with_gain=False))


def test_texts_are_short_and_printable() -> None:
    track = msgspec.structs.replace(make_track("x"), title="line\nbreak " + "y" * 5000)
    title = dict(tags_of(track, with_gain=False))["title"]
    assert title.startswith("line break y")
    assert len(title) == 200
