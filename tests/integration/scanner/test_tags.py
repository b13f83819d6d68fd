"""Tags of real files: every format says the same, whatever tag system it has."""

import subprocess
from pathlib import Path

import pytest

from hydrophone.domain.music import Disc, PartialDate, ReplayGain
from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.scanner.parse import parse_file
from hydrophone.scanner.parsed import Credit, ParsedFile, RoleCredit
from hydrophone.testing.audio_files import BUILT, ENCODERS, make_audio, make_picture

SUFFIXES = tuple(kind for kind in (*ENCODERS, *BUILT) if kind not in {"alac", "mpc8"})
ARTIST_IDS = ["b1a9c0e9-d987-4042-ae91-78d6a3267d69", "db92a151-1ac2-438b-bc43-b82e149ddd50"]
RECORDING_ID = "4e0d8649-1f89-44f9-9f6b-9f5d0d3ed7ef"
RELEASE_ID = "d13f9e5a-ee53-4b65-8a0b-6c2c3e8e8a4b"
RELEASE_GROUP_ID = "0da580f2-6768-498f-af9d-2becaddf15e0"

TAGS = {
    "title": "Under Pressure",
    "titlesort": "Pressure, Under",
    "syncedlyrics": "[00:01.50]Mm ba ba de\n[00:03.00]Um bum ba de",
    "language": "eng",
    "acoustid": "0f5e3d3a-3f6e-4b2e-8d5c-0a8f0e7a6a11",
    "movementnumber": "2",
    "writer": "A Writer",
    "producersort": ["Mack, Reinhold", "Queen"],
    "director": "A Director",
    "artist": "Queen & David Bowie",
    "artists": ["Queen", "David Bowie"],
    "artistsort": ["Queen", "Bowie, David"],
    "albumartist": "Queen",
    "albumartistsort": "Queen (sorted)",
    "album": "Hot Space",
    "albumsort": "Space, Hot",
    "albumversion": "Deluxe Edition",
    "tracknumber": "11/12",
    "discnumber": "2/3",
    "discsubtitle": "The Other Disc",
    "date": "1982-05-21",
    "originaldate": "1981-10",
    "genre": ["Rock", "Pop/Funk"],
    "composer": ["Freddie Mercury", "Brian May"],
    "composersort": ["Mercury, Freddie", "May, Brian"],
    "lyricist": "Roger Taylor",
    "conductor": "A Conductor",
    "performer": ["John Deacon (bass guitar)", "Brian May (guitar)"],
    "remixer": "A Remixer",
    "arranger": "An Arranger",
    "producer": ["Reinhold Mack", "Queen"],
    "engineer": "An Engineer",
    "mixer": "A Mixer",
    "djmixer": "A DJ",
    "mood": ["Tense", "Bright"],
    "grouping": "Singles",
    "work": "A Work",
    "movement": "A Movement",
    "isrc": ["GBUM71029619", "GBCEE8100010"],
    "bpm": "114",
    "comment": "Ends with a whisper",
    "compilation": "1",
    "releasetype": ["Album", "live"],
    "label": ["EMI", "Elektra"],
    "catalognumber": "EMA 797",
    "musicbrainz_recordingid": RECORDING_ID,
    "musicbrainz_albumid": RELEASE_ID,
    "musicbrainz_releasegroupid": RELEASE_GROUP_ID,
    "musicbrainz_artistid": ARTIST_IDS,
    "musicbrainz_albumartistid": ARTIST_IDS[0],
    "replaygain_track_gain": "-7.30 dB",
    "replaygain_album_gain": "+0.50 dB",
    "replaygain_track_peak": "0.988547",
    "replaygain_album_peak": "1.012",
    "lyrics": "Mm ba ba de\nUm bum ba de",
}


