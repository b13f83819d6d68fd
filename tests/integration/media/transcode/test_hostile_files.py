"""Files with hostile names, and files that are no music."""

import shutil
from pathlib import Path

import pytest
from tests.integration.media.transcode.converting import Run, collect, encode, spec

from hydrophone.errors import MediaError


@pytest.mark.parametrize(
    "name",
    [
        "-i.mp3",
        "http:x.mp3",
        "100%d.mp3",
        "a b'c\"d.mp3",
        "no suffix",
        "n\udcffn.mp3",
        "歌.mp3",
        "new\nline.mp3",
    ],
)
def test_hostile_file_names(
    song: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    source = Path(name)
    shutil.copy(song, source)

    async def check() -> None:
        assert await collect(encode(source, spec()))

    run(check())


@pytest.mark.parametrize(
    "content",
    [
        "ffconcat version 1.0\nfile song.flac\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nsong.flac\n#EXT-X-ENDLIST\n",
        "",
        "nothing that anybody could decode",
    ],
)
@pytest.mark.parametrize("suffix", ["mp3", "txt"])
def test_what_is_no_music_is_refused_before_the_first_byte(
    song: Path, run: Run, tmp_path: Path, content: str, suffix: str
) -> None:
    shutil.copy(song, tmp_path / "song.flac")
    source = tmp_path / f"evil.{suffix}"
    source.write_text(content)

    async def check() -> None:
        chunks = encode(source, spec())
        with pytest.raises(MediaError, match="ffmpeg failed"):
            await anext(chunks)

    run(check())
