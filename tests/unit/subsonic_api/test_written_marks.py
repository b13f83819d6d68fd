"""What users leave on things is written as things of each kind have it, and once."""

import pytest

from hydrophone.domain.annotation import UNTOUCHED, Annotation
from hydrophone.domain.units import Timestamp
from hydrophone_subsonic.encoding.envelope import ItemEncoding
from hydrophone_subsonic.encoding.json import JsonEncoding
from hydrophone_subsonic.encoding.xml import XmlEncoding
from hydrophone_subsonic.mapping.album import album_marks
from hydrophone_subsonic.mapping.child import album_folder_marks, folder_marks, marks_of
from hydrophone_subsonic.written_marks import Describe, WrittenMarks

LEFT = Annotation(starred=Timestamp(0), rating=3, play_count=2, last_played=Timestamp(1000))
STARRED = 'starred="1970-01-01T00:00:00.000Z"'
PLAYED = 'played="1970-01-01T00:00:01.000Z"'


@pytest.mark.parametrize(
    ("describe", "untouched", "left"),
    [
        (
            marks_of,
            ' playCount="0"',
            f' userRating="3" averageRating="4.5" playCount="2" {STARRED} {PLAYED}',
        ),
        (album_marks, ' playCount="0"', f' userRating="3" playCount="2" {STARRED} {PLAYED}'),
        (
            album_folder_marks,
            ' playCount="0"',
            f' userRating="3" averageRating="4.5" playCount="2" {STARRED}',
        ),
        (folder_marks, "", f' userRating="3" averageRating="4.5" {STARRED}'),
    ],
)
def test_each_kind_has_its_own_fields(describe: Describe, untouched: str, left: str) -> None:
    marks = WrittenMarks(XmlEncoding("1"))
    for _ in range(2):
        assert marks.of(describe, UNTOUCHED, 0.0).decode() == untouched
        assert sorted(marks.of(describe, LEFT, 4.5).decode().split()) == sorted(left.split())


@pytest.mark.parametrize("encoding", [JsonEncoding("1"), XmlEncoding("1")])
def test_what_is_the_same_is_written_once(encoding: ItemEncoding) -> None:
    marks = WrittenMarks(encoding)
    again = Annotation(starred=Timestamp(0), rating=3, play_count=2, last_played=Timestamp(1000))
    assert marks.of(marks_of, LEFT, 4.5) is marks.of(marks_of, again, 4.5)
    assert marks.of(marks_of, LEFT, 4.5) != marks.of(marks_of, LEFT, 4.0)
    assert marks.of(album_marks, LEFT, 4.5) != marks.of(folder_marks, LEFT, 4.5)