def parse(path: Path) -> ParsedFile:
    return parse_file(bytes(path))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_all_tags_are_read(tmp_path: Path, suffix: str) -> None:
    explicit = {"explicit": "1"}
    parsed = parse(make_audio(tmp_path / f"a.{suffix}", tags=TAGS | explicit))
    roles = [
        RoleCredit(role="composer", credit=Credit(name=name, sort_name=sort_name))
        for name, sort_name in zip(TAGS["composer"], TAGS["composersort"], strict=True)
    ]
    roles += [
        RoleCredit(role=role, credit=Credit(name=name))
        for role, name in (
            ("lyricist", "Roger Taylor"),
            ("writer", "A Writer"),
            ("conductor", "A Conductor"),
            ("remixer", "A Remixer"),
            ("arranger", "An Arranger"),
            ("engineer", "An Engineer"),
            ("mixer", "A Mixer"),
            ("djmixer", "A DJ"),
            ("director", "A Director"),
        )
    ]
    roles[7:7] = [
        RoleCredit(role="producer", credit=Credit(name=name, sort_name=sort_name))
        for name, sort_name in zip(TAGS["producer"], TAGS["producersort"], strict=True)
    ]
    roles += [
        RoleCredit(role="performer", sub_role=instrument, credit=Credit(name=name))
        for name, instrument in (("John Deacon", "bass guitar"), ("Brian May", "guitar"))
    ]
    assert parsed == ParsedFile(
        stream=parsed.stream,
        fingerprint=parsed.fingerprint,
        title="Under Pressure",
        sort_title="Pressure, Under",
        album="Hot Space",
        sort_album="Space, Hot",
        edition="Deluxe Edition",
        artists=(
            Credit(name="Queen", sort_name="Queen", musicbrainz_id=ARTIST_IDS[0]),
            Credit(name="David Bowie", sort_name="Bowie, David", musicbrainz_id=ARTIST_IDS[1]),
        ),
        display_artist="Queen & David Bowie",
        album_artists=(
            Credit(name="Queen", sort_name="Queen (sorted)", musicbrainz_id=ARTIST_IDS[0]),
        ),
        contributors=tuple(roles),
        track_number=11,
        track_total=12,
        disc_number=2,
        disc_total=3,
        disc_title=Disc(number=2, title="The Other Disc"),
        release_date=PartialDate(year=1982, month=5, day=21),
        original_date=PartialDate(year=1981, month=10),
        genres=("Rock", "Pop/Funk"),
        moods=("Tense", "Bright"),
        groupings=("Singles",),
        works=("A Work",),
        movements=("A Movement",),
        movement_number=2,
        languages=("eng",),
        acoustid="0f5e3d3a-3f6e-4b2e-8d5c-0a8f0e7a6a11",
        isrcs=("GBUM71029619", "GBCEE8100010"),
        labels=("EMI", "Elektra"),
        catalog_numbers=("EMA 797",),
        release_types=("album", "live"),
        is_compilation=True,
        bpm=114,
        comment="Ends with a whisper",
        explicit_status="explicit",
        lyrics=(str(TAGS["syncedlyrics"]), str(TAGS["lyrics"])),
        replay_gain=ReplayGain(
            track_gain=-7.3, album_gain=0.5, track_peak=0.988547, album_peak=1.012
        ),
        recording_id=RECORDING_ID,
        release_id=RELEASE_ID,
        release_group_id=RELEASE_GROUP_ID,
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_without_tags_has_none(tmp_path: Path, suffix: str) -> None:
    parsed = parse(make_audio(tmp_path / f"a.{suffix}"))
    assert parsed == ParsedFile(stream=parsed.stream, fingerprint=parsed.fingerprint)


@pytest.mark.parametrize(
    ("name", "content_type", "depth", "rate"),
    [
        ("a.mp3", "audio/mpeg", 0, 44_100),
        ("a.flac", "audio/flac", 16, 44_100),
        ("a.ogg", "audio/ogg", 0, 44_100),
        ("a.opus", "audio/ogg", 0, 48_000),
        ("a.m4a", "audio/mp4", 0, 44_100),
        ("A.MP3", "audio/mpeg", 0, 44_100),
        ("opus in disguise.ogg", "audio/ogg", 0, 48_000),
    ],
)
def test_stream(tmp_path: Path, name: str, content_type: str, depth: int, rate: int) -> None:
    codec = "opus" if "disguise" in name else name.lower().rpartition(".")[2]
    made = make_audio(tmp_path / f"made.{codec}", seconds=2.0)
    stream = parse(made.rename(tmp_path / name)).stream
    assert stream.content_type == content_type
    assert stream.duration == pytest.approx(2.0, abs=0.08)
    assert 10 <= stream.bit_rate <= 200
    assert (stream.bit_depth, stream.sampling_rate, stream.channel_count) == (depth, rate, 2)


@pytest.mark.parametrize("flags", ["frag_keyframe+empty_moov+default_base_moof", "+dash"])
def test_fragmented_mp4_has_a_length(tmp_path: Path, flags: str) -> None:
    whole = make_audio(tmp_path / "whole.m4a", seconds=5.0)
    path = tmp_path / "fragments.m4a"
    command = [str(find_ffmpeg()), "-loglevel", "error", "-i", str(whole), "-c", "copy"]
    subprocess.run([*command, "-movflags", flags, str(path)], check=True)
    parsed, expected = parse(path), parse(whole)
    assert parsed.stream.duration == pytest.approx(expected.stream.duration, abs=0.05)
    assert parsed.stream.bit_rate == pytest.approx(expected.stream.bit_rate, abs=10)


def test_alac_is_lossless(tmp_path: Path) -> None:
    stream = parse(make_audio(tmp_path / "a.m4a", codec="alac")).stream
    assert (stream.bit_depth, stream.sampling_rate) == (16, 44_100)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_several_artists_without_a_list_are_credits(tmp_path: Path, suffix: str) -> None:
    tags = {"artist": ["AC/DC", "Abba"], "musicbrainz_artistid": ARTIST_IDS[0]}
    parsed = parse(make_audio(tmp_path / f"a.{suffix}", tags=tags))
    assert parsed.artists == (Credit(name="AC/DC"), Credit(name="Abba"))
    assert parsed.display_artist == ""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_absurd_values_are_cut_or_left_out(tmp_path: Path, suffix: str) -> None:
    tags = {
        "title": "x" * 1_000_000,
        "artist": [f"artist {number}" for number in range(1000)],
        "album": " \x01\x1f ",
        "comment": "Bjo\u0308rk\x0b",
        "lyrics": "la\n" * 100_000,
        "originaldate": "sometime",
        "replaygain_track_gain": "very loud",
        "musicbrainz_albumid": "42",
    }
    parsed = parse(make_audio(tmp_path / f"a.{suffix}", tags=tags))
    assert len(parsed.title) == 4_000
    assert len(parsed.artists) == 64
    assert parsed.album == ""
    assert parsed.comment == "Björk"
    assert 250_000 < len(parsed.lyrics[0].encode()) <= 262_144
    assert parsed.original_date is None
    assert parsed.replay_gain is None
    assert parsed.release_id == ""


def test_opus_gain_is_read(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.opus", tags={"r128_track_gain": "-1024"})
    assert parse(path).replay_gain == ReplayGain(track_gain=1.0)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_picture_has_a_digest_of_its_own(tmp_path: Path, suffix: str) -> None:
    teal, red = make_picture(), make_picture(color="red")
    first = parse(make_audio(tmp_path / f"a.{suffix}", picture=teal))
    second = parse(make_audio(tmp_path / f"b.{suffix}", picture=red))
    assert len(first.picture) == len(second.picture) == 16
    assert first.picture != second.picture
