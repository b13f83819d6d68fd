"""In which form a video goes to an app."""

import msgspec
import pytest

from hydrophone.domain.hls import Quality
from hydrophone.domain.ids import UserId
from hydrophone.domain.media import StreamRequest
from hydrophone.domain.units import Kbps, Timestamp
from hydrophone.domain.user import User
from hydrophone.domain.video import AudioTrack, Video
from hydrophone.errors import InvalidInputError, UnsupportedError
from hydrophone.services.video_conversion import conversion, conversions, ladder
from hydrophone.testing.factories import make_video

VIDEO = make_video(
    audio_tracks=(AudioTrack(index=0, codec="aac"), AudioTrack(index=1, codec="ac3"))
)
ANNA = User(id=UserId(1), name="anna", libraries=(), created=Timestamp(0))


def offered(*wanted: tuple[int, int, int], limit: int = 0, video: Video = VIDEO) -> list[str]:
    qualities = [Quality(bit_rate=Kbps(rate), width=w, height=h) for rate, w, h in wanted]
    return [
        f"{one.bit_rate}@{one.width}x{one.height}" for one in ladder(video, qualities, Kbps(limit))
    ]


def test_a_video_is_offered_in_all_sizes_that_it_has() -> None:
    assert offered() == ["2500@1728x720", "1200@1152x480", "700@864x360", "400@576x240"]
    assert offered(limit=1000) == ["700@864x360", "400@576x240"]
    assert offered(limit=100) == ["100@432x180"]
    small = msgspec.structs.replace(VIDEO, width=161, height=121)
    assert offered(video=small) == ["400@160x120"]


def test_what_is_wanted_is_never_larger_than_the_video() -> None:
    assert offered((1000, 480, 360)) == ["1000@480x200"]
    assert offered((9000, 3840, 2160)) == ["9000@1920x800"]
    assert offered((9000, 0, 0), (500, 0, 0), (9000, 0, 0)) == ["9000@1920x800", "500@576x240"]
    assert offered((9000, 0, 0), limit=300) == ["300@432x180"]
    assert offered((0, 0, 0)) == ["2500@1920x800"]
    assert offered((1, 1, 1)) == ["1@2x2"]


def form(**wanted: object) -> str:
    spec = conversion(ANNA, VIDEO, msgspec.convert(wanted, StreamRequest))
    if spec is None:
        return "file"
    copies = ("video",) * spec.copies_video + ("audio",) * spec.copies_audio
    return " ".join((f"{spec.suffix} {spec.bit_rate}@{spec.width}x{spec.height}", *copies))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "file"),
        ({"format": "raw", "max_bit_rate": 1, "offset": 5.0, "width": 2, "height": 2}, "file"),
        ({"format": "mkv"}, "file"),
        ({"max_bit_rate": 6000}, "file"),
        ({"width": 1920, "height": 1080}, "file"),
        ({"max_bit_rate": 1000}, "mp4 1000@1920x800"),
        ({"format": "mp4"}, "mp4 2500@1920x800 video audio"),
        ({"format": "WebM"}, "webm 2500@1920x800"),
        ({"format": "flv", "offset": 50.0}, "flv 2500@1920x800"),
        ({"width": 640, "height": 480}, "mp4 400@640x266"),
        ({"converted": True}, "mp4 2500@1920x800 video audio"),
        ({"converted": True, "max_bit_rate": 1000}, "mp4 1000@1920x800"),
        ({"converted": True, "format": "webm"}, "webm 2500@1920x800"),
        ({"converted": True, "format": "raw"}, "file"),
        ({"converted": True, "format": "mkv"}, "file"),
        ({"converted": True, "format": "m4v"}, "mp4 2500@1920x800 video audio"),
    ],
)
def test_what_an_app_gets(wanted: dict[str, object], expected: str) -> None:
    assert form(**wanted) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"suffix": "m4v", "audio_tracks": ()}, None),
        ({"suffix": "mkv"}, (6000, 0)),
        ({"suffix": "mkv", "audio_tracks": ()}, (6000, None)),
        ({"video_codec": "hevc"}, (2500, 0)),
        ({"audio_tracks": (AudioTrack(index=0, codec="ac3"),)}, (6000, 0)),
    ],
)
def test_what_plays_everywhere_is_not_converted(
    changes: dict[str, object], expected: tuple[int, int | None] | None
) -> None:
    video = msgspec.structs.replace(VIDEO, suffix="mp4")
    video = msgspec.structs.replace(video, **changes)
    found = [(one.bit_rate, one.audio_track) for one in conversions(ANNA, video)]
    assert found == ([] if expected is None else [expected])


def test_mp3_plays_not_everywhere_in_mp4() -> None:
    video = msgspec.structs.replace(VIDEO, audio_tracks=(AudioTrack(index=0, codec="mp3"),))
    converted = conversion(ANNA, video, StreamRequest(converted=True))
    asked = conversion(ANNA, video, StreamRequest(format="mp4"))
    assert converted is not None
    assert asked is not None
    assert (converted.copies_audio, asked.copies_audio) == (False, True)
    assert conversions(ANNA, msgspec.structs.replace(video, suffix="mp4"))


def test_the_limit_of_an_account_counts() -> None:
    bound = msgspec.structs.replace(ANNA, max_bit_rate=Kbps(500))
    spec = conversion(bound, VIDEO, StreamRequest(format="mp4", max_bit_rate=Kbps(900)))
    assert spec is not None
    assert spec.bit_rate == 500
    assert not spec.copies_video


def test_what_cannot_be() -> None:
    with pytest.raises(UnsupportedError):
        form(format="mp3")
    with pytest.raises(InvalidInputError):
        form(offset=100.0)
