"""Which part imports which: read from the sources with `ast`, so that no import is run.

The arrows are those of CONTRIBUTING.md ("Who imports whom"). A module that is not named here, nor
inside a package that is, fails: a new part must say what it stands on.
"""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SOURCES = (ROOT / "core", ROOT / "subsonic_api", *sorted(ROOT.glob("plugins/*")))
OURS = ("hydrophone", "hydrophone_")

ERRORS = frozenset({"hydrophone.errors"})
DOMAIN = ERRORS | {"hydrophone.domain"}
PLUGIN = DOMAIN | {"hydrophone.plugin"}
SCANNER = DOMAIN | {"hydrophone.storage", "hydrophone.sandbox"}
SERVICES = SCANNER | {
    "hydrophone.backup",
    "hydrophone.scanner",
    "hydrophone.media",
    "hydrophone.config",
    "hydrophone.outbound",
    "hydrophone.plugin",
    "hydrophone.host",
}
# Workers are the business of those who start them.
SERVER = SERVICES - {"hydrophone.sandbox"} | {"hydrophone.services"}
CLI = SERVER | {"hydrophone.server", "hydrophone.demo"}

PLUGINS = [folder.name for folder in sorted(ROOT.glob("plugins/*/hydrophone_*"))]

MAY_IMPORT: Mapping[str, frozenset[str]] = {
    # The version, which everybody may ask for.
    "hydrophone": frozenset({"hydrophone._version"}),
    "hydrophone._version": frozenset(),
    "hydrophone.__main__": frozenset({"hydrophone.cli"}),
    "hydrophone.errors": frozenset(),
    "hydrophone.domain": ERRORS,
    "hydrophone.config": DOMAIN,
    "hydrophone.sandbox": ERRORS,
    # What plugins import, so it stands on as little as they do.
    "hydrophone.plugin": DOMAIN,
    "hydrophone.host": PLUGIN,
    "hydrophone.outbound": DOMAIN | {"hydrophone._version"},
    "hydrophone.demo": DOMAIN,
    "hydrophone.storage": DOMAIN,
    "hydrophone.media": DOMAIN,
    # Of the media what asks ffmpeg about a file, which needs no server.
    "hydrophone.scanner": SCANNER | {"hydrophone.media.video_probe"},
    # It runs in a process of its own as a scan does, and stands on the same.
    "hydrophone.backup": SCANNER,
    "hydrophone.services": SERVICES,
    "hydrophone.server": SERVER,
    "hydrophone.cli": CLI,
    # All of core.
    "hydrophone.testing": frozenset({"hydrophone"}),
    # It judges servers from outside, ours as any other.
    "hydrophone_subsonic.conformance": frozenset(),
    "hydrophone_subsonic": DOMAIN | {"hydrophone.services", "hydrophone.server.protocols"},
    # As those of strangers do.
    **dict.fromkeys(PLUGINS, PLUGIN),
}
"""From a part to the parts that it may import, besides itself."""

MAY_IMPORT_INSIDE_FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    # So that `hydrophone --help` is quick.
    "hydrophone.cli": ("",),
    # So that a server that has nothing to migrate is.
    "hydrophone.storage.upgrade": ("alembic",),
    # An extra that not everybody has.
    "hydrophone.media.ffmpeg": ("imageio_ffmpeg",),
    # So that a test run that does not use a part of the kit does not load it.
    "hydrophone.testing": ("",),
}
"""From a part to the beginnings of what may be imported there when it is needed."""


class Import(NamedTuple):
    """One name of an import statement."""

    module: str
    """What is imported: a module of ours, or anybody's as it is written."""
    line: int
    inside_function: bool


def lies_in(module: str, part: str) -> bool:
    return module == part or module.startswith(f"{part}.")


def part_of(module: str) -> str:
    """Return the part that a module belongs to, `""` if it is in none."""
    parts = [part for part in MAY_IMPORT if part != "hydrophone" and lies_in(module, part)]
    return max(parts, key=len, default="hydrophone" if module == "hydrophone" else "")


