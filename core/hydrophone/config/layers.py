"""The places that settings come from: the file, the environment, the command line."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from hydrophone.config.toml_lines import KeyPath, key_lines
from hydrophone.errors import ConfigError

ENVIRONMENT_PREFIX = "HYDROPHONE_"
FILE_VARIABLE = "HYDROPHONE_CONFIG"
"""Names the configuration file; it is no key of the configuration."""

_OPTIONS: dict[KeyPath, str] = {
    ("server", "data_dir"): "--data",
    ("server", "host"): "--host",
    ("server", "port"): "--port",
    ("libraries",): "--music",
}
_SYNTAX_ERROR = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), (?P<column>.*)|end.*)\)")


class Layer(Struct, frozen=True, kw_only=True):
    """Settings from one place, unchecked."""

    table: Mapping[str, object]
    locate: Callable[[KeyPath], str]
    """Where a key stands, in words for an error: `config.toml:7`, the name of a variable."""
    folder: Path
    """The folder from which relative paths start."""
    is_text: bool = False
    """Whether every value is text that may mean a number, a boolean or a list."""


class Overrides(Struct, frozen=True, kw_only=True):
    """What the command line says; `None` leaves the key to the environment and the file."""

    data_dir: Path | None = None
    host: str | None = None
    port: int | None = None
    music: tuple[Path, ...] = ()
    """Folders that become the only libraries, each named as the folder is."""


def file_layer(path: Path) -> Layer:
    """Read a TOML file; it blocks.

    Raises:
        ConfigError: the file cannot be read, is not UTF-8 or is not TOML.
    """
    try:
        # The editor of Windows puts a byte order mark in front, which TOML does not know.
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error.strerror}", location=str(path)
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _syntax_error(path, line, "not UTF-8") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX_ERROR.fullmatch(str(error))
        line = int(found["line"] or text.count("\n") + 1) if found else 1
        raise _syntax_error(path, line, found["what"] if found else str(error)) from error
    except RecursionError as error:
        raise _syntax_error(path, 1, "nested too deeply") from error
    lines = key_lines(text)
    return Layer(
        table=table,
        locate=lambda key: f"{path}:{_line_of(key, lines)}",
        folder=path.absolute().parent,
    )


def environment_layer(environ: Mapping[str, str], *, sections: frozenset[str]) -> Layer:
    """Take the variables `HYDROPHONE_SECTION__KEY` and `HYDROPHONE_LIBRARIES`.

    Other names without two underscores are not ours: Kubernetes, for one, gives every
    container beside a service of our name variables such as `HYDROPHONE_SERVICE_HOST`.
    """
    table: dict[str, object] = {}
    found: dict[str, dict[str, object]] = {}
    for name, text in environ.items():
        key = name.removeprefix(ENVIRONMENT_PREFIX).lower()
        if not name.startswith(ENVIRONMENT_PREFIX) or (key != "libraries" and "__" not in key):
            continue
        section, _, rest = key.partition("__")
        if section in sections:
            found.setdefault(section, {})[rest] = text
        else:
            table[key.replace("__", ".")] = text
    return Layer(table={**table, **found}, locate=_variable_of, folder=Path.cwd(), is_text=True)


def command_line_layer(overrides: Overrides) -> Layer:
    """Turn the command line's options into settings."""
    server = {
        key: str(value) if isinstance(value, Path) else value
        for key, value in asdict(overrides).items()
        if key != "music" and value is not None
    }
    table: dict[str, object] = {"server": server}
    if overrides.music:
        table["libraries"] = _named_libraries(overrides.music)
    return Layer(
        table=table,
        locate=lambda key: _OPTIONS.get(key) or _OPTIONS[key[:1]],
        folder=Path.cwd(),
    )


def _named_libraries(folders: Sequence[Path]) -> list[dict[str, str]]:
    """Name each library as its folder is; the second of a name gets a number."""
    libraries: dict[str, str] = {}
    for folder in folders:
        plain = folder.absolute().name or "Music"
        name, count = plain, 1
        while name in libraries:
            count += 1
            name = f"{plain} {count}"
        libraries[name] = str(folder)
    return [{"name": name, "path": path} for name, path in libraries.items()]


def _syntax_error(path: Path, line: int, what: str) -> ConfigError:
    location = f"{path}:{line}"
    return ConfigError(f"{location}: not valid TOML: {what}", location=location)


def _line_of(key: KeyPath, lines: dict[KeyPath, int]) -> int:
    """Find the line of a key, or of the nearest table around it."""
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)


def _variable_of(key: KeyPath) -> str:
    # Below the name of a variable there are only the parts of its value.
    names = [part for part in key if isinstance(part, str)][: 1 if key[0] == "libraries" else 2]
    return ENVIRONMENT_PREFIX + "__".join(names).replace(".", "__").upper()
