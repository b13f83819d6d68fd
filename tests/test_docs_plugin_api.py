"""The reference of the plugin API and of the testing kit has all there is, and nothing else."""

import inspect
import re
from collections.abc import Iterable
from enum import EnumType
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from hydrophone import errors, plugin
from hydrophone.domain import remote
from hydrophone.host.capabilities import CAPABILITIES
from hydrophone.plugin import context, http, manifest
from hydrophone.plugin.capabilities import (
    acquirer,
    analyzer,
    artwork,
    event_listener,
    job,
    lyrics,
    metadata,
    recognizer,
    scrobbler,
    similarity,
    source,
    webhook,
)
from hydrophone.plugin.hookspecs import HookSpecs
from hydrophone.testing import contracts, faults, pytest_plugin
from hydrophone.testing.loopback import Loopback

REFERENCE = Path(__file__).parents[1] / "docs/reference"
API = REFERENCE / "plugin-api.md"
ABILITIES = REFERENCE / "plugin-api-capabilities.md"
TESTING = REFERENCE / "plugin-api-testing.md"
HEADS = {"member", "field", "value", "hook", "fixture", "fault", "contract", "capability", "error"}
MODULES = (
    acquirer,
    analyzer,
    artwork,
    event_listener,
    job,
    lyrics,
    metadata,
    recognizer,
    scrobbler,
    similarity,
    source,
    webhook,
)


def cells(page: Path) -> dict[str, list[str]]:
    """Return by heading what the first cells of its rows name."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
            assert heading not in found, f"{page.name} has {heading} twice"
            found[heading] = []
        elif line.startswith("| "):
            first = line.split(" | ")[0].removeprefix("| ")
            if first not in HEADS:
                found[heading] += re.findall(r"(?<=[`\[])\w+", first)
    return found


def members(kind: type[Any]) -> list[str]:
    """Return what a type has for others: fields, values, methods, properties."""
    if isinstance(kind, EnumType):
        return [one.value for one in kind]
    names = [name for name in vars(kind) if not name.startswith("_")]
    if issubclass(kind, msgspec.Struct):
        names = [
            *kind.__struct_fields__,
            *(name for name in names if callable(getattr(kind, name))),
        ]
    else:
        names += [name for name in inspect.get_annotations(kind) if name not in names]
    return list(dict.fromkeys(names))


def types_of(modules: Iterable[ModuleType]) -> dict[str, type[Any]]:
    return {
        name: kind
        for module in modules
        for name, kind in vars(module).items()
        if inspect.isclass(kind) and kind.__module__ == module.__name__ and name[0] != "_"
    }


@pytest.mark.parametrize(("name", "kind"), types_of((*MODULES, remote)).items())
def test_capabilities_and_what_they_speak_of(name: str, kind: type[Any]) -> None:
    assert sorted(cells(ABILITIES)[name]) == sorted(members(kind))


def functions(protocol: type[Any]) -> list[Any]:
    found = [getattr(member, "fget", member) for member in vars(protocol).values()]
    return [one for one in found if inspect.isfunction(one)]


def spoken_of() -> dict[str, type[Any]]:
    """Return all that capabilities and the library take and return, and what that is made of."""
    found: dict[str, type[Any]] = {}

    def follow(annotation: object) -> None:
        for part in get_args(annotation):
            follow(part)
        if not inspect.isclass(annotation) or annotation.__name__ in found:
            return
        if annotation.__module__.startswith("hydrophone."):
            found[annotation.__name__] = annotation
            if issubclass(annotation, msgspec.Struct):
                for field in get_type_hints(annotation).values():
                    follow(field)

    for protocol in (*(one.protocol for one in CAPABILITIES), context.LibraryView):
        for function in functions(protocol):
            for annotation in get_type_hints(function).values():
                follow(annotation)
    return found


@pytest.mark.parametrize(("name", "kind"), spoken_of().items())
def test_all_that_is_spoken_of_is_said_with_its_module(name: str, kind: type[Any]) -> None:
    page = next(one for one in (ABILITIES, API) if f"\n### {name}\n" in one.read_text("utf-8"))
    assert sorted(cells(page)[name]) == sorted(members(kind))
    if page == ABILITIES:
        text = page.read_text("utf-8").partition(f"\n### {name}\n")[0]
        chapter = text.rpartition("\n## ")[2]
        short = kind.__module__.rpartition(".")[2]
        is_capability = kind.__module__.startswith("hydrophone.plugin.capabilities.")
        assert chapter.startswith(f"Module `{short}`\n") == is_capability
        assert is_capability or f"\n\nIn `{kind.__module__}`." in chapter


@pytest.mark.parametrize(("name", "kind"), types_of((context, http, manifest)).items())
def test_context_and_manifest(name: str, kind: type[Any]) -> None:
    assert sorted(cells(API)[name]) == sorted(members(kind))


def test_hooks_and_capabilities_are_all_there() -> None:
    assert cells(API)["Hooks"] == [name for name in vars(HookSpecs) if not name.startswith("_")]
    listed = cells(ABILITIES)["Capabilities of plugins"]
    assert listed == [one.protocol.__name__ for one in CAPABILITIES]


def test_limits_are_those_of_the_guard() -> None:
    text = ABILITIES.read_text(encoding="utf-8")
    for one in CAPABILITIES:
        [row] = re.findall(rf"^\| \[{one.protocol.__name__}\].*$", text, re.M)
        for method in one.methods.values():
            assert f"{method.time_limit:g} s" in row


def test_the_plugin_and_everything_to_import_is_named() -> None:
    methods = [name for name in vars(plugin.Plugin) if not name.startswith("_")]
    assert set(cells(API)["Plugin"]) == {*methods, "manifest", "config", "context"}
    text = API.read_text(encoding="utf-8")
    assert [name for name in plugin.__all__ if name not in text] == []
    raised = [name for name, kind in vars(errors).items() if _is_provider_error(kind)]
    assert sorted(cells(API)["Errors"]) == sorted(raised)


def test_the_kit() -> None:
    page = cells(TESTING)
    fixtures = [name for name in vars(pytest_plugin) if name.startswith("hydrophone_")]
    assert sorted(page["Fixtures"]) == sorted(fixtures)
    made = [name for name, one in vars(faults).items() if _is_own(one, faults)]
    assert sorted([*page["Faults"], "captured"]) == sorted(made)
    assert page["Contracts"] == sorted(page["Contracts"], key=_place)
    assert sorted(page["Contracts"]) == contracts.__all__
    assert set(page["Loopback"]) == {
        *members(Loopback),
        "url",
        "port",
        "routes",
        "requests",
        "connections",
    } - {"answer"}


@pytest.mark.parametrize("name", contracts.__all__)
def test_what_a_contract_wants_is_said(name: str) -> None:
    """Attributes that subclasses give are named in the contract's row."""
    [row] = [
        line for line in TESTING.read_text("utf-8").splitlines() if line.startswith(f"| `{name}`")
    ]
    wanted = inspect.get_annotations(getattr(contracts, name))
    assert [one for one in wanted if f"`{one}`" not in row and one != "capability"] == []


def _place(name: str) -> int:
    capability = getattr(contracts, name).capability
    return CAPABILITIES.index(capability)


def _is_provider_error(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, errors.ProviderError)


def _is_own(one: object, module: ModuleType) -> bool:
    return inspect.isfunction(one) and one.__module__ == module.__name__
