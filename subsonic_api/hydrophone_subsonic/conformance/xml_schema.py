"""Holds XML against Subsonic's XSD, additions of OpenSubsonic allowed.

A walk over a table of types that is drawn out of the XSD: the XSD itself states no licence, so it
is not distributed, and its validator stops at the first element that OpenSubsonic has added.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from hydrophone_subsonic.conformance.answer import NAMESPACE
from hydrophone_subsonic.conformance.spec import ELEMENTS

_KINDS = {
    "int": r"[+-]?\d+",
    "long": r"[+-]?\d+",
    "boolean": r"true|false",
    "float": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?",
    "double": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?",
    "dateTime": r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
    "string": r"(?s:.*)",
}
"""Booleans in words: DSub compares with `true`; 1 and 0 would do for the XSD only."""


def faults(element: etree._Element, type_: str = "Response", at: str = "") -> Iterator[str]:
    """Yield what is wrong with an element of a type, each with its place."""
    kind = ELEMENTS[type_]
    at = at or local_name(element)
    added = set(kind.get("added", ()))
    yield from _attributes(element, kind["attributes"], added, at)
    if not kind["text"] and (element.text or "").strip() and not added & {"value"}:
        yield f"`{at}` has text, which belongs into attributes"
    yield from _children(element, kind["children"], added, at)


def local_name(element: etree._Element) -> str:
    """Return the name without the namespace; another namespace stays visible."""
    return str(element.tag).removeprefix(NAMESPACE)


def _attributes(
    element: etree._Element, known: dict[str, Any], added: set[str], at: str
) -> Iterator[str]:
    for name, kind in known.items():
        value = element.get(name)
        if value is None:
            if kind.get("required"):
                yield f"the attribute `{at}@{name}` is missing"
            continue
        if not re.fullmatch(_KINDS[kind["kind"]], value):
            yield f"`{at}@{name}` must be of type {kind['kind']}, and is {value!r}"
        elif "enum" in kind and value not in kind["enum"]:
            yield f"`{at}@{name}` must be one of {', '.join(kind['enum'])}, and is {value!r}"
        elif "pattern" in kind and not re.fullmatch(kind["pattern"], value):
            yield f"`{at}@{name}` has another form than it must: {value!r}"
        elif "minimum" in kind and not (
            float(kind["minimum"]) <= float(value) <= float(kind["maximum"])
        ):
            yield f"`{at}@{name}` must be in {kind['minimum']}..{kind['maximum']}, and is {value}"
    for name in map(str, element.attrib):
        if name not in known and name not in added:
            yield f"the attribute `{at}@{name}` is in no specification"


def _children(
    element: etree._Element, known: list[dict[str, Any]], added: set[str], at: str
) -> Iterator[str]:
    places = {child["name"]: number for number, child in enumerate(known)}
    counts: dict[str, int] = {}
    latest = 0
    for item in element.iterchildren("*"):
        name = local_name(item)
        here = f"{at}/{name}"
        if name not in places:
            if name not in added:
                yield f"the element `{here}` is in no specification"
            continue
        child = known[places[name]]
        counts[name] = counts.get(name, 0) + 1
        if counts[name] == 2 and not child["many"]:
            yield f"there is more than one `{here}`"
        if places[name] < latest:
            yield f"`{here}` comes too late: the order of elements is fixed"
        latest = max(latest, places[name])
        if child["type"] is not None:
            yield from faults(item, child["type"], f"{here}[{counts[name]}]")
        elif item.attrib or len(item):
            yield f"`{here}` must be plain text"
    for child in known:
        if child["required"] and child["name"] not in counts:
            yield f"the element `{at}/{child['name']}` is missing"
