"""Every format: what is read of its stream, and that files are what they are, not what they say."""

import struct
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import msgspec
import mutagen
import pytest
from mutagen import flac
from mutagen.apev2 import APEv2
from mutagen.id3 import ID3, TALB, TIT2
from mutagen.mp4 import MP4, MP4FreeForm
from xxhash import xxh3_64_hexdigest

from hydrophone.domain.music import ReplayGain
from hydrophone.errors import MediaError
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.scanner.formats.table import BY_SUFFIX, FORMATS
from hydrophone.scanner.parse import parse_file
from hydrophone.scanner.parsed import Credit, ParsedFile
from hydrophone.testing.audio_files import BUILT, ENCODERS, make_audio, make_picture
from hydrophone.testing.audio_tags import write_tags

SECONDS = 1.5
CD, DVD, SACD = 44_100, 48_000, 2_822_400

STREAMS = {
    # kind: suffix, content type, rate, depth, samples (0: the file does not tell), delay
    "mp3": ("mp3", "audio/mpeg", CD, 0, 66_150, 576),
    "flac": ("flac", "audio/flac", CD, 16, 66_150, 0),
    "ogg": ("ogg", "audio/ogg", CD, 0, 66_150, 0),
    "opus": ("opus", "audio/ogg", DVD, 0, 72_000, 312),
    "oga": ("oga", "audio/ogg", CD, 16, 66_150, 0),
    "spx": ("spx", "audio/ogg", 16_000, 0, 23_857, 0),
    "m4a": ("m4a", "audio/mp4", CD, 0, 66_150, 1024),
    "alac": ("m4a", "audio/mp4", CD, 16, 66_150, 0),
    "aac": ("aac", "audio/aac", CD, 0, 0, 0),
    "wma": ("wma", "audio/x-ms-wma", CD, 0, 0, 0),
    "wav": ("wav", "audio/wav", CD, 16, 66_150, 0),
    "aiff": ("aiff", "audio/aiff", CD, 16, 66_150, 0),
    "aifc": ("aifc", "audio/aiff", CD, 16, 66_150, 0),
    "wv": ("wv", "audio/x-wavpack", CD, 16, 66_150, 0),
    "ape": ("ape", "audio/x-ape", CD, 16, 66_150, 0),
    "mpc": ("mpc", "audio/x-musepack", CD, 0, 66_150, 0),
    "mpc8": ("mpc", "audio/x-musepack", CD, 0, 66_150, 0),
    "dsf": ("dsf", "audio/x-dsf", SACD, 1, 4_233_600, 0),
    "dff": ("dff", "audio/x-dff", SACD, 1, 4_233_600, 0),
}


CODECS = {
    "ogg": ("vorbis", ""), "m4a": ("aac", "LC"), "oga": ("flac", ""), "spx": ("speex", ""),
    "wav": ("pcm", ""), "aiff": ("pcm", ""), "aifc": ("pcm", ""), "wv": ("wavpack", ""),
    "mpc": ("musepack", ""), "mpc8": ("musepack", ""), "dsf": ("dsd", ""), "dff": ("dsd", ""),
}  # fmt: skip
"""Codec and variety, where they are not just the name of the kind."""


def parse(path: Path) -> ParsedFile:
    return parse_file(bytes(path))


def make(folder: Path, kind: str) -> Path:
    return make_audio(folder / f"a.{STREAMS[kind][0]}", codec=kind, seconds=SECONDS)


def test_every_kind_is_tested() -> None:
    assert set(STREAMS) == {*ENCODERS, *BUILT}
    assert {content_type for _, content_type, *_ in STREAMS.values()} == {
        one.content_type for one in FORMATS
    }


