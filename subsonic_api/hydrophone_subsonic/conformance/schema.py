"""Holds JSON against OpenSubsonic's OpenAPI.

A walk of our own over the few keywords that the file uses, in the place of the package
jsonschema: it names the place and the type in words that a server's author can use at once, finds
what a lax schema lets pass (null, another form of date), and the checker needs one package less.
"""

import re
from collections.abc import Iterator
from typing import Any

from hydrophone_subsonic.conformance.spec import SCHEMAS, Schema

_TYPES: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "object": ("an object", dict),
    "array": ("a list", list),
    "string": ("a text", str),
    "integer": ("an integer", int),
    "number": ("a number", (int, float)),
    "boolean": ("true or false", bool),
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
"""ISO 8601 with a time; how many digits and which zone is the business of a rule of its own."""


def faults(value: object, schema: Schema, at: str, *, is_classic: bool = False) -> Iterator[str]:
    """Yield what is wrong with a value, each with its place.

    A classic server may leave out empty lists, as the original does.
    """
    kind, properties, required, items = _flattened(schema)
    if value is None:
        yield f"`{at}` is null; what is not there is left out"
        return
    words, classes = _TYPES.get(str(kind.get("type")), ("", object))
    is_wrong_boolean = isinstance(value, bool) and kind.get("type") in ("integer", "number")
    if not isinstance(value, classes) or is_wrong_boolean:
        yield f"`{at}` must be {words}, and is {_shown(value)}"
        return
    yield from _limits(value, kind, at)
    if isinstance(value, dict):
        for name in required:
            is_list = properties.get(name, {}).get("type") == "array"
            if name not in value and not (is_classic and is_list):
                yield f"`{at}.{name}` is missing"
        for name, item in value.items():
            if name in properties:
                yield from faults(item, properties[name], f"{at}.{name}", is_classic=is_classic)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(item, items, f"{at}[{number}]", is_classic=is_classic)


def unknown_keys(value: object, schema: Schema, at: str) -> Iterator[str]:
    """Yield the places of keys that the schema does not know."""
    _, properties, _, items = _flattened(schema)
    if isinstance(value, dict) and properties:
        for name, item in value.items():
            if name in properties:
                yield from unknown_keys(item, properties[name], f"{at}.{name}")
            else:
                yield f"{at}.{name}"
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from unknown_keys(item, items, f"{at}[{number}]")


def _limits(value: object, kind: Schema, at: str) -> Iterator[str]:
    if "enum" in kind and value not in kind["enum"]:
        yield f"`{at}` must be one of {', '.join(kind['enum'])}, and is {_shown(value)}"
    low, high = kind.get("minimum"), kind.get("maximum")
    if isinstance(value, int | float) and not _in_bounds(value, low, high):
        bounds = f"{'' if low is None else low}..{'' if high is None else high}"
        yield f"`{at}` must be in {bounds}, and is {value}"
    if kind.get("format") == "date-time" and not _DATE.fullmatch(str(value)):
        yield f"`{at}` must be a date and time of ISO 8601, and is {_shown(value)}"


def _in_bounds(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _flattened(schema: Schema) -> tuple[Schema, dict[str, Schema], list[str], Schema]:
    """Return the schema itself, its properties, which are required, and that of its items."""
    while "$ref" in schema:
        schema = SCHEMAS[schema["$ref"]]
    properties: dict[str, Schema] = dict(schema.get("properties", {}))
    required: list[str] = list(schema.get("required", []))
    kind: Schema = schema
    for part in schema.get("allOf", []):
        kind, more, also, _ = _flattened(part)
        properties |= more
        required += also
    return kind, properties, required, schema.get("items", {})


def _shown(value: Any) -> str:  # noqa: ANN401 - anything that JSON has
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
