"""One ffmpeg for many listeners, and a slot only while it runs."""

import asyncio
from pathlib import Path

import pytest
from tests.integration.media.transcoder.listening import (
    ANNA,
    BERTA,
    LONG,
    LOUD,
    Make,
    collect,
    encoders,
    eventually,
    expected,
    kept,
    look_up,
    open_files,
    starts,
)

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Seconds
from hydrophone.errors import UnavailableError

pytestmark = pytest.mark.anyio


async def test_listeners_at_the_same_time_share_one_ffmpeg(
    make: Make, noise: Path, counted: Path
) -> None:
    transcoder = make(counted, slots=1, each=1)
    transcode = await look_up(transcoder, noise, name="flac", seconds=LOUD)
    first = transcoder.listen(transcode, user=ANNA)
    beginning = [await anext(first) for _ in range(3)]
    second = asyncio.create_task(collect(transcoder.listen(transcode, user=BERTA)))
    await asyncio.sleep(0.1)
    assert not second.done()
    # He who began it leaves: the other hears it to its end, from the first byte on.
    await first.aclose()
    data = await second
    assert data.startswith(b"".join(beginning))
    assert data == expected(noise, "flac")
    assert starts(counted) == 1


async def test_a_paused_listener_holds_no_slot(make: Make, song: Path) -> None:
    transcoder = make(slots=1, each=1)
    paused = transcoder.listen(await look_up(transcoder, song), user=ANNA)
    beginning = await anext(paused)
    other = await look_up(transcoder, song, name="opus")
    assert await collect(transcoder.listen(other, user=BERTA)) == expected(song, "opus")
    assert beginning + await collect(paused) == expected(song)


async def test_too_many_is_a_clear_answer(make: Make, long_song: Path, song: Path) -> None:
    transcoder = make(slots=2, each=1)
    running = []
    for user, name in ((ANNA, "mp3"), (BERTA, "opus")):
        transcode = await look_up(transcoder, long_song, name=name, seconds=LONG)
        listener = transcoder.listen(transcode, user=user)
        await anext(listener)
        running.append(listener)
    wanted = [await look_up(transcoder, song, name=name) for name in ("mp3", "aac")]
    waiting = (
        anext(transcoder.listen(transcode, user=user), b"")
        for transcode, user in zip(wanted, (ANNA, UserId(3)), strict=True)
    )
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 2
    assert "A transcode of yours is running" in str(outcomes[0])
    assert "Too many" in str(outcomes[1])
    patient = asyncio.create_task(collect(transcoder.listen(wanted[0], user=UserId(3))))
    await asyncio.sleep(0.1)
    await running[0].aclose()
    assert await patient == expected(song)
    await running[1].aclose()


async def test_the_last_who_leaves_ends_ffmpeg_and_nothing_is_kept(
    make: Make, long_song: Path, tmp_path: Path
) -> None:
    transcoder = make()
    transcode = await look_up(transcoder, long_song, seconds=LONG)
    listeners = [transcoder.listen(transcode, user=ANNA) for _ in range(2)]
    for listener in listeners:
        await anext(listener)
    await listeners[0].aclose()
    assert len(encoders()) == 1
    await listeners[1].aclose()
    assert encoders() == set()
    assert kept(tmp_path) == []


async def test_who_comes_back_in_time_finds_ffmpeg_where_it_was(
    make: Make, noise: Path, counted: Path
) -> None:
    """Chromium closes what it reads before it asks for another place."""
    transcoder = make(counted)
    transcode = await look_up(transcoder, noise, name="flac", seconds=LOUD)
    grace = Seconds(60.0)
    whole = expected(noise, "flac")
    beginning = transcoder.listen(transcode, user=ANNA, grace=grace)
    await anext(beginning)
    await beginning.aclose()
    place = len(whole) - 100_000
    end = transcoder.listen(transcode, user=ANNA, first=place, grace=grace)
    assert await collect(end) == whole[place:]
    assert starts(counted) == 1


async def test_who_does_not_come_back_leaves_nothing(
    make: Make, long_song: Path, tmp_path: Path
) -> None:
    transcoder = make()
    transcode = await look_up(transcoder, long_song, seconds=LONG)
    listener = transcoder.listen(transcode, user=ANNA, grace=Seconds(3.0))
    await anext(listener)
    await listener.aclose()
    assert encoders() != set()
    assert await eventually(lambda: encoders() == set() and kept(tmp_path) == [])


@pytest.mark.parametrize("step", range(8))
async def test_leaving_at_any_moment_leaves_nothing(
    make: Make, noise: Path, tmp_path: Path, step: int
) -> None:
    transcoder = make()
    transcode = await look_up(transcoder, noise, name="flac", seconds=LONG)
    for attempt in range(10):
        task = asyncio.create_task(collect(transcoder.listen(transcode, user=ANNA)))
        await asyncio.sleep((10 * step + attempt) * 0.0005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert kept(tmp_path) == []
    assert open_files() == set()


async def test_at_the_end_everything_is_ended(make: Make, long_song: Path, tmp_path: Path) -> None:
    transcoder = make()
    transcode = await look_up(transcoder, long_song, seconds=LONG)
    listening = asyncio.create_task(collect(transcoder.listen(transcode, user=ANNA)))
    assert await eventually(lambda: encoders() != set())
    await transcoder.close()
    with pytest.raises(UnavailableError, match="stopped"):
        await listening
    assert encoders() == set()
    assert kept(tmp_path) == []
