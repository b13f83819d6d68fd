"""Files that are replaced, that have vanished, or whose names are odd."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from tests.e2e.streaming.songs import (
    ODD_NAMES,
    titled,
)

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient


def test_a_file_that_is_replaced_is_heard_at_once(odd: SubsonicClient, odd_music: Path) -> None:
    song, file = titled(odd, "vanishing"), odd_music / "vanishing.mp3"
    before = odd.get("stream", id=song, format="opus").content
    assert odd.get("stream", id=song, format="opus").headers["accept-ranges"]
    original = file.read_bytes()
    try:
        make_audio(file, frequency=1600, tags={"title": "vanishing"})
        answer = odd.get("stream", id=song, format="opus")
        assert "accept-ranges" not in answer.headers
        assert answer.content != before
    finally:
        file.write_bytes(original)


def test_a_file_that_has_vanished_is_a_clear_failure(odd: SubsonicClient, odd_music: Path) -> None:
    song = titled(odd, "vanishing")
    file = odd_music / "vanishing.mp3"
    hidden = file.rename(file.with_suffix(".hidden"))
    wishes: tuple[dict[str, str], ...] = ({}, {"format": "opus"}, {"timeOffset": "0.5"})
    try:
        for parameters in wishes:
            for endpoint in ("stream", "download"):
                answer = odd.http.get(
                    f"/rest/{endpoint}", params={**odd.login, "id": song, **parameters}
                )
                assert answer.status_code == 200
                assert answer.headers["content-type"].startswith("text/xml")
                assert 'status="failed"' in answer.text
        assert odd.error("stream", id=song) == 70
    finally:
        hidden.rename(file)
    assert odd.get("stream", id=song).content == file.read_bytes()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_downloads_have_the_name_of_the_file(odd: SubsonicClient, name: str) -> None:
    """RFC 6266: once in ASCII for old clients, once in full."""
    answer = odd.get("download", id=titled(odd, name))
    header = answer.headers["content-disposition"]
    match = re.fullmatch(r"attachment; filename=\"([^\"\\]+)\"; filename\*=UTF-8''(\S+)", header)
    assert match, header
    assert match[1].isascii()
    assert match[1].endswith(".mp3")
    assert unquote(match[2]) == f"{name}.mp3"
