"""What endpoints ask of the services and make of the answers: the play queue."""

from typing import Any

import pytest
from msgspec import Raw
from tests.unit.subsonic_api.asking import Ask, code

from hydrophone.domain.ids import TrackId
from hydrophone.domain.playback import PlayQueue
from hydrophone.domain.units import Milliseconds, Timestamp

pytestmark = pytest.mark.anyio


async def test_play_queue(ask: Ask, fakes: Any) -> None:
    assert "playQueue" not in await ask("getPlayQueue")
    fakes.play_queue.answers["get"] = PlayQueue(
        user_name="Alice",
        entries=(Raw(b'{"id":"tr-songsongsongs"}'),),
        current=TrackId("tr-songsongsongs"),
        current_index=0,
        position=Milliseconds(0),
        changed=Timestamp(0),
        changed_by="DSub",
    )
    queue = (await ask("getPlayQueue"))["playQueue"]
    assert queue.pop("entry") == [{"id": "tr-songsongsongs"}]
    assert queue == {
        "current": "tr-songsongsongs",
        "position": 0,
        "username": "Alice",
        "changed": "1970-01-01T00:00:00.000Z",
        "changedBy": "DSub",
    }


async def test_saving_the_play_queue(ask: Ask, fakes: Any) -> None:
    await ask("savePlayQueue?id=1&id=2&current=2&position=5000")
    await ask("savePlayQueue")
    await ask("savePlayQueue?current=9")
    assert [call[2:] for call in fakes.play_queue.calls] == [
        (("1", "2"), 1, 5000, "test"),
        ((), 0, 0, "test"),
        ((), 0, 0, "test"),
    ]
    assert code(await ask("savePlayQueue?id=1")) == 10
    assert code(await ask("savePlayQueue?id=1&current=2")) == 10


async def test_saving_the_play_queue_by_index(ask: Ask, fakes: Any) -> None:
    await ask("savePlayQueueByIndex?id=1&id=1&currentIndex=1&position=5000")
    await ask("savePlayQueueByIndex")
    assert [call[2:] for call in fakes.play_queue.calls] == [
        (("1", "1"), 1, 5000, "test"),
        ((), 0, 0, "test"),
    ]
    for wrong in ("id=1", "id=1&currentIndex=1", "id=1&currentIndex=-1", "currentIndex=0"):
        assert code(await ask(f"savePlayQueueByIndex?{wrong}")) == 10
