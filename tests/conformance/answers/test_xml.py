"""XML is valid by the XSD of Subsonic 1.16.1 once what OpenSubsonic adds is taken out of it."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from lxml import etree

from hydrophone.testing.client import SubsonicClient

NAMESPACE = "{http://subsonic.org/restapi}"
XSD = Path(__file__).parents[2] / "data" / "spec" / "subsonic-rest-api-1.16.1.xsd"

ADDED_TO_ROOT = "type serverVersion openSubsonic"
ADDED_CHILDREN_OF_ROOT = (
    "openSubsonicExtensions lyricsList playQueueByIndex transcodeDecision podcastEpisode sonicMatch"
)
ADDED_TO_ERROR = "helpUrl"
ADDED_TO_CHILD = (
    "bitDepth bpm channelCount comment displayAlbumArtist displayArtist displayComposer"
    " explicitStatus mediaType musicBrainzId played samplingRate sortName"
    " albumArtists artists contributors genres groupings isrc moods movements replayGain works"
)
ADDED_TO_ALBUM = (
    "displayArtist explicitStatus isCompilation musicBrainzId played sortName userRating version"
    " artists discTitles genres moods originalReleaseDate recordLabels releaseDate releaseTypes"
)
ADDED_TO_ARTIST_ID3 = "disambiguation musicBrainzId sortName roles"
ADDED_TO_PLAYLIST = "readonly validUntil"
NOT_INTEGERS = "current"
"""`playQueue@current` is an xs:int, and no server of today has integers for ids."""

ADDED = {
    **dict.fromkeys(("song", "child", "match", "episode", "video"), ADDED_TO_CHILD),
    # Of getNowPlaying too.
    "entry": f"{ADDED_TO_CHILD} state positionMs playbackRate",
    "internetRadioStation": "coverArt",
    "playlist": ADDED_TO_PLAYLIST,
    "playQueue": NOT_INTEGERS,
    "error": ADDED_TO_ERROR,
    "subsonic-response": f"{ADDED_TO_ROOT} {ADDED_CHILDREN_OF_ROOT}",
}
"""By the name of the element, where that says which type it is."""


def added_to(element: etree._Element) -> set[str]:
    """Return the attributes and children that OpenSubsonic adds to such an element."""
    name = element.tag.removeprefix(NAMESPACE)
    if name == "album":
        return set((ADDED_TO_CHILD if "isDir" in element.attrib else ADDED_TO_ALBUM).split())
    if name in {"artist", "similarArtist"} and "albumCount" in element.attrib:
        return set(ADDED_TO_ARTIST_ID3.split())
    return set(ADDED.get(name, "").split())


def take_additions_out(element: etree._Element) -> None:
    """Make of an answer what a client of 1.16.1 would have got."""
    added = added_to(element)
    for name in added & set(element.attrib):
        del element.attrib[name]
    for child in list(element):
        if child.tag.removeprefix(NAMESPACE) in added:
            element.remove(child)
        else:
            take_additions_out(child)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(XSD))


def test_it_is_valid_by_the_xsd(
    ask: Callable[..., httpx.Response],
    case: tuple[str, str, int | None],
    schema: etree.XMLSchema,
    status: int,
) -> None:
    answer = ask("xml")
    code = case[2]
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert_double_quotes(answer.text)
    root = etree.fromstring(answer.content)
    assert root.tag == f"{NAMESPACE}subsonic-response"
    assert root.get("status") == ("ok" if code is None else "failed")
    if code is not None:
        assert root[0].get("code") == str(code)
        assert root[0].get("message")
    take_additions_out(root)
    assert schema.validate(root), f"{schema.error_log}\n{answer.text}"


def assert_double_quotes(text: str) -> None:
    """DSub's parser of genres rewrites the raw text, and takes single quotes for text."""
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    for tag in re.findall(r"<[^>]*>", text):
        assert "\n" not in tag
        assert not re.search(r"=\s*'", re.sub(r'"[^"]*"', '""', tag)), tag


def test_the_list_of_additions_hides_nothing_else(
    schema: etree.XMLSchema, client: SubsonicClient, ids: dict[str, str]
) -> None:
    """See the check fail: on an unknown attribute, an unknown child, a wrong order."""
    answer = client.http.get("/rest/getAlbum", params={**client.login, "id": ids["album"]}).content
    for old, new in (
        (b' isDir="false"', b' isDir="false" surprise="1"'),
        (b' isDir="false"', b' isDir="maybe"'),
        (b"</album>", b"<surprise/></album>"),
        (b' songCount="3"', b""),
    ):
        root = etree.fromstring(answer.replace(old, new, 1))
        take_additions_out(root)
        assert not schema.validate(root), new
