"""Loads the configuration: command line over environment over file over defaults."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import fields, replace
from platformdirs import user_config_path

from hydrophone.config.checking import Problem, check, decode_custom, plugin_tables
from hydrophone.config.layers import (
    FILE_VARIABLE,
    Layer,
    Overrides,
    command_line_layer,
    environment_layer,
    file_layer,
)
from hydrophone.config.schema import APP_NAME, Config
from hydrophone.domain.plugin_table import PluginTable
from hydrophone.errors import ConfigError

_FILE_NAME = "config.toml"
_SYSTEM_FILE = Path("/etc/hydrophone/config.toml")
_NO_OVERRIDES = Overrides()


def load_config(
    path: Path | None = None,
    *,
    environ: Mapping[str, str],
    overrides: Overrides = _NO_OVERRIDES,
) -> Config:
    """Put the configuration together from all places; it blocks for one small file.

    Args:
        path: the file that the command line names; without it see `find_config_file`.
        environ: the process's environment.
        overrides: the command line's options, which win over everything.

    Raises:
        ConfigError: the file cannot be used, or a key or value in any of the places is wrong.
            The text has a line for each problem; `key` and `location` are those of the first.
    """
    file = find_config_file(path, environ=environ, data_dir=overrides.data_dir)
    layers = [] if file is None else [file_layer(file)]
    sections = frozenset(f.name for f in fields(Config) if f.name != "libraries")
    plugins: dict[str, PluginTable] = {}
    layers.append(environment_layer(environ, sections=sections))
    layers.append(command_line_layer(overrides))

    merged: dict[str, Any] = {}
    problems: list[Problem] = []
    for layer in layers:
        tables, odd = plugin_tables(layer)
        for name, table in tables.items():
            plugins.setdefault(name, table).overlay(table)
        values, found = check(layer, Config)
        problems += [*found, *odd, *_repeated_names(values, layer)]
        _merge(merged, values)
    if problems:
        first = problems[0]
        text = "\n".join(str(problem) for problem in problems)
        raise ConfigError(text, key=first.key, location=first.location)
    config = msgspec.convert(merged, Config, dec_hook=partial(decode_custom, Path()))
    # As they are: a copy would not know where its keys stand.
    return replace(config, plugins=plugins)


def find_config_file(
    path: Path | None = None, *, environ: Mapping[str, str], data_dir: Path | None = None
) -> Path | None:
    """Choose the file that is read; `None` if there is none, which is no error.

    A file that is named, by the command line or by `HYDROPHONE_CONFIG`, is returned even if it
    is not there. A data folder that is named, by the command line or by
    `HYDROPHONE_SERVER__DATA_DIR`, may hold a `config.toml`, and no other file counts then:
    whoever points a server at a folder of its own does not want another server's libraries.
    Else the user's file counts, else the one in `/etc`.
    """
    if path is None and environ.get(FILE_VARIABLE):
        path = Path(environ[FILE_VARIABLE])
    if path is not None:
        return path
    if data_dir is None and environ.get("HYDROPHONE_SERVER__DATA_DIR"):
        data_dir = Path(environ["HYDROPHONE_SERVER__DATA_DIR"])
    if data_dir is not None:
        places = [_without_tilde(data_dir) / _FILE_NAME]
    else:
        places = [user_config_path(APP_NAME) / _FILE_NAME, _SYSTEM_FILE]
    return next((place for place in places if _may_exist(place)), None)


def _without_tilde(folder: Path) -> Path:
    try:
        return folder.expanduser()
    except RuntimeError:  # no such home; the check of the values will say so
        return folder


def _may_exist(file: Path) -> bool:
    """Tell whether there is a file, or something that only reading it can tell about."""
    try:
        return file.is_file()
    except PermissionError:
        return True


def _merge(merged: dict[str, Any], values: dict[str, Any]) -> None:
    """Lay checked values over those of lesser places: tables by key, libraries as a whole."""
    for name, value in values.items():
        if isinstance(value, dict):
            merged.setdefault(name, {}).update(value)
        else:
            merged[name] = value


def _repeated_names(values: dict[str, Any], layer: Layer) -> Iterator[Problem]:
    seen = set()
    for index, library in enumerate(values.get("libraries") or ()):
        name = library.get("name")
        if name is not None and name in seen:
            yield Problem(
                key=f"libraries[{index}].name",
                location=layer.locate(("libraries", index, "name")),
                text=f'another library has the name "{name}" already',
            )
        seen.add(name)
