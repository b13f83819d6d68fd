"""What was converted to its end is kept for the next listener, and nothing else."""

import os
import shutil
from pathlib import Path

import pytest
from tests.integration.media.transcoder.listening import (
    ANNA,
    FFMPEG,
    LENGTH,
    Make,
    collect,
    eventually,
    expected,
    kept,
    look_up,
    starts,
)

pytestmark = pytest.mark.anyio


async def test_the_second_listener_gets_the_file(make: Make, song: Path, counted: Path) -> None:
    transcoder = make(counted)
    transcode = await look_up(transcoder, song)
    assert transcode.ready is None
    data = await collect(transcoder.listen(transcode, user=ANNA))
    assert data == expected(song)
    again = await look_up(transcoder, song)
    assert again.name == transcode.name
    assert again.ready is not None
    assert again.ready.read_bytes() == data
    assert starts(counted) == 1
    assert (await look_up(transcoder, song, name="opus")).ready is None


async def test_what_is_nearly_done_is_finished_without_listeners(
    make: Make, song: Path, tmp_path: Path
) -> None:
    """Twenty seconds of music take well under a second."""
    body = f'{FFMPEG} "$@" && sleep 0.3'
    slow = tmp_path / "ffmpeg"
    slow.write_text(f"#!/bin/sh\n{body}\n")
    slow.chmod(0o755)
    transcoder = make(slow)
    transcode = await look_up(transcoder, song)
    listener = transcoder.listen(transcode, user=ANNA)
    got = 0
    while got < len(expected(song)):
        got += len(await anext(listener))
    await listener.aclose()
    assert await eventually(lambda: [path.suffix for path in kept(tmp_path)] == [".mp3"])


async def test_a_replaced_file_is_transcoded_anew(make: Make, song: Path, tmp_path: Path) -> None:
    source = tmp_path / "song.flac"
    shutil.copy2(song, source)
    transcoder = make()
    first = await look_up(transcoder, source)
    await collect(transcoder.listen(first, user=ANNA))
    assert (await look_up(transcoder, source)).ready is not None
    # With the old size and date, as copying tools set them.
    status = source.stat()
    other = tmp_path / "other.flac"
    shutil.copy2(source, other)
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(source)
    assert source.stat().st_mtime_ns == status.st_mtime_ns
    second = await look_up(transcoder, source)
    assert second.ready is None
    assert second.name != first.name


async def test_a_file_that_is_replaced_meanwhile_is_not_kept(
    make: Make, song: Path, tmp_path: Path
) -> None:
    source = tmp_path / "song.flac"
    shutil.copy(song, source)
    transcoder = make()
    listener = transcoder.listen(await look_up(transcoder, source), user=ANNA)
    await anext(listener)
    os.utime(source)
    await collect(listener)
    assert kept(tmp_path) == []


async def test_what_is_too_short_is_not_kept(
    make: Make, song: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Of a truncated file ffmpeg converts what there is, and says that all is well."""
    transcoder = make()
    transcode = await look_up(transcoder, song, seconds=LENGTH + 5)
    assert await collect(transcoder.listen(transcode, user=ANNA)) == expected(song)
    assert kept(tmp_path) == []
    assert "20.0 seconds long instead of 25.0" in caplog.text


async def test_without_a_limit_to_keep_nothing_is_kept(
    make: Make, song: Path, tmp_path: Path
) -> None:
    transcoder = make(limit=0)
    transcode = await look_up(transcoder, song)
    assert await collect(transcoder.listen(transcode, user=ANNA)) == expected(song)
    assert kept(tmp_path) == []
