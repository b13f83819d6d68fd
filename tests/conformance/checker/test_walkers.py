"""Holding answers against the tables: JSON, XML, and both against each other."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from hydrophone_subsonic.conformance import schema, xml_schema
from hydrophone_subsonic.conformance.corrections import ENDPOINTS as CORRECTED_ENDPOINTS
from hydrophone_subsonic.conformance.corrections import OPENAPI, XSD
from hydrophone_subsonic.conformance.spec import ELEMENTS, ENDPOINTS, SCHEMAS
from hydrophone_subsonic.conformance.xml_json import differences

ROOT = Path(__file__).parents[3]
SONG = {"id": "1", "isDir": False, "title": "Song", "created": "2026-01-31T12:00:00Z", "size": 7}
XML_SONG = '<song id="1" isDir="false" title="Song" created="2026-01-31T12:00:00Z" size="7"/>'


def document(content: str, more: str = "") -> etree._Element:
    return etree.fromstring(
        '<subsonic-response xmlns="http://subsonic.org/restapi" status="ok"'
        f' version="1.16.1"{more}>'
        f"{content}</subsonic-response>"
    )


def test_the_tables_are_those_of_the_specification() -> None:
    command = [sys.executable, "contrib/dev/conformance_data.py", "--check"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stderr


def test_each_correction_has_a_reason_and_a_place() -> None:
    assert all(one.reason and one.schema in SCHEMAS for one in OPENAPI)
    assert all(one.reason and one.endpoint in ENDPOINTS for one in CORRECTED_ENDPOINTS)
    assert all(one.reason and set(one.types) <= set(ELEMENTS) for one in XSD)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": 1}, "`song.id` must be a text, and is 1"),
        ({"isDir": "false"}, "`song.isDir` must be true or false, and is 'false'"),
        ({"size": 7.5}, "`song.size` must be an integer, and is 7.5"),
        ({"size": True}, "`song.size` must be an integer, and is True"),
        ({"userRating": 0}, "`song.userRating` must be in 1..5, and is 0"),
        ({"starred": ""}, "`song.starred` must be a date and time of ISO 8601, and is ''"),
        ({"genre": None}, "`song.genre` is null; what is not there is left out"),
        ({"genres": {"name": "Pop"}}, "`song.genres` must be a list, and is {'name': 'Pop'}"),
        ({"genres": [{}]}, "`song.genres[0].name` is missing"),
        ({"mediaType": "noise"}, "`song.mediaType` must be one of song, album, artist"),
    ],
)
def test_faults_in_json(change: dict[str, Any], message: str) -> None:
    assert list(schema.faults(SONG, SCHEMAS["Child"], "song")) == []
    (found,) = schema.faults(SONG | change, SCHEMAS["Child"], "song")
    assert found.startswith(message)


def test_missing_and_unknown_keys() -> None:
    bare = {"isDir": False, "title": "Song", "tilte": "x"}
    assert list(schema.faults(bare, SCHEMAS["Child"], "song")) == ["`song.id` is missing"]
    assert list(schema.unknown_keys(bare, SCHEMAS["Child"], "song")) == ["song.tilte"]


def test_a_classic_server_leaves_empty_lists_out() -> None:
    answer: dict[str, Any] = {"nowPlaying": {}}
    wanted = ENDPOINTS["getNowPlaying"].answer
    assert list(schema.faults(answer, wanted, "")) == ["`.nowPlaying.entry` is missing"]
    assert list(schema.faults(answer, wanted, "", is_classic=True)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (' id="1"', "", "song[1]@id` is missing"),
        ('size="7"', 'size="7.5"', "size` must be of type long"),
        ('isDir="false"', 'isDir="0"', "isDir` must be of type boolean"),
        ('size="7"', 'userRating="0"', "userRating` must be in 1..5, and is 0"),
        ('size="7"', 'surprise="7"', "surprise` is in no specification"),
        ("/>", "><surprise/></song>", "song[1]/surprise` is in no specification"),
        ("/>", ">Song</song>", "has text, which belongs into attributes"),
        ("/>", "/><song/>", "there is more than one `subsonic-response/song`"),
    ],
)
def test_faults_in_xml(old: str, new: str, message: str) -> None:
    assert list(xml_schema.faults(document(XML_SONG, ' openSubsonic="true"'))) == []
    found = list(xml_schema.faults(document(XML_SONG.replace(old, new))))
    assert message in found[0]


def test_order_of_elements() -> None:
    right = "<biography>x</biography><lastFmUrl>y</lastFmUrl>"
    assert list(xml_schema.faults(document(f"<artistInfo>{right}</artistInfo>"))) == []
    wrong = "<lastFmUrl>y</lastFmUrl><biography>x</biography>"
    (found,) = xml_schema.faults(document(f"<artistInfo>{wrong}</artistInfo>"))
    assert "comes too late" in found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title="Song"', 'title="Sing"', "`song.title` is 'Song' in JSON and 'Sing' in XML"),
        (' size="7"', "", "`song.size` is in JSON only"),
        (' size="7"', ' size="7" year="2001"', "`song.year` is in XML only"),
        ('isDir="false"', 'isDir="0"', "`song.isDir` is 'false' in JSON and '0' in XML"),
    ],
)
def test_differences(old: str, new: str, message: str) -> None:
    right, wrong = (document(text)[0] for text in (XML_SONG, XML_SONG.replace(old, new)))
    assert list(differences(SONG, right, "song", type_="Child")) == []
    assert list(differences(SONG, wrong, "song", type_="Child")) == [message]


def test_additions_may_lack_in_xml_and_lists_are_counted() -> None:
    song = SONG | {"moods": ["Calm"], "bpm": 0}
    assert list(differences(song, document(XML_SONG)[0], "song", type_="Child")) == []
    songs = document(f"<randomSongs>{XML_SONG}</randomSongs>")[0]
    found = differences({"song": [SONG, SONG]}, songs, "randomSongs", type_="Songs")
    assert list(found) == ["`randomSongs.song` has 2 entries in JSON and 1 in XML"]
