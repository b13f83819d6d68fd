"""The reference page of the configuration says what the schema says."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import NODEFAULT, Struct, inspect
from msgspec.structs import FieldInfo, fields

from hydrophone.config import Config
from hydrophone.config.keys import is_table, item_type
from hydrophone.config.wording import expectation

PAGE = Path(__file__).parents[1] / "docs/reference/configuration.md"


def sections(schema: type[Struct] = Config, prefix: str = "") -> dict[str, type[Struct]]:
    tables = {}
    for field in fields(schema):
        item = item_type(field.type)
        table = item or field.type
        if is_table(table):
            name = f"{prefix}{field.encode_name}"
            tables[f"`[[{name}]]`" if item else f"`[{name}]`"] = table
            tables |= sections(table, f"{name}.")
    return tables


def default_of(field: FieldInfo) -> str:
    if field.default is NODEFAULT:
        return "required"
    plain = "" if field.default == Path() else field.default
    return f"`{json.dumps(plain)}`"


def description_of(annotation: Any) -> str:
    info = inspect.type_info(annotation)
    assert isinstance(info, inspect.Metadata)
    assert info.extra_json_schema
    return str(info.extra_json_schema["description"])


def wanted_table(section: type[Struct]) -> list[str]:
    rows = [
        f"| `{field.encode_name}` | {expectation(field.type)} | {default_of(field)} "
        f"| {description_of(field.type)} |"
        for field in fields(section)
        if not is_table(item_type(field.type))
    ]
    return ["| key | value | default | meaning |", "|---|---|---|---|", *rows]


def tables_of_page() -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    heading = ""
    for line in PAGE.read_text().splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("|"):
            tables.setdefault(heading, []).append(line)
    return tables


def test_page_has_the_sections_of_the_schema_in_their_order() -> None:
    assert list(tables_of_page()) == list(sections())


@pytest.mark.parametrize("heading", sections())
def test_page_has_every_key_as_it_is(heading: str) -> None:
    assert tables_of_page()[heading] == wanted_table(sections()[heading])