@pytest.mark.parametrize("kind", STREAMS)
def test_stream(tmp_path: Path, kind: str) -> None:
    suffix, content_type, rate, depth, samples, delay = STREAMS[kind]
    stream = parse(make(tmp_path, kind)).stream
    assert (stream.suffix, stream.content_type) == (suffix, content_type)
    assert (stream.sampling_rate, stream.bit_depth, stream.channel_count) == (rate, depth, 2)
    assert (stream.sample_count, stream.encoder_delay) == (samples, delay)
    assert stream.duration == pytest.approx(SECONDS, abs=0.08 if not samples else 0.01)
    if samples:
        assert stream.duration == samples / rate
    assert 0 < stream.bit_rate < 6_000
    assert (stream.codec, stream.codec_profile) == CODECS.get(kind, (kind, ""))


@pytest.mark.parametrize("kind", ENCODERS)
def test_mono_comes_through_the_pipe_of_a_worker(tmp_path: Path, kind: str) -> None:
    # AAC in MP4 may hide a second channel in one, and says two in its box (ISO/IEC 14496-14).
    count = 2 if kind == "m4a" else 1
    path = make_audio(tmp_path / f"a.{STREAMS[kind][0]}", codec=kind, channels=1)
    answer = msgspec.msgpack.encode(parse(path))
    assert msgspec.msgpack.decode(answer, type=ParsedFile).stream.channel_count == count


