"""How a plugin comes into the environment that Hydrophone runs in."""

import importlib
import importlib.metadata
import importlib.util
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import msgspec
from msgspec import NODEFAULT
from msgspec.inspect import Metadata, type_info
from msgspec.structs import FieldInfo, fields

from hydrophone.errors import PluginError
from hydrophone.host.discovery import installed_plugins
from hydrophone.host.importing import load_in_time

_PREFIX = "hydrophone-"


def installer() -> list[str]:
    """Return the program that installs into this very environment, with its first words.

    It tells errors only: of a plugin it would list fifty requirements that are met.

    Raises click.ClickException if there is none.
    """
    if importlib.util.find_spec("pip") is not None:
        quiet = ["--quiet", "--disable-pip-version-check"]
        return [sys.executable, "-m", "pip", "install", *quiet]
    # Environments that uv has made have no pip.
    if (uv := shutil.which("uv")) is not None:
        return [uv, "pip", "install", "--quiet", "--python", sys.executable]
    raise click.ClickException(f"There is neither pip in {sys.prefix} nor uv in the PATH.")


def requirement(name: str) -> str:
    """Turn the name of a plugin into what pip installs; paths and full names stay as they are."""
    if "/" in name or name.endswith((".whl", ".tar.gz")) or name.startswith(_PREFIX):
        # A name that begins so cannot be an option.
        return str(Path(name).absolute()) if "/" in name or "." in name else name
    return _PREFIX + name.replace("_", "-")


def distributions() -> dict[str, str]:
    """Return {name: version} of all that is installed now."""
    importlib.invalidate_caches()
    found: dict[str, str] = {}
    for one in importlib.metadata.distributions():
        # The first in the path is the one that is imported.
        found.setdefault(one.name, one.version)
    return found


def tables_of_new(before: Mapping[str, str]) -> list[str]:
    """Return the tables to be added for plugins that were not there in this version before."""
    found = installed_plugins()
    return [_table(name) for name, one in found.items() if before.get(name) != one.version]


def _table(name: str) -> str:
    """Write the table of a plugin with its keys, those with a default as comments."""
    try:
        schema = load_in_time(installed_plugins()[name]).manifest.config
    except PluginError as error:
        return f"# [plugins.{name}]: {error}"
    return "\n".join([f"[plugins.{name}]", *(_line(field) for field in fields(schema))])


def _line(field: FieldInfo) -> str:
    info = type_info(field.type)
    said = (info.extra_json_schema or {}).get("description") if isinstance(info, Metadata) else None
    comment = f"# {said}\n" if said else ""
    if field.required:
        return f"{comment}{field.encode_name} = ..."
    default = field.default if field.default is not NODEFAULT else field.default_factory()
    return f"{comment}# {field.encode_name} = {_toml(default)}"


def _toml(value: object) -> str:
    """Write a default as TOML does, which is JSON for all that a configuration has."""
    # Paths and secrets are text.
    return json.dumps(msgspec.to_builtins(value, enc_hook=lambda _: ""), ensure_ascii=False)
