import shutil
import subprocess
from collections.abc import AsyncGenerator, Callable, Coroutine
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from mutagen.id3 import ID3, PRIV

from hydrophone.domain.units import Hertz, Kbps, Seconds
from hydrophone.errors import MediaError, UnsupportedError
from hydrophone.media.ffmpeg import find_ffmpeg, run_ffmpeg
from hydrophone.media.transcode import (
    FORMATS,
    MP4_COPY,
    MP4_FLAC,
    AudioFormat,
    TranscodeSpec,
    format_named,
)

LENGTH = 3.0
SAMPLES = 44100
FFMPEG = find_ffmpeg()

Run = Callable[[Coroutine[None, None, None]], None]


def ffmpeg(*arguments: str, data: bytes = b"") -> bytes:
    argv = [str(FFMPEG), "-v", "error", *arguments]
    return subprocess.run(argv, input=data, capture_output=True, check=True, timeout=60).stdout


def decoded(data: bytes) -> bytes:
    """Return samples of 16 bits, one channel."""
    to_samples = ("-f", "s16le", "-ac", "1", "-ar", str(SAMPLES), "pipe:1")
    return ffmpeg("-i", "pipe:0", *to_samples, data=data)


def pitch(samples: bytes, start: float, stop: float) -> float:
    """Count the rising zero crossings of a part: its frequency, for a pure tone."""
    part = memoryview(samples).cast("h")[int(start * SAMPLES) : int(stop * SAMPLES)]
    crossings = sum(1 for a, b in pairwise(part) if a < 0 <= b)
    return crossings / (stop - start)


def encode(
    source: Path, spec: TranscodeSpec, *, ffmpeg: Path = FFMPEG, limit: float = 20.0
) -> AsyncGenerator[bytes, None]:
    argv = [str(ffmpeg), *spec.arguments(source)]
    return run_ffmpeg(argv, time_limit=Seconds(limit))


def made_of(spec: TranscodeSpec, source: Path) -> bytes:
    """Encode with a plain child process, where only the arguments matter."""
    return ffmpeg(*spec.arguments(source))


def spec(name: str = "mp3", *, bit_rate: int = 0, offset: float = 0.0) -> TranscodeSpec:
    return TranscodeSpec(format=format_named(name), bit_rate=Kbps(bit_rate), offset=Seconds(offset))