def imports_of(source: str, modules: Mapping[str, str]) -> Iterator[Import]:
    """Yield what a source imports, wherever in it; `from package import module` is the module."""
    pending: list[tuple[ast.AST, bool]] = [(ast.parse(source), False)]
    while pending:
        node, inside = pending.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                yield Import(submodule if submodule in modules else base, node.lineno, inside)
        inside = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        pending.extend((child, inside) for child in ast.iter_child_nodes(node))


def fault_of(module: str, found: Import) -> str:
    """Say what is wrong with an import, `""` if nothing is."""
    if found.module.startswith("."):
        return "a relative import"
    if found.inside_function and not any(
        lies_in(module, place) and found.module.startswith(beginnings)
        for place, beginnings in MAY_IMPORT_INSIDE_FUNCTIONS.items()
    ):
        return f"imports {found.module} inside a function"
    if not found.module.startswith(OURS) or found.module == "hydrophone":
        return ""
    part = part_of(module)
    if part == part_of(found.module) or any(
        lies_in(found.module, allowed) for allowed in MAY_IMPORT[part]
    ):
        return ""
    return f"imports {found.module}"


def faults(modules: Mapping[str, str]) -> list[str]:
    """Return what is wrong in these modules ({name: source}), a line for each fault."""
    found = []
    graph: dict[str, set[str]] = {}
    for module, source in modules.items():
        if not part_of(module):
            found.append(f"{module} belongs to no part that this test knows")
            continue
        if "TYPE_CHECKING" in source:
            found.append(f"{module} hides imports behind TYPE_CHECKING")
        imported = list(imports_of(source, modules))
        graph[module] = {one.module for one in imported if one.module in modules} - {module}
        for one in imported:
            fault = fault_of(module, one)
            if fault:
                found.append(f"{module}:{one.line} {fault}")
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found.append("circle: " + " <- ".join(error.args[1]))
    return found


def our_modules() -> dict[str, str]:
    modules = {}
    for project in SOURCES:
        for package in project.glob("hydrophone*"):
            for file in sorted(package.rglob("*.py")):
                parts = file.relative_to(project).with_suffix("").parts
                name = ".".join(parts).removesuffix(".__init__")
                modules[name] = file.read_text(encoding="utf-8")
    return modules


def test_our_modules_import_as_they_may() -> None:
    modules = our_modules()
    assert {part_of(module) for module in modules} == MAY_IMPORT.keys()
    assert faults(modules) == []


def test_nobody_imports_the_kit_and_only_the_command_line_imports_the_demo() -> None:
    """What the table says in many places, once more in one."""
    assert not any("hydrophone.testing" in allowed for allowed in MAY_IMPORT.values())
    users = {part for part, allowed in MAY_IMPORT.items() if "hydrophone.demo" in allowed}
    assert users == {"hydrophone.cli"}


