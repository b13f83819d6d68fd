"""Which fact of a track ends up in which field of a song."""

from collections.abc import Callable

import msgspec

from hydrophone.domain.music import Track
from hydrophone_subsonic.mapping.child import song

MakeTrack = Callable[..., Track]


def test_each_fact_of_a_song_is_in_its_own_field(make_track: MakeTrack) -> None:
    """A song is made by position: no two neighbours of the same type may change places."""
    texts = {
        "title": "title",
        "album_name": "album",
        "display_artist": "artist",
        "content_type": "contentType",
        "suffix": "suffix",
        "path": "path",
        "comment": "comment",
        "sort_title": "sortName",
        "musicbrainz_id": "musicBrainzId",
        "display_album_artist": "displayAlbumArtist",
        "display_composer": "displayComposer",
        "explicit_status": "explicitStatus",
    }
    numbers = {
        "track_number": "track",
        "year": "year",
        "size": "size",
        "bit_rate": "bitRate",
        "disc_number": "discNumber",
        "bpm": "bpm",
        "bit_depth": "bitDepth",
        "sampling_rate": "samplingRate",
        "channel_count": "channelCount",
    }
    lists = {"moods": "moods", "groupings": "groupings", "isrcs": "isrc"}
    facts: dict[str, object] = {name: f"A {name}" for name in texts}
    facts |= {name: number for number, name in enumerate(numbers, start=1)}
    facts |= {name: (name,) for name in lists}

    described = msgspec.to_builtins(song(make_track(**facts)))

    for name, field in (texts | numbers | lists).items():
        assert described[field] == facts[name]
