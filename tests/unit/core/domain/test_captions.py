"""Captions from SubRip to WebVTT and back."""

import pytest

from hydrophone.domain.captions import CaptionCue, CaptionFormat, read_captions, write_captions
from hydrophone.domain.units import Milliseconds

SRT = """\ufeff1
00:00:01,500 --> 00:00:02,750
<i>Tea</i> & 2 < 3
<font color="red">red</font>

2
00:00:03,000 --> 01:00:04,000 X1:0
{\\an8}Up

"""
VTT = """WEBVTT - some title

STYLE
::cue { color: red }

NOTE nothing of this is shown

00:01.500 --> 00:02.750 align:start
<i>Tea</i> &amp; 2 &lt; 3
<c.red>red</c>

named
00:00:03.000 --> 01:00:04.000
<v Bob>Up
"""
CUES = [
    CaptionCue(start=Milliseconds(1500), end=Milliseconds(2750), text="<i>Tea</i> & 2 < 3\nred"),
    CaptionCue(start=Milliseconds(3000), end=Milliseconds(3_604_000), text="Up"),
]


@pytest.mark.parametrize("text", [SRT, VTT, SRT.replace("\n", "\r\n"), VTT.replace("\n", "\r")])
def test_cues_are_read_from_both(text: str) -> None:
    assert list(read_captions(text.lstrip("\ufeff"))) == CUES


def test_subrip_is_numbered_and_has_commas() -> None:
    assert write_captions(CUES, CaptionFormat.SRT) == (
        "1\n00:00:01,500 --> 00:00:02,750\n<i>Tea</i> & 2 < 3\nred\n"
        "\n2\n00:00:03,000 --> 01:00:04,000\nUp\n"
    )


def test_webvtt_has_a_head_and_no_marks_that_are_none() -> None:
    assert write_captions(CUES, CaptionFormat.VTT) == (
        "WEBVTT\n\n00:00:01.500 --> 00:00:02.750\n<i>Tea</i> &amp; 2 &lt; 3\nred\n"
        "\n00:00:03.000 --> 01:00:04.000\nUp\n"
    )


@pytest.mark.parametrize("wanted", list(CaptionFormat))
def test_what_was_written_is_read_as_it_was(wanted: CaptionFormat) -> None:
    assert list(read_captions(write_captions(CUES, wanted))) == CUES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no captions at all",
        "1\n00:00:02,000 --> 00:00:01,000\nends before it begins\n",
        "1\n00:00:02,000 --> \n",
        "1\n99999:00:00,000 --> 1\nx",
        "WEBVTT",
        "<" * 100_000,
        "\n" * 100_000,
        "{\\" * 50_000,
    ],
)
def test_what_is_no_cue_is_passed_over(text: str) -> None:
    assert list(read_captions(text)) == []