class TestChecker:
    """That it finds what it is for, on sources made up."""

    def test_the_way_down_is_free(self) -> None:
        assert not faults(
            {
                "hydrophone": "from hydrophone._version import __version__\n",
                "hydrophone._version": "__version__ = '1'\n",
                "hydrophone.errors": "",
                "hydrophone.domain.ids": "import re\n",
                "hydrophone.scanner.scan": (
                    "import os\n"
                    "import hydrophone.errors\n"
                    "from hydrophone import __version__\n"
                    "from hydrophone.storage.queries import tracks\n"
                    "from hydrophone.scanner import walk\n"
                ),
                "hydrophone_subsonic.layer": (
                    "from hydrophone.server.protocols import ProtocolTools\n"
                    "from hydrophone.services.bundle import Services\n"
                    "from hydrophone_subsonic.call import Call\n"
                ),
            }
        )

    def test_the_way_up_is_not(self) -> None:
        assert faults(
            {"hydrophone.domain.music": "import re\nfrom hydrophone.storage import database\n"}
        ) == ["hydrophone.domain.music:2 imports hydrophone.storage"]
        assert faults({"hydrophone.storage.database": "import hydrophone.config.schema\n"})
        assert faults({"hydrophone.media.image": "from hydrophone.storage import database\n"})
        assert faults({"hydrophone.server.app": "from hydrophone.cli import main\n"})

    def test_a_package_named_like_ours_is_not_ours_by_half(self) -> None:
        assert faults({"hydrophone.services.x": "import hydrophone.servicesandmore\n"})

    def test_a_plugin_imports_what_is_for_plugins(self) -> None:
        assert PLUGINS
        for plugin in PLUGINS:
            for allowed in ("plugin.http", "domain.remote", "errors"):
                assert not faults({f"{plugin}.source": f"import hydrophone.{allowed}\n"})
            for forbidden in ("hydrophone.services", "hydrophone.testing", "hydrophone_subsonic"):
                assert faults({f"{plugin}.source": f"import {forbidden}\n"})

    def test_core_imports_no_protocol_and_no_plugin(self) -> None:
        assert faults({"hydrophone.server.app": "import hydrophone_subsonic\n"})
        assert faults({"hydrophone.services.search": "from hydrophone_youtube import search\n"})

    def test_a_protocol_sees_one_module_of_the_server(self) -> None:
        wanted = ["hydrophone_subsonic.layer:1 imports hydrophone.server.files"]
        modules = {
            "hydrophone.server.files": "",
            "hydrophone.server.protocols": "",
            "hydrophone_subsonic.layer": "from hydrophone.server import files, protocols\n",
        }
        assert faults(modules) == wanted
        assert faults({"hydrophone_subsonic.layer": "from hydrophone.storage import database\n"})

    def test_the_conformance_checker_knows_no_server(self) -> None:
        source = "from hydrophone_subsonic.endpoints import ENDPOINTS\n"
        assert faults({"hydrophone_subsonic.conformance.spec": source})
        assert faults({"hydrophone_subsonic.conformance.spec": "import hydrophone.errors\n"})
        assert faults(
            {"hydrophone_subsonic.layer": "import hydrophone_subsonic.conformance.spec\n"}
        )

    def test_the_testing_kit_imports_all_of_core_and_nobody_imports_it(self) -> None:
        assert not faults({"hydrophone.testing.server": "from hydrophone.sandbox import Worker\n"})
        assert faults({"hydrophone.cli.main": "from hydrophone.testing import audio_files\n"})

    def test_imports_inside_functions_are_for_a_few(self) -> None:
        late = "def run() -> None:\n    import {}\n"
        assert faults({"hydrophone.services.search": late.format("json")}) == [
            "hydrophone.services.search:2 imports json inside a function"
        ]
        assert not faults({"hydrophone.cli.serve": late.format("rich.panel")})
        assert not faults({"hydrophone.media.ffmpeg": late.format("imageio_ffmpeg")})
        assert faults({"hydrophone.media.ffmpeg": late.format("json")})
        assert faults({"hydrophone.storage.upgrade": late.format("json")})

    def test_a_late_import_goes_no_forbidden_way_either(self) -> None:
        source = "async def run() -> None:\n    from hydrophone.testing import clock\n"
        assert faults({"hydrophone.cli.serve": source})

    def test_relative_imports_are_found(self) -> None:
        assert faults({"hydrophone.domain.music": "from . import ids\n"})

    def test_type_checking_is_found(self) -> None:
        source = "import typing\nif typing.TYPE_CHECKING:\n    import hydrophone.errors\n"
        assert faults({"hydrophone.domain.music": source})

    def test_a_circle_is_found_also_one_through_a_package(self) -> None:
        modules = {
            "hydrophone.domain.a": "from hydrophone.domain import b\n",
            "hydrophone.domain.b": "from hydrophone.domain.c import thing\n",
            "hydrophone.domain.c": "import hydrophone.domain.a\n",
        }
        assert [fault.partition(":")[0] for fault in faults(modules)] == ["circle"]
        package = {
            "hydrophone.config": "from hydrophone.config.schema import Config\n",
            "hydrophone.config.schema": "from hydrophone.config import Config\n",
        }
        assert [fault.partition(":")[0] for fault in faults(package)] == ["circle"]

    def test_a_part_that_nobody_has_named_is_found(self) -> None:
        assert faults({"hydrophone.utils": ""})
        assert faults({"hydrophone_new.thing": ""})
