"""Draws the tables of the conformance checker out of the protocol's two descriptions.

Run from the repository's root: `python contrib/dev/conformance_data.py` writes them,
`--check` only tells whether they are as they would be written (a test asks).
"""

import json
import sys
from pathlib import Path
from typing import Any

from lxml import etree

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "tests/data/spec"
DATA = ROOT / "subsonic_api/hydrophone_subsonic/conformance/data"
XS = "{http://www.w3.org/2001/XMLSchema}"
KEPT = ("$ref", "type", "properties", "required", "items", "allOf", "oneOf", "enum", "format",
        "minimum", "maximum")  # fmt: skip


def trimmed(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a schema what is for people."""
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key not in KEPT:
            continue
        if key == "$ref":
            found[key] = value.rpartition("/")[2]
        elif key == "properties":
            found[key] = {name: trimmed(item) for name, item in value.items()}
        elif key == "items":
            found[key] = trimmed(value)
        elif key in ("allOf", "oneOf"):
            found[key] = [trimmed(item) for item in value]
        else:
            found[key] = value
    return found


def references(schema: object) -> set[str]:
    """Return the names of all schemas that this one refers to."""
    if isinstance(schema, list):
        return {name for item in schema for name in references(item)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["$ref"]} if isinstance(schema.get("$ref"), str) else set()
    return own | {name for item in schema.values() for name in references(item)}


def answer_of(operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Return what a success adds to the envelope: a schema, empty for nothing."""
    content = operation["responses"]["200"].get("content") or {}
    schema = trimmed(content.get("application/json", {}).get("schema", {}))
    if "$ref" not in schema:
        return dict(schema["allOf"][0]) if "allOf" in schema else {}
    (success,) = (
        name for name in references(trimmed(schemas[schema["$ref"]])) - {"SubsonicFailureResponse"}
    )
    if success == "SubsonicSuccessResponse":
        return {}
    return trimmed(schemas[success]["allOf"][1])


def from_openapi() -> dict[str, Any]:
    """Return all endpoints, and the schemas of what they answer."""
    document = json.loads((SPEC / "openapi.json").read_text())
    schemas = document["components"]["schemas"]
    endpoints = {}
    for path, methods in sorted(document["paths"].items()):
        operation = methods.get("get") or methods["post"]
        parameters = operation.get("parameters", [])
        endpoints[path.removeprefix("/rest/")] = {
            "required": [one["name"] for one in parameters if one.get("required")],
            "optional": [one["name"] for one in parameters if not one.get("required")],
            "answer": answer_of(operation, schemas),
        }
    wanted: dict[str, Any] = {}
    pending = references([endpoint["answer"] for endpoint in endpoints.values()])
    while pending:
        name = pending.pop()
        wanted[name] = trimmed(schemas[name])
        pending |= references(wanted[name]) - set(wanted)
    return {"endpoints": endpoints, "schemas": dict(sorted(wanted.items()))}


def simple_types(schema: etree._Element) -> dict[str, dict[str, Any]]:
    """Return the types of attributes: kind, and the bounds or words that are allowed."""
    found: dict[str, dict[str, Any]] = {}
    for simple in schema.iter(f"{XS}simpleType"):
        restriction = simple[0]
        kind: dict[str, Any] = {"kind": str(restriction.get("base")).partition(":")[2]}
        for facet in restriction:
            name, value = etree.QName(facet).localname, facet.get("value")
            if name == "enumeration":
                kind.setdefault("enum", []).append(value)
            else:
                kind[{"minInclusive": "minimum", "maxInclusive": "maximum"}.get(name, name)] = value
        found[str(simple.get("name"))] = kind
    return found


def from_xsd() -> dict[str, Any]:
    """Return the types of elements: attributes, and children in their order."""
    schema = etree.parse(SPEC / "subsonic-rest-api-1.16.1.xsd").getroot()
    simple = simple_types(schema)
    raw = {str(one.get("name")): one for one in schema.iter(f"{XS}complexType")}

    def kind_of(name: str) -> dict[str, Any]:
        prefix, _, local = name.partition(":")
        return {"kind": local} if prefix == "xs" else simple[local]

    def description(name: str) -> dict[str, Any]:
        element = raw[name]
        attributes: dict[str, Any] = {}
        children: list[dict[str, Any]] = []
        for extension in element.iter(f"{XS}extension"):
            base = description(str(extension.get("base")).partition(":")[2])
            attributes |= base["attributes"]
            children += base["children"]
        for attribute in element.iter(f"{XS}attribute"):
            kind = dict(kind_of(str(attribute.get("type"))))
            if attribute.get("use") == "required":
                kind["required"] = True
            attributes[str(attribute.get("name"))] = kind
        for child in element.iter(f"{XS}element"):
            prefix, _, local = str(child.get("type")).partition(":")
            children.append(
                {
                    "name": child.get("name"),
                    "type": local if prefix == "sub" and local in raw else None,
                    "required": child.get("minOccurs") != "0" and name != "Response",
                    "many": child.get("maxOccurs") == "unbounded",
                }
            )
        is_text = element.get("mixed") == "true"
        return {"attributes": attributes, "children": children, "text": is_text}

    return {name: description(name) for name in sorted(raw)}


def main() -> int:
    """Write the tables, or compare them."""
    stale = []
    for name, content in (("openapi.json", from_openapi()), ("xsd.json", from_xsd())):
        # One line for each entry, so that changes can be read.
        tables = content if name == "openapi.json" else {"types": content}
        parts = []
        for table, entries in tables.items():
            lines = [f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}"
                     for key, value in entries.items()]  # fmt: skip
            parts.append(f'"{table}":{{\n' + ",\n".join(lines) + "\n}")
        text = "{\n" + ",\n".join(parts) + "\n}\n"
        file = DATA / name
        if "--check" not in sys.argv:
            file.write_text(text)
        elif file.read_text() != text:
            stale.append(name)
    if stale:
        sys.stderr.write(f"Not as in tests/data/spec: {', '.join(stale)}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
