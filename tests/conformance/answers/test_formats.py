"""The same call gives the same answer: in each format, by each method, at each path."""

import json
from collections.abc import Callable
from typing import Any

import httpx
from lxml import etree

NAMESPACE = "{http://subsonic.org/restapi}"

DRAWN = {"getRandomSongs", "getSimilarSongs", "getSimilarSongs2"}
"""Endpoints that answer in another order each time; they are asked for all there is."""
VOLATILE = {
    "createPlaylist": {"id", "name", "coverArt", "created", "changed"},
    "savePlayQueue": {"changed"},
    "createShare": {"id", "url", "created", "expires"},
    "getShares": {"expires"},
    "getNowPlaying": {"minutesAgo", "positionMs"},
    "startScan": {"scanning", "count"},
}
"""Keys whose values differ from one call to the next."""
JSON_ONLY = {"name", "songCount"}
"""What py-opensonic demands of albums as directories, and the XSD forbids."""


def same(json_value: object, element: etree._Element, where: str) -> None:
    """Fail unless an object of JSON and an element of XML say the same, value for value."""
    if not isinstance(json_value, dict):
        assert (element.text or "") == as_text(json_value), where
        assert not element.attrib, where
        assert not len(element), where
        return
    children: dict[str, list[etree._Element]] = {}
    for child in element:
        children.setdefault(child.tag.removeprefix(NAMESPACE), []).append(child)
    attributes: dict[str, str] = {str(k): str(v) for k, v in element.attrib.items()}
    for key, value in json_value.items():
        here = f"{where}.{key}"
        if json_value.get("isDir") and key in JSON_ONLY:
            assert key not in attributes, here
        elif isinstance(value, list):
            found = children.pop(key, [])
            assert len(found) == len(value), here
            for number, (item, child) in enumerate(zip(value, found, strict=True)):
                same(item, child, f"{here}[{number}]")
        elif isinstance(value, dict):
            (only,) = children.pop(key)
            same(value, only, here)
        elif key in attributes:
            assert attributes.pop(key) == as_text(value), here
        elif key == "value":
            assert (element.text or "") == value, here
        else:
            (only,) = children.pop(key)
            same(value, only, here)
    assert not attributes, f"{where}: only in XML: {attributes}"
    assert not children, f"{where}: only in XML: {[*children]}"


def as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def without_volatile(value: Any, volatile: set[str]) -> Any:
    if isinstance(value, dict):
        return {
            key: without_volatile(item, volatile)
            for key, item in value.items()
            if key not in volatile
        }
    if isinstance(value, list):
        return [without_volatile(item, volatile) for item in value]
    return value


def settled(text: str, endpoint: str, query: str) -> dict[str, Any]:
    """Return what a document of JSON says, without what may differ between two equal calls."""
    found: dict[str, Any] = json.loads(text)["subsonic-response"]
    if endpoint in DRAWN or "type=random" in query:
        for element in found.values():
            for items in element.values() if isinstance(element, dict) else ():
                items.sort(key=lambda item: item["id"])
    result: dict[str, Any] = without_volatile(found, VOLATILE.get(endpoint, set()))
    return result


def settled_xml(content: bytes, endpoint: str, query: str) -> etree._Element:
    """Do the same with a document of XML."""
    root = etree.fromstring(content)
    for element in root.iter():
        for name in VOLATILE.get(endpoint, set()) & set(element.attrib):
            del element.attrib[name]
    if endpoint in DRAWN or "type=random" in query:
        for child in root:
            child[:] = sorted(child, key=lambda item: item.get("id", ""))
    return root


def test_xml_says_what_json_says(
    ask: Callable[..., httpx.Response], case: tuple[str, str, int | None]
) -> None:
    endpoint, query, _ = case
    json_says = settled(ask("json").text, endpoint, query)
    same(json_says, settled_xml(ask("xml").content, endpoint, query), endpoint)


def test_each_way_of_asking_gets_the_same(
    ask: Callable[..., httpx.Response], case: tuple[str, str, int | None]
) -> None:
    """DSub reads XML at `.view`, airsonic-refix sends forms, pages of old wrap JSON."""
    endpoint, query, _ = case
    expected = settled(ask("json").text, endpoint, query)
    for post, suffix in ((False, ".view"), (True, ""), (True, ".view")):
        answer = ask("json", post=post, suffix=suffix)
        assert settled(answer.text, endpoint, query) == expected, (post, suffix)
        xml = ask("xml", post=post, suffix=suffix)
        same(expected, settled_xml(xml.content, endpoint, query), endpoint)
    wrapped = ask("jsonp", post=True, suffix=".view")
    assert wrapped.headers["content-type"].startswith("application/javascript")
    assert wrapped.text.startswith("app.receive(")
    assert wrapped.text.endswith(");")
    assert settled(wrapped.text[len("app.receive(") : -2], endpoint, query) == expected
