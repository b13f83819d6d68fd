"""How the words of several versions of ffmpeg are read."""

import pytest

from hydrophone.domain.video import AudioTrack, SubtitleTrack
from hydrophone.media.video_probe import read_facts

VERSION_4 = """\
Input #0, matroska,webm, from 'file:film.mkv':
  Metadata:
    title           : Stream #0:0: Video: h264, 9x9
    ENCODER         : Lavf58.45.100
  Duration: 01:36:04.58, start: 0.000000, bitrate: 5141 kb/s
    Chapter #0:0: start 0.000000, end 300.000000
    Metadata:
      title           : Chapter 1
    Stream #0:0(eng): Video: hevc (Main 10), yuv420p10le(tv, bt709), 720x576 [SAR 64:45 DAR 16:9], \
25 fps, 25 tbr, 1k tbn, 25 tbc (default)
    Metadata:
      title           : The film
    Stream #0:1(ger): Audio: ac3, 48000 Hz, 5.1(side), fltp, 448 kb/s (default)
    Metadata:
      title           : Surround: 5.1
    Stream #0:2: Audio: dts (DTS-HD MA), 48000 Hz, 5.1(side), s32p (24 bit)
    Stream #0:3(eng): Subtitle: hdmv_pgs_subtitle
    Stream #0:4(pt-BR): Subtitle: ass (forced)
    Metadata:
      title           : Signs
    Stream #0:5: Attachment: ttf
    Stream #0:6: Video: mjpeg (Baseline), yuvj420p(pc), 600x882, 90k tbr, 90k tbn, 90k tbc \
(attached pic)
At least one output file must be specified
"""

VERSION_7 = """\
Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:phone.mp4':
  Metadata:
    major_brand     : isom
  Duration: 00:00:12.51, start: -0.021000, bitrate: 17002 kb/s
  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709, progressive), \
1920x1080, 16870 kb/s, SAR 1:1 DAR 16:9, 29.97 fps, 30 tbr, 90k tbn (default)
      Metadata:
        creation_time   : 2025-06-01T12:00:00.000000Z
      Side data:
        displaymatrix: rotation of -90.00 degrees
  Stream #0:1[0x2](eng): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, stereo, fltp, 127 kb/s
  Stream #0:2[0x3](eng): Data: none (mett / 0x7474656D)
"""

BROADCAST = """\
Input #0, mpegts, from 'file:news.ts':
  Duration: N/A, start: 1.400000, bitrate: N/A
  Program 1
    Metadata:
      service_name    : News
    Stream #0:0[0x100]: Video: mpeg2video (Main) ([2][0][0][0] / 0x0002), yuv420p(tv, top first), \
1k tbr, 90k tbn
    Stream #0:1[0x101](deu,eng): Audio: mp2 ([3][0][0][0] / 0x0003), 48000 Hz, stereo, s16p
    Stream #0:2[0x102](deu): Subtitle: dvb_teletext ([6][0][0][0] / 0x0006)
"""


def test_what_ffmpeg_4_says() -> None:
    facts = read_facts(VERSION_4)
    assert facts is not None
    assert facts.has_video
    assert facts.duration == pytest.approx(5764.58)
    assert facts.bit_rate == 5141
    assert (facts.width, facts.height, facts.frame_rate) == (1024, 576, 25.0)
    assert facts.video_codec == "hevc"
    assert facts.audio_tracks == (
        AudioTrack(index=0, language="ger", name="Surround: 5.1", codec="ac3"),
        AudioTrack(index=1, codec="dts"),
    )
    assert facts.subtitles == (SubtitleTrack(index=1, language="pt-BR", name="Signs", codec="ass"),)


def test_what_ffmpeg_7_says() -> None:
    facts = read_facts(VERSION_7)
    assert facts is not None
    assert (facts.width, facts.height, facts.frame_rate) == (1080, 1920, 29.97)
    assert facts.audio_tracks == (AudioTrack(index=0, language="eng", codec="aac"),)
    assert facts.subtitles == ()


def test_what_is_not_known_is_left_out() -> None:
    facts = read_facts(BROADCAST)
    assert facts is not None
    assert facts.has_video
    assert facts.duration == 0.0
    assert facts.bit_rate == 0
    assert (facts.width, facts.height, facts.frame_rate) == (0, 0, 0.0)
    assert facts.audio_tracks == (AudioTrack(index=0, codec="mp2"),)
    assert facts.subtitles == ()


def test_a_file_without_moving_pictures() -> None:
    text = """\
Input #0, ogg, from 'file:song.ogg':
  Duration: 00:03:00.00, start: 0.000000, bitrate: 128 kb/s
  Stream #0:0: Audio: vorbis, 44100 Hz, stereo, fltp, 128 kb/s
  Stream #0:1: Video: png, rgb24(pc), 500x500, 90k tbr, 90k tbn (default) (attached pic)
"""
    facts = read_facts(text)
    assert facts is not None
    assert not facts.has_video
    assert facts.audio_tracks == (AudioTrack(index=0, codec="vorbis"),)


@pytest.mark.parametrize(
    "text",
    ["", "file:x.mkv: Invalid data found when processing input\n", "Stream #0:0: Video: h264\n"],
)
def test_no_film(text: str) -> None:
    assert read_facts(text) is None


@pytest.mark.parametrize(
    "description",
    [
        "h264, 99999x99999, 1k fps",
        "h264, 0x0 [SAR 0:0 DAR 0:0], 1..2 fps, . tbr",
        "h264, 32768x10 [SAR 999999:1 DAR 1:1], 999999999999 fps",
        "none",
        "",
        "h264 " + "(" * 5000,
    ],
)
def test_nonsense_is_not_known(description: str) -> None:
    facts = read_facts(f"  Duration: 999999:00:00.00\n  Stream #0:0: Video: {description}\n")
    assert facts is not None
    assert facts.duration == 0.0
    assert (facts.width, facts.height, facts.frame_rate) == (0, 0, 0.0)
