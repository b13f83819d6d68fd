"""Decodes the table `[plugins.<name>]` of the configuration into what the plugin wants."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

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
    return _convert(instance, table, CommonKeys, {})


def plugin_config(
    instance: str, table: Mapping[str, object], schema: type[Struct], environ: Mapping[str, str]
) -> Struct:
    """Decode the plugin's own keys.

    A field of type `Secret` may be written as text, as `{ env = "NAME" }` or as
    `{ file = "PATH" }`. Reads such files. Raises ConfigError, which never shows a secret.
    """
    common = {field.name for field in msgspec.structs.fields(CommonKeys)}
    own = {key: value for key, value in table.items() if key not in common}
    return _convert(instance, own, schema, environ)


def _convert(
    instance: str, table: Mapping[str, object], schema: type[T], environ: Mapping[str, str]
) -> T:
    def decode(wanted: type[Any], value: Any) -> object:  # noqa: ANN401 - msgspec's hook
        if wanted is Secret:
            return _secret(value, environ)
        if wanted is Path and isinstance(value, str):
            return Path(value).expanduser()
        raise NotImplementedError(f"A configuration cannot have a {wanted.__name__}.")

    key = f"plugins.{instance}"
    try:
        # Lax: in the environment every value is text.
        return msgspec.convert(table, schema, strict=False, dec_hook=decode)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `$")
        path = key + place.rstrip("`").replace("[...]", "")
        raise ConfigError(f"{path}: {said}", key=path) from None


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
