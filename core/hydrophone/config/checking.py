"""Checks the settings of one layer against the schema and collects all that is wrong."""

import ipaddress
import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from hydrophone.config.keys import all_keys, is_table, item_type, nearest_key
from hydrophone.config.layers import Layer
from hydrophone.config.outbound import HostAndPort
from hydrophone.config.schema import Network
from hydrophone.config.toml_lines import KeyPath
from hydrophone.config.wording import dotted, expectation, shown
from hydrophone.domain.plugin_table import PluginTable

PLUGINS = "plugins"
PLUGIN_TABLE = r"[a-z][a-z0-9_]{0,39}"


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong, with its place."""

    key: str
    """Dotted path."""
    location: str
    text: str

    def __str__(self) -> str:
        return f"{self.location}: {self.key}: {self.text}"


def check(layer: Layer, schema: type[Struct]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Convert the values of a layer to the types of the schema.

    Returns the values by table and key, `None` in the place of a wrong one, and a problem for
    each that is wrong. Paths come back absolute. Nothing is read from the disk.
    """
    checker = _Checker(layer, schema)
    values = checker.table(layer.table, schema, ())
    return values, tuple(checker.problems)


def plugin_tables(layer: Layer) -> tuple[dict[str, PluginTable], tuple[Problem, ...]]:
    """Take the tables `[plugins.<name>]` out of a layer as they are, and what is wrong with them.

    Their keys are the plugins' own, who look at them when they are loaded. A variable of the
    environment names plugin and key: `HYDROPHONE_PLUGINS__TIDAL__TOKEN`.
    """
    raw = layer.table.get(PLUGINS, {})
    tables: dict[str, PluginTable] = {}
    problems = []
    for name, value in raw.items() if isinstance(raw, Mapping) else [("", raw)]:
        plugin, _, key = name.partition("__") if layer.is_text else (name, "", "")
        path = (PLUGINS, name) if name else (PLUGINS,)
        if layer.is_text and key:
            place = layer.locate(path)
            found = PluginTable({key: value}, location=place, locations={key: place})
            tables.setdefault(plugin, found).overlay(found)
        elif not isinstance(value, Mapping):
            text = f"expected a table, got {shown(path, value)}"
            problems.append(Problem(key=dotted(path), location=layer.locate(path), text=text))
        elif not re.fullmatch(PLUGIN_TABLE, plugin):
            text = "a name has small letters, digits and _, and begins with a letter"
            problems.append(Problem(key=dotted(path), location=layer.locate(path), text=text))
        else:
            places = {key: layer.locate((*path, key)) for key in value}
            tables[plugin] = PluginTable(value, location=layer.locate(path), locations=places)
    return tables, tuple(problems)


def decode_custom(folder: Path, wanted: type[Any], value: Any) -> object:  # noqa: ANN401 - msgspec's hook
    """Decode what msgspec does not know: a path, relative to the folder, a network or a host.

    Raises:
        ValueError: the value is no such thing.
    """
    if isinstance(value, wanted):
        return value
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not text")
    if wanted is Network:
        ipaddress.ip_network(value, strict=False)
        return Network(value)
    if wanted is HostAndPort:
        return HostAndPort(value)
    try:
        return folder / Path(value).expanduser() if value else Path()
    except RuntimeError as error:  # ~somebody, who does not exist
        raise ValueError("no such home") from error


class _Checker:
    def __init__(self, layer: Layer, schema: type[Struct]) -> None:
        self._layer = layer
        self._known = tuple(all_keys(schema))
        self.problems: list[Problem] = []

    def table(self, raw: object, schema: type[Struct], path: KeyPath) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            self._refuse(path, f"expected a table, got {shown(path, raw)}")
            return {}
        known = {field.encode_name: field for field in fields(schema)}
        values = {}
        for name, value in raw.items():
            if (*path, name) == (PLUGINS,):
                continue
            if name in known:
                values[name] = self._value(value, known[name].type, (*path, name))
            else:
                self._refuse((*path, name), self._unknown((*path, name), value))
        for field in known.values():
            if field.required and field.encode_name not in raw:
                self._refuse((*path, field.encode_name), "is missing")
        return values

    def _value(self, raw: object, annotation: Any, path: KeyPath) -> object:  # noqa: ANN401 - a field's
        if is_table(annotation):
            return self.table(raw, annotation, path)
        item = item_type(annotation)
        if item is not None:
            raw = _split(raw) if self._layer.is_text and isinstance(raw, str) else raw
            if isinstance(raw, list):
                return [self._value(value, item, (*path, i)) for i, value in enumerate(raw)]
        try:
            return msgspec.convert(
                raw,
                annotation,
                strict=not self._layer.is_text,
                dec_hook=partial(decode_custom, self._layer.folder),
            )
        except msgspec.ValidationError:
            self._refuse(path, f"expected {expectation(annotation)}, got {shown(path, raw)}")
            return None

    def _unknown(self, path: KeyPath, value: object) -> str:
        if isinstance(value, Mapping):
            text = "no such table"
        else:
            text = f"no such key (value {shown(path, value)})"
        nearest = nearest_key(dotted(tuple(p for p in path if isinstance(p, str))), self._known)
        return f"{text}; did you mean {nearest}?" if nearest else text

    def _refuse(self, path: KeyPath, text: str) -> None:
        location = self._layer.locate(path)
        self.problems.append(Problem(key=dotted(path), location=location, text=text))


def _split(text: str) -> object:
    """Read a list from a variable: JSON, or texts with commas between them."""
    if not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return json.loads(text)
    except ValueError:
        return text
