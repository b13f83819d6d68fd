"""What endpoints ask of the services and make of the answers: lyrics."""

from typing import Any

import pytest
from tests.unit.subsonic_api.asking import Ask

from hydrophone.domain.lrc import parse_lyrics

pytestmark = pytest.mark.anyio


async def test_who_asks_for_more_lyrics_gets_more(ask: Ask, fakes: Any) -> None:
    lrc = "[00:01.00]<00:01.00>Où <00:02.00>là<00:03.00>"
    fakes.lyrics.answers.update(of_track=(parse_lyrics(lrc),))
    old = {
        "lang": "und",
        "offset": 0,
        "synced": True,
        "line": [{"start": 1000, "value": "Où là"}],
    }
    cues = [
        {"start": 1000, "end": 2000, "byteStart": 0, "byteEnd": 2, "value": "Où"},
        {"start": 2000, "end": 3000, "byteStart": 4, "byteEnd": 6, "value": "là"},
    ]
    answer = await ask("getLyricsBySongId?id=tr-1")
    assert answer["lyricsList"]["structuredLyrics"] == [old]
    answer = await ask("getLyricsBySongId?id=tr-1&enhanced=true")
    assert answer["lyricsList"]["structuredLyrics"] == [
        old
        | {
            "kind": "main",
            "cueLine": [{"index": 0, "start": 1000, "value": "Où là", "cue": cues}],
        }
    ]
    assert [call[-1] for call in fakes.lyrics.calls] == [{"enhanced": False}, {"enhanced": True}]


async def test_no_lyrics(ask: Ask, fakes: Any) -> None:
    fakes.lyrics.answers.update(find=None, of_track=())
    assert (await ask("getLyrics"))["lyrics"] == {"value": ""}
    assert fakes.lyrics.calls == []
    assert (await ask("getLyrics?artist=Naxos&title=Song"))["lyrics"] == {"value": ""}
    assert fakes.lyrics.calls[0][2:] == ("Naxos", "Song")
    answer = await ask("getLyricsBySongId?id=tr-1&enhanced=true")
    assert answer["lyricsList"] == {"structuredLyrics": []}
