"""Names of media types."""

import pytest

from hydrophone_subsonic.conformance.media_type import is_same_type


@pytest.mark.parametrize(
    ("one", "other"),
    [("audio/flac", "audio/x-flac"), ("audio/mp3", "Audio/MPEG; q=1"), ("audio/x-m4a", "video/mp4"),
     ("application/ogg", "audio/opus")],
)  # fmt: skip
def test_the_same(one: str, other: str) -> None:
    assert is_same_type(one, other)


def test_others() -> None:
    assert not is_same_type("audio/flac", "audio/x-ms-wma")
    assert not is_same_type("", "audio/mpeg")
