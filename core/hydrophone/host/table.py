"""Decodes the table `[plugins.<name>]` of the configuration into what the plugin wants."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import fields

from hydrophone.domain.plugin_table import PluginTable
from hydrophone.domain.secret import Secret
from hydrophone.domain.units import Seconds
from hydrophone.errors import ConfigError

T = TypeVar("T", bound=Struct)

_LARGEST_SECRET = 64 * 1024


class CommonKeys(Struct, frozen=True, kw_only=True):
    """What every plugin's table may have besides the plugin's own keys."""

    plugin: str = ""
    """Which plugin this is an instance of; empty if the table has the plugin's name."""
    enabled: bool = True
    timeout: Annotated[Seconds, Meta(gt=0, le=600)] | None = None
    """Seconds after which any call is given up; only lowers what core allows anyway."""


def common_keys(instance: str, table: Mapping[str, object]) -> CommonKeys:
    """Read what core itself wants to know. Raises ConfigError."""
    return _convert(instance, table, CommonKeys, {}, table)


def plugin_config(
    instance: str, table: Mapping[str, object], schema: type[Struct], environ: Mapping[str, str]
) -> Struct:
    """Decode the plugin's own keys.

    A field of type `Secret` may be written as text, as `{ env = "NAME" }` or as
    `{ file = "PATH" }`. Reads such files. Raises ConfigError, which never shows a secret.
    """
    common = {field.name for field in fields(CommonKeys)}
    own = {key: value for key, value in table.items() if key not in common}
    if problems := [_problem(instance, table, *one) for one in _wrong_keys(instance, own, schema)]:
        place = _place(table, "")
        raise ConfigError("; ".join(problems), key=f"plugins.{instance}", location=place)
    return _convert(instance, table, schema, environ, own)


def _wrong_keys(
    instance: str, own: Mapping[str, object], schema: type[Struct]
) -> Iterator[tuple[str, str]]:
    """Yield keys that nobody knows, or that are missing, with what is to be said of them."""
    known = [field.encode_name for field in fields(schema)]
    usual = [field.name for field in fields(CommonKeys)]
    for key in own:
        if schema.__struct_config__.forbid_unknown_fields and key not in known:
            near = get_close_matches(key, known + usual, n=1)
            hint = f"; did you mean plugins.{instance}.{near[0]}?" if near else ""
            yield key, f"no such key{hint}"
    for field in fields(schema):
        if field.required and field.encode_name not in own:
            yield field.encode_name, "is missing"


def _convert(
    instance: str,
    table: Mapping[str, object],
    schema: type[T],
    environ: Mapping[str, str],
    keys: Mapping[str, object],
) -> T:
    """Convert some keys of a table."""

    def decode(wanted: type[Any], value: Any) -> object:  # noqa: ANN401 - msgspec's hook
        if wanted is Secret:
            return _secret(value, environ)
        if wanted is Path and isinstance(value, str):
            return Path(value).expanduser()
        raise NotImplementedError(f"A configuration cannot have a {wanted.__name__}.")

    try:
        # Lax: in the environment every value is text.
        return msgspec.convert(keys, schema, strict=False, dec_hook=decode)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `$")
        path = place.rstrip("`").replace("[...]", "").removeprefix(".")
        key = re.split(r"[.\[]", path)[0]
        raise ConfigError(
            _problem(instance, table, path, said),
            key=f"plugins.{instance}.{path}".rstrip("."),
            location=_place(table, key),
        ) from None


def _problem(instance: str, table: Mapping[str, object], path: str, said: str) -> str:
    """Say what is wrong, and where, as for keys of our own."""
    place = _place(table, re.split(r"[.\[]", path)[0])
    key = f"plugins.{instance}.{path}".rstrip(".")
    return f"{place}: {key}: {said}" if place else f"{key}: {said}"


def _place(table: Mapping[str, object], key: str) -> str:
    if not isinstance(table, PluginTable):
        return ""
    return table.locations.get(key, table.location)


def _secret(value: object, environ: Mapping[str, str]) -> Secret:
    match value:
        case str():
            return Secret(value)
        case {"env": str(name), **rest} if not rest:
            if name not in environ:
                raise ValueError(f"The environment has no {name}")
            return Secret(environ[name])
        case {"file": str(name), **rest} if not rest:
            try:
                with Path(name).expanduser().open(encoding="utf-8") as file:
                    return Secret(file.read(_LARGEST_SECRET).strip())
            except (OSError, RuntimeError, UnicodeDecodeError) as error:
                raise ValueError(f"The file {name} cannot be read") from error
    raise ValueError('Expected text, { env = "NAME" } or { file = "PATH" }')
