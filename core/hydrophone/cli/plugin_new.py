"""Makes the repository of a new plugin, from the files in `plugin_template`."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from hydrophone import __version__
from hydrophone.errors import ConflictError, InvalidInputError
from hydrophone.plugin import PLUGIN_API

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEMPLATE = files("hydrophone.cli") / "plugin_template"
_SUFFIX = ".template"
"""Keeps tools from taking the files for ours."""


def make_repository(name: str, parent: Path, *, year: int) -> Path:
    """Write the repository of the plugin `name` into a new folder of `parent`; return the folder.

    Raises:
        InvalidInputError: It cannot be the name of a plugin.
        ConflictError: The folder is there already.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInputError(
            f"{name} cannot be the name of a plugin: small letters, digits and _, a letter first."
        )
    words = _words(name, year)
    folder = parent / words["distribution"]
    if folder.exists():
        raise ConflictError(f"{folder} is there already.")
    for path, content in _contents(_TEMPLATE, PurePosixPath()):
        parts = [words["package"] if part == "package" else part for part in path.parts]
        target = folder.joinpath(*parts[:-1], path.name.removesuffix(_SUFFIX))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(content, words), encoding="utf-8")
    return folder


def _words(name: str, year: int) -> Mapping[str, str]:
    parts = [part for part in name.split("_") if part]
    major, minor, *_ = __version__.split(".")
    return {
        "name": name,
        "Name": "".join(part.capitalize() for part in parts),
        "title": " ".join(part.capitalize() for part in parts),
        "package": f"hydrophone_{name}",
        "distribution": f"hydrophone-{name.replace('_', '-')}",
        "core": f">={major}.{minor},<{int(major) + 1}",
        "api": repr(PLUGIN_API),
        "year": str(year),
    }


def _contents(folder: Traversable, path: PurePosixPath) -> Iterator[tuple[PurePosixPath, str]]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _contents(one, path / one.name)
        elif one.name.endswith(_SUFFIX):
            yield path / one.name, one.read_text(encoding="utf-8")


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"<<(\w+)>>", lambda match: words[match[1]], text)