async def collect(chunks: AsyncGenerator[bytes, None]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("offset", [0.0, 1.25])
def test_the_sound_has_the_right_length_and_pitch(
    song: Path, run: Run, name: str, offset: float
) -> None:
    async def check() -> None:
        data = await collect(encode(song, spec(name, offset=offset)))
        samples = decoded(data)
        assert abs(len(samples) / 2 / SAMPLES - (LENGTH - offset)) < 0.06
        change = 1.5 - offset
        assert abs(pitch(samples, change / 4, change - 0.06) - 440) < 20
        assert abs(pitch(samples, change + 0.1, LENGTH - offset - 0.1) - 880) < 20

    run(check())


@pytest.mark.parametrize("name", ["mp3", "opus", "flac", "mp4"])
@pytest.mark.parametrize("source_name", ["song.flac", "song.ogg", "song.mp3"])
def test_given_tags_are_written_and_no_others(
    song: Path, run: Run, tmp_path: Path, name: str, source_name: str
) -> None:
    source = tmp_path / source_name
    own = "x" * 2_000_000
    ffmpeg("-i", str(song), *("-metadata", f"comment={own[:100_000]}"), str(source))
    if source_name == "song.mp3":
        tags = ID3(source)
        tags.add(PRIV(owner="big", data=own.encode()))
        tags.save()
    tagged = msgspec.structs.replace(spec(name), tags=(("title", "Three Tones"),))

    async def check() -> None:
        data = await collect(encode(source, tagged))
        assert b"Three Tones" in data or "Three Tones".encode("utf-16-le") in data
        for other in ("Two Tones", "xxxxxxxxxxxx"):
            assert other.encode() not in data
            assert other.encode("utf-16-le") not in data
        assert decoded(data)

    run(check())


@pytest.fixture(scope="module")
def audiobook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds in three chapters."""
    folder = tmp_path_factory.mktemp("books")
    chapters = "".join(
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={n * 2000}\nEND={n * 2000 + 2000}\ntitle=Chapter {n}\n"
        for n in range(3)
    )
    (folder / "chapters").write_text(f";FFMETADATA1\n{chapters}")
    sound = ("-f", "lavfi", "-i", "sine=440:d=6", "-i", str(folder / "chapters"))
    ffmpeg(*sound, "-map_metadata", "1", "-c:a", "aac", str(folder / "book.m4b"))
    return folder / "book.m4b"


def chapters_of(path: Path) -> int:
    """Count them, and tracks that are none of sound."""
    said = subprocess.run([FFMPEG, "-i", path], capture_output=True, check=False, timeout=60).stderr
    return said.count(b"Chapter #") + said.count(b"Stream #") - said.count(b": Audio:")


@pytest.mark.parametrize("form", [FORMATS["mp3"], FORMATS["opus"], FORMATS["mp4"], MP4_COPY])
def test_chapters_of_the_whole_book_are_not_those_of_a_part(
    audiobook: Path, tmp_path: Path, form: AudioFormat
) -> None:
    assert chapters_of(audiobook) >= 3
    part = TranscodeSpec(format=form, offset=Seconds(1.0), length=Seconds(2.0))
    made = tmp_path / f"part.{form.suffix}"
    made.write_bytes(made_of(part, audiobook))
    assert chapters_of(made) == 0


@pytest.mark.parametrize(
    ("name", "bit_rate", "expected"),
    [("mp3", 0, 192), ("mp3", 64, 64), ("mp3", 9999, 320), ("opus", 320, 256), ("flac", 64, 0)],
)
def test_bit_rates_are_bounded(name: str, bit_rate: int, expected: int) -> None:
    assert spec(name, bit_rate=bit_rate).effective_bit_rate == expected


@pytest.mark.parametrize(
    ("name", "excess"),
    # With all that the container adds; ffmpeg's own AAC has no way to be held closer.
    [("mp3", 1.01), ("opus", 1.02), ("aac", 1.1), ("mp4", 1.1)],
)
def test_sound_that_is_hard_to_encode_keeps_to_the_bit_rate(
    tmp_path: Path, name: str, excess: float
) -> None:
    """Swept tones and bursts of noise: left free, libopus takes 214 kbit/s for them."""
    sides = (
        f"0.4*sin({tone}*2*PI*t)+0.3*sin(2*PI*t*({low}+3000*mod(t,1)))"
        f"+0.2*random({side})*lt(mod(t,0.5),0.05)"
        for side, (tone, low) in enumerate(((440, 300), (523, 900)))
    )
    sound = "|".join(sides).replace(",", r"\,")
    source = tmp_path / "hard.flac"
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc={sound}:d=10:s=48000", str(source))
    size = len(made_of(spec(name, bit_rate=128), source))
    assert size * 8 / 10_000 < 128 * excess


def test_the_bit_rate_is_what_was_asked_for(song: Path, run: Run) -> None:
    async def check() -> None:
        data = await collect(encode(song, spec("mp3", bit_rate=64)))
        assert abs(len(data) * 8 / LENGTH / 64000 - 1) < 0.1

    run(check())


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize(
    "layout",
    ["channel_layouts=5.1(side):sample_rates=44100", "sample_rates=192000", "sample_rates=8000"],
)
def test_unusual_sources_are_taken(tmp_path: Path, run: Run, name: str, layout: str) -> None:
    source = tmp_path / "odd.wav"
    ffmpeg("-f", "lavfi", "-i", f"sine=440:d=0.5,aformat={layout}", str(source))

    async def check() -> None:
        for bit_rate in (8, 9999):
            assert await collect(encode(source, spec(name, bit_rate=bit_rate)))

    run(check())


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_second_run_gives_the_same_bytes(song: Path, name: str) -> None:
    """What a player has of a transcode that was given up goes on with the next one."""
    assert made_of(spec(name), song) == made_of(spec(name), song)


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of which no two parts are equal."""
    path = tmp_path_factory.mktemp("music") / "noise.flac"
    noise = f"anoisesrc=d=10:a=0.2:seed=1:r={SAMPLES}"
    ffmpeg("-f", "lavfi", "-i", noise, "-sample_fmt", "s16", str(path))
    return path


@pytest.mark.parametrize("format_", [FORMATS["flac"], MP4_FLAC], ids=["flac", "mp4"])
def test_parts_of_a_file_fit_together_to_the_sample(noise: Path, format_: AudioFormat) -> None:
    """Tracks of a CUE sheet begin at a frame of a CD: 588 samples, a 75th of a second."""
    whole = decoded(noise.read_bytes())
    starts = [Seconds(frames / 75) for frames in (0, 101, 333, 700)]
    parts = [
        decoded(made_of(TranscodeSpec(format=format_, offset=start, length=length), noise))
        for start, length in zip(
            starts, [*(Seconds(b - a) for a, b in pairwise(starts)), None], strict=True
        )
    ]
    assert [len(part) // 2 for part in parts[:-1]] == [101 * 588, 232 * 588, 367 * 588]
    assert b"".join(parts) == whole


@pytest.mark.parametrize("suffix", ["mp3", "ogg", "m4a"])
def test_an_offset_is_exact_in_lossy_files_too(noise: Path, tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"noise.{suffix}"
    ffmpeg("-i", str(noise), str(source))
    whole = decoded(source.read_bytes()) if suffix != "m4a" else decoded_file(source)
    cut = decoded(made_of(spec("flac", offset=6.5), source))
    # Not at the very start, where a decoder lacks what came before.
    part = memoryview(cut[8000:12000]).cast("h")
    begin = int(6.5 * SAMPLES) * 2 + 8000
    differences = {
        shift: sum(
            abs(a - b)
            for a, b in zip(part, memoryview(whole)[begin + 2 * shift :].cast("h"), strict=False)
        )
        / len(part)
        for shift in (-1, 0, 1)
    }
    # Rounding to 16 bits differs, by the noise of its dither.
    assert differences[0] < 2 < 100 < min(differences[-1], differences[1])


def decoded_file(path: Path) -> bytes:
    return ffmpeg("-i", str(path), "-f", "s16le", "-ac", "1", "-ar", str(SAMPLES), "pipe:1")


@pytest.mark.parametrize(
    ("name", "most"),
    # LAME and AAC add their delay, for which there is no place in a stream; see the docs.
    [("flac", 0.0), ("opus", 0.001), ("mp3", 0.055), ("aac", 0.055), ("mp4", 0.055)],
)
@pytest.mark.parametrize("length", [1.0, 2.7183])
def test_how_exact_lengths_are(song: Path, name: str, length: float, most: float) -> None:
    wanted = TranscodeSpec(format=format_named(name), length=Seconds(length))
    seconds = len(decoded(made_of(wanted, song))) / 2 / SAMPLES
    assert -0.0001 <= seconds - length <= most + 0.0001


@pytest.mark.parametrize(("codec", "suffix"), [("flac", "flac"), ("aac", "m4a"), ("alac", "m4a")])
def test_a_copy_has_the_same_packets(noise: Path, tmp_path: Path, codec: str, suffix: str) -> None:
    source = tmp_path / f"source.{suffix}"
    ffmpeg("-i", str(noise), "-c:a", codec, str(source))
    copy = made_of(TranscodeSpec(format=MP4_COPY), source)
    assert copy[4:8] == b"ftyp"
    assert b"moof" in copy
    result = tmp_path / "copy.mp4"
    result.write_bytes(copy)
    assert packets(result) == packets(source)
    # Fragments say nothing of the 1024 samples that an AAC encoder puts in front.
    late = 1024 if codec == "aac" else 0
    assert decoded_file(result)[2 * late :] == decoded_file(source)


def packets(path: Path) -> bytes:
    copied = ("-map", "0:a:0", "-c", "copy", "-f", "framemd5", "-strict", "experimental", "pipe:1")
    lines = ffmpeg("-i", str(path), *copied).splitlines()
    return b"\n".join(line.split(b",")[5] for line in lines if not line.startswith(b"#"))


def loudness(samples: bytes) -> int:
    return max(memoryview(samples).cast("h"))


@pytest.mark.parametrize(("gain", "factor"), [(-6.0206, 0.5), (0.0, 1.0), (6.0206, 2.0)])
@pytest.mark.parametrize("source_name", ["song.flac", "song.ogg"])
def test_gain_is_applied_and_its_tags_go(
    song: Path, tmp_path: Path, gain: float, factor: float, source_name: str
) -> None:
    source = tmp_path / source_name
    tag = ("-metadata", "replaygain_track_gain=-3 dB", "-metadata", "R128_TRACK_GAIN=256")
    ffmpeg("-i", str(song), *tag, str(source))
    before = loudness(decoded(source.read_bytes()))
    for name in ("flac", "opus", "mp3"):
        wanted = TranscodeSpec(format=format_named(name), gain=gain)
        result = made_of(wanted, source)
        assert loudness(decoded(result)) == pytest.approx(before * factor, rel=0.05)
        assert b"_track_gain" not in result.lower()


@pytest.mark.parametrize(("depth", "expected"), [(16, 16), (24, 24)])
def test_rate_and_depth(tmp_path: Path, depth: int, expected: int) -> None:
    source = tmp_path / "fine.flac"
    tone = ("-f", "lavfi", "-i", "sine=440:d=0.5:r=96000", "-sample_fmt", "s32")
    ffmpeg(*tone, str(source))
    wanted = TranscodeSpec(format=format_named("flac"), sample_rate=Hertz(48000), bit_depth=depth)
    # STREAMINFO (RFC 9639, 8.2): after 8 + 10 bytes 20 bits of rate, 3 of channels, 5 of depth.
    stream_info = int.from_bytes(made_of(wanted, source)[18:26], "big")
    assert stream_info >> 44 == 48000
    assert (stream_info >> 36 & 31) + 1 == expected


def test_lossy_music_does_not_become_lossless_of_24_bits(song: Path, tmp_path: Path) -> None:
    source = tmp_path / "song.mp3"
    ffmpeg("-i", str(song), str(source))
    stream_info = int.from_bytes(made_of(spec("flac"), source)[18:26], "big")
    assert (stream_info >> 36 & 31) + 1 == 16


def test_there_is_no_other_format() -> None:
    assert format_named("MP3").suffix == "mp3"
    with pytest.raises(UnsupportedError, match="only to aac, flac"):
        format_named("-f lavfi")


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
