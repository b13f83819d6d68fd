"""Holds XML and JSON of the same answer against each other, value for value."""

from collections.abc import Collection, Iterator

from lxml import etree

from hydrophone_subsonic.conformance.spec import ELEMENTS
from hydrophone_subsonic.conformance.xml_schema import local_name


def differences(
    value: object,
    element: etree._Element,
    at: str,
    *,
    type_: str | None = "Response",
    ignored: Collection[str] = (),
) -> Iterator[str]:
    """Yield where an object of JSON and an element of XML say different things.

    `type_` is the element's in the XSD, None for what OpenSubsonic adds: nobody has said how that
    looks in XML, so it may be missing there. What is empty may be left out. Names in `ignored`
    are for what may change between the two calls.
    """
    if not isinstance(value, dict):
        text = element.text or element.get("value") or ""
        if not _same(value, text):
            yield f"`{at}` is {_text(value)!r} in JSON and {text!r} in XML"
        return
    kind = ELEMENTS[type_] if type_ else None
    types = {child["name"]: child["type"] for child in kind["children"]} if kind else {}
    old = set(types) | set(kind["attributes"]) if kind else set()
    children: dict[str, list[etree._Element]] = {}
    for child in element.iterchildren("*"):
        children.setdefault(local_name(child), []).append(child)
    for name, item in value.items():
        if name not in ignored:
            here = f"{at}.{name}"
            found = children.get(name, [])
            yield from _value(item, element.get(name), found, element, here, types.get(name),
                              is_needed=name in old, ignored=ignored)  # fmt: skip
    for name in {*map(str, element.attrib), *children} - set(value) - set(ignored):
        if name in old and (element.get(name) or name in children):
            yield f"`{at}.{name}` is in XML only"


def _value(
    item: object,
    attribute: str | None,
    found: list[etree._Element],
    parent: etree._Element,
    at: str,
    type_: str | None,
    *,
    is_needed: bool,
    ignored: Collection[str],
) -> Iterator[str]:
    if attribute is not None:
        if not _same(item, attribute):
            yield f"`{at}` is {_text(item)!r} in JSON and {attribute!r} in XML"
    elif isinstance(item, list):
        if len(found) != len(item) and (is_needed or found):
            yield f"`{at}` has {len(item)} entries in JSON and {len(found)} in XML"
        for number, (one, child) in enumerate(zip(item, found, strict=False)):
            yield from differences(one, child, f"{at}[{number}]", type_=type_, ignored=ignored)
    elif found:
        yield from differences(item, found[0], at, type_=type_, ignored=ignored)
    elif at.endswith(".value"):
        if not _same(item, parent.text or ""):
            yield f"`{at}` is {_text(item)!r} in JSON and {parent.text!r} in XML"
    elif is_needed and item not in ("", {}, []):
        yield f"`{at}` is in JSON only"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same(value: object, text: str) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(text) == float(value)
        except ValueError:
            return False
    return _text(value) == text