def test_flac_out_of_a_pipe_is_as_long_as_its_frames(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    encode = f"-f lavfi -i anoisesrc=d=2:r={CD} -f flac -"
    command = [str(find_ffmpeg()), "-loglevel", "error", *encode.split()]
    path.write_bytes(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)
    stream = parse(path).stream
    assert (stream.duration, stream.sample_count) == (2.0, 2 * CD)
    assert stream.bit_rate > 100
    assert parse(path).length_remark == ""


def test_wma_of_ffmpeg_has_an_artist_once_and_a_date(tmp_path: Path) -> None:
    path = tmp_path / "a.wma"
    encode = "-f lavfi -i sine=d=1 -metadata artist=Can -metadata date=1973"
    command = [str(find_ffmpeg()), "-loglevel", "error", *encode.split(), str(path)]
    subprocess.run(command, check=True, timeout=120)
    parsed = parse(path)
    assert [credit.name for credit in parsed.artists] == ["Can"]
    assert parsed.release_date is not None
    assert parsed.release_date.year == 1973


@pytest.mark.parametrize("kind", STREAMS)
def test_ffmpeg_can_play_it(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path, kind)
    command = [str(find_ffmpeg()), "-v", "error", "-i", str(path), "-f", "s16le", "-ac", "1", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    assert len(done.stdout) > 20_000


@pytest.mark.parametrize("kind", sorted({*STREAMS} - {"mp3"}))
def test_other_audio_named_mp3_is_read_as_what_it_is(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path, kind)
    write_tags(path, {"title": "Title"})
    expected = parse(path)
    renamed = parse(path.rename(tmp_path / "a.mp3"))
    usual = BY_SUFFIX[STREAMS[kind][0]].suffixes[0]
    assert renamed.title == "Title"
    assert renamed.fingerprint == expected.fingerprint
    assert renamed.stream.content_type == expected.stream.content_type
    assert renamed.stream.suffix == {"oga": "oga", "aifc": "aiff"}.get(kind, usual)


@pytest.mark.parametrize("suffix", ["flac", "m4a", "ogg", "aac", "wav"])
def test_mp3_under_another_name_is_an_mp3(tmp_path: Path, suffix: str) -> None:
    path = make(tmp_path, "mp3")
    write_tags(path, {"title": "Title"})
    parsed = parse(path.rename(tmp_path / f"a.{suffix}"))
    assert (parsed.title, parsed.stream.suffix) == ("Title", "mp3")
    assert parsed.stream.content_type == "audio/mpeg"


@pytest.mark.parametrize(("kind", "name"), [("opus", "a.ogg"), ("oga", "a.ogg"), ("ogg", "a.oga")])
def test_codecs_of_ogg_are_told_apart(tmp_path: Path, kind: str, name: str) -> None:
    path = make(tmp_path, kind)
    write_tags(path, {"title": "Title"})
    parsed = parse(path.rename(tmp_path / name))
    assert parsed.title == "Title"
    assert parsed.stream.suffix == ("opus" if kind == "opus" else name[-3:])


@pytest.mark.parametrize("suffix", sorted(BY_SUFFIX))
def test_a_text_is_no_music_under_any_name(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_text("Ceci n'est pas une chanson.\n" * 500)
    with pytest.raises(MediaError):
        parse(path)


def test_wav_that_was_written_into_a_pipe(tmp_path: Path) -> None:
    """The program did not know the length, and said the largest one."""
    path = make(tmp_path, "wav")
    data = bytearray(path.read_bytes())
    expected = parse(path).stream
    at = data.index(b"data")
    struct.pack_into("<I", data, at + 4, 0xFFFFFFFF)
    path.write_bytes(data[: at + 8 + expected.sample_count * 4])
    assert parse(path).stream == expected


def test_wav_of_more_than_four_gibibytes_is_rf64(tmp_path: Path) -> None:
    plain = make(tmp_path, "wav")
    path = tmp_path / "long.wav"
    command = [str(find_ffmpeg()), "-v", "error", "-i", str(plain), "-rf64", "always", str(path)]
    subprocess.run(command, check=True)
    assert path.read_bytes()[:4] == b"RF64"
    assert parse(path).stream == parse(plain).stream


def test_itunes_note_on_the_gaps_wins(tmp_path: Path) -> None:
    path = make(tmp_path, "m4a")
    write_tags(path, {"soundcheck": "0"})

    file = MP4(path)
    note = " 00000000 00000840 000001CA 000000000000FF00 00000000"
    file["----:com.apple.iTunes:iTunSMPB"] = [note.encode()]
    file.save()
    stream = parse(path).stream
    assert (stream.encoder_delay, stream.encoder_padding) == (0x840, 0x1CA)
    assert stream.sample_count == 0xFF00


def test_without_a_xing_header_the_size_tells_the_length(tmp_path: Path) -> None:
    """Tags of a megabyte at the end must not make the music longer."""
    path = tmp_path / "a.mp3"
    made = make(tmp_path / "made", "mp3")
    command = [str(find_ffmpeg()), "-v", "error", "-i", str(made), "-c", "copy"]
    subprocess.run([*command, "-write_xing", "0", "-id3v2_version", "0", str(path)], check=True)
    bare = parse(path).stream
    assert bare.sample_count == 0
    assert bare.duration == pytest.approx(SECONDS, abs=0.1)

    tags = APEv2()
    tags["Comment"] = "x" * 1_000_000
    tags.save(path)
    assert parse(path).stream == bare


def test_gain_in_the_header_of_opus(tmp_path: Path) -> None:
    path = make(tmp_path, "opus")
    write_tags(path, {"r128_track_gain": "256"})
    data = bytearray(path.read_bytes())
    struct.pack_into("<h", data, data.index(b"OpusHead") + 16, -384)
    path.write_bytes(data)
    assert parse(path).replay_gain == ReplayGain(track_gain=6.0, base_gain=-1.5)


def test_gains_in_the_header_of_musepack(tmp_path: Path) -> None:
    path = make(tmp_path, "mpc")
    data = bytearray(path.read_bytes())
    struct.pack_into("<HhHh", data, 12, 32_768, -350, 0, 120)
    path.write_bytes(data)
    gain = parse(path).replay_gain
    assert gain == ReplayGain(track_gain=-3.5, album_gain=1.2, track_peak=1.000015)
    write_tags(path, {"replaygain_track_gain": "-9 dB"})
    gain = parse(path).replay_gain
    assert gain is not None
    assert gain.track_gain == -9.0


def test_texts_of_wav_and_aiff_serve_where_no_id3_is(tmp_path: Path) -> None:
    for kind, artist in (("wav", "IART"), ("aiff", "AUTH")):
        path = tmp_path / f"a.{kind}"
        made = make(tmp_path / kind, kind)
        command = [str(find_ffmpeg()), "-v", "error", "-i", str(made), "-c", "copy"]
        command += ["-metadata", "title=Señor", "-metadata", f"{artist}=Jo", "-metadata"]
        subprocess.run([*command, "artist=Jo", "-metadata", "author=Jo", str(path)], check=True)
        parsed = parse(path)
        assert parsed.title == "Señor"
        assert [credit.name for credit in parsed.artists] == ["Jo"]
        write_tags(path, {"title": "From ID3"})
        assert parse(path).title == "From ID3"
        assert parse(path).fingerprint == parse(made).fingerprint


def test_flac_takes_from_id3_what_it_lacks(tmp_path: Path) -> None:
    path = make(tmp_path, "flac")
    write_tags(path, {"title": "Its own"})
    tags = ID3()
    tags.add(TIT2(encoding=3, text="From ID3"))
    tags.add(TALB(encoding=3, text="Album"))
    tags.save(path)
    parsed = parse(path)
    assert (parsed.title, parsed.album) == ("Its own", "Album")
    assert parsed.stream.suffix == "flac"


def test_id3_in_wav_and_aiff_is_in_small_letters_too_and_not_always_full(tmp_path: Path) -> None:
    for kind, order in (("wav", "<I"), ("aiff", ">I")):
        path = make(tmp_path, kind)
        body = b"TIT2\x00\x00\x00\x04\x00\x00\x03Odd"
        tag = b"ID3\x04\x00\x00\x00\x00\x00" + bytes([len(body)]) + body
        empty = b"ID3 " + struct.pack(order, 0) if kind == "wav" else b""
        path.write_bytes(path.read_bytes() + empty + b"id3 " + struct.pack(order, len(tag)) + tag)
        assert parse(path).title == "Odd"


@pytest.mark.parametrize("kind", ["flac", "ogg", "opus"])
def test_pictures_in_vorbis_comments(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path, kind)
    teal, red = make_picture(), make_picture(color="red")

    def picture(**comments: bytes) -> str:
        tags: Any = mutagen.File(path)
        tags.update({name: b64encode(data).decode() for name, data in comments.items()})
        tags.save()
        return parse(path).picture

    old = picture(COVERART=teal)
    assert old == xxh3_64_hexdigest(teal)
    block = flac.Picture()
    block.type, block.mime, block.data = 4, "image/jpeg", red
    assert picture(metadata_block_picture=block.write()) == xxh3_64_hexdigest(red)
    assert picture(METADATA_BLOCK_PICTURE=b"damaged") == old


def test_atoms_of_several_programs_are_one_tag(tmp_path: Path) -> None:
    path = make(tmp_path, "m4a")
    tags: Any = MP4(path)
    tags["----:com.apple.iTunes:LABEL"] = [MP4FreeForm(b"One"), MP4FreeForm(b"Two")]
    tags["----:org.example:label"] = [MP4FreeForm(b"Two"), MP4FreeForm(b"Three")]
    tags["----:com.apple.iTunes:ISRC"] = [MP4FreeForm(b"GBUM71029619")]
    tags["----:org.example:ISRC"] = [MP4FreeForm(b"")]
    tags.save()
    parsed = parse(path)
    assert parsed.labels == ("One", "Two", "Three")
    assert parsed.isrcs == ("GBUM71029619",)


def test_ids_and_names_of_several_programs_are_of_the_same_artist(tmp_path: Path) -> None:
    path = make(tmp_path, "m4a")
    ids = ["66c662b6-6e2f-4930-8610-912e24c63ed1", "b1a9c0e9-d987-4042-ae91-78d6a3267d69"]
    tags: Any = MP4(path)
    for program, name, id_ in zip(("one", "two"), ("AC/DC", "Ac/Dc "), ids, strict=True):
        tags[f"----:{program}:ARTISTS"] = [MP4FreeForm(name.encode())]
        tags[f"----:{program}:MusicBrainz Artist Id"] = [MP4FreeForm(id_.encode())]
    tags.save()
    assert parse(path).artists == (Credit(name="AC/DC", musicbrainz_id=ids[0]),)
