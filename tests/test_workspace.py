"""The distributions of the workspace fit together: versions, pins, constraints, entry points."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution, entry_points, version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import hydrophone
from hydrophone.cli import main
from hydrophone_subsonic.layer import SubsonicLayer

ROOT = Path(__file__).parents[1]
CONSTRAINTS = ROOT / "contrib/dev/constraints.txt"
REQUIREMENTS = ROOT / "contrib/dev/requirements.txt"
PROJECTS = sorted(
    file
    for depth in ("", "*/", "*/*/")
    for file in ROOT.glob(f"{depth}pyproject.toml")
    if not any(part.startswith(".") for part in file.relative_to(ROOT).parts)
)
PLUGINS = [file for file in PROJECTS if file.parent.parent == ROOT / "plugins"]
IN_STEP = {"hydrophone", "hydrophone-core", "hydrophone-subsonic"}
"""Distributions that have one version; plugins have their own."""


def project(file: Path) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(file.read_text())["project"]
    return table


def requirements_of(table: dict[str, Any]) -> list[Requirement]:
    texts = list(table["dependencies"])
    for extra in table.get("optional-dependencies", {}).values():
        texts += extra
    return [Requirement(text) for text in texts]


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line and not line.startswith("#")]


def constrained() -> set[str]:
    return {canonicalize_name(line.partition("==")[0]) for line in lines(CONSTRAINTS)}


def closure(requirements: Iterable[Requirement]) -> set[str]:
    """Return the names of what is required, and of what that requires in turn.

    What is not installed, being for another platform or an extra, counts without its own needs.
    """
    pending = list(requirements)
    seen: set[tuple[str, str]] = set()
    while pending:
        requirement = pending.pop()
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                pending += needs(name, extra)
    return {name for name, _ in seen}


def needs(name: str, extra: str) -> Iterator[Requirement]:
    """Yield what an installed distribution requires here, if it has this extra."""
    try:
        texts = distribution(name).requires or ()
    except PackageNotFoundError:
        return
    for needed in map(Requirement, texts):
        if not needed.marker or needed.marker.evaluate({"extra": extra}):
            yield needed


def test_there_are_three_distributions_at_least() -> None:
    assert {project(file)["name"] for file in PROJECTS} >= IN_STEP


@pytest.mark.parametrize("name", sorted(IN_STEP))
def test_what_is_installed_has_the_one_version(name: str) -> None:
    assert version(name) == hydrophone.__version__


def test_the_version_is_written_in_one_place() -> None:
    for file in PROJECTS:
        settings = tomllib.loads(file.read_text())
        if settings["project"]["name"] in IN_STEP:
            assert settings["project"]["dynamic"] == ["version"]
            source = (file.parent / settings["tool"]["hatch"]["version"]["path"]).resolve()
            assert source == ROOT / "core/hydrophone/_version.py"


def test_siblings_want_each_other_in_this_version() -> None:
    pins = [
        requirement
        for file in PROJECTS
        if project(file)["name"] in IN_STEP
        for requirement in requirements_of(project(file))
        if canonicalize_name(requirement.name) in IN_STEP and not requirement.extras
    ]
    assert len(pins) == 3
    assert {str(pin.specifier) for pin in pins} == {f"=={hydrophone.__version__}"}


def test_python_is_the_same_everywhere() -> None:
    floors = {project(file)["requires-python"] for file in PROJECTS}
    assert len(floors) == 1
    floor = floors.pop().removeprefix(">=")
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    assert tools["mypy"]["python_version"] == floor
    assert tools["ruff"]["target-version"] == f"py{floor.replace('.', '')}"
    assert f"({floor.replace('.', ', ')})" in (ROOT / "Makefile").read_text()


def test_the_makefile_watches_every_project() -> None:
    patterns = re.search(
        r"^PROJECTS := \$\(wildcard (.*)\)$", (ROOT / "Makefile").read_text(), re.M
    )
    assert patterns
    watched = {file for pattern in patterns[1].split() for file in ROOT.glob(pattern)}
    assert watched == set(PROJECTS)


def test_every_project_is_installed_for_development() -> None:
    editables = {
        (ROOT / line.removeprefix("-e ").partition("[")[0]).resolve()
        for line in lines(REQUIREMENTS)
        if line.startswith("-e ")
    }
    assert editables == {file.parent for file in PROJECTS}


def test_constraints_are_names_with_versions_and_nothing_else() -> None:
    pin = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.!+_-]*")
    assert [line for line in CONSTRAINTS.read_text().splitlines() if not pin.fullmatch(line)] == []
    assert len(constrained()) == len(lines(CONSTRAINTS))


def test_nothing_names_where_packages_come_from() -> None:
    for file in (CONSTRAINTS, REQUIREMENTS, ROOT / "Makefile", *PROJECTS):
        assert not re.search(r"index-url|find-links|://|--hash", file.read_text()), file


def test_constraints_cover_all_that_is_required() -> None:
    wanted = [requirement for file in PROJECTS for requirement in requirements_of(project(file))]
    wanted += [Requirement(line) for line in lines(REQUIREMENTS) if not line.startswith("-")]
    ours = {canonicalize_name(project(file)["name"]) for file in PROJECTS} - {"hydrophone"}
    assert closure(wanted) - constrained() == ours


@pytest.mark.parametrize("file", PLUGINS, ids=lambda file: file.parent.name)
def test_a_plugin_is_shaped_like_a_stranger_s(file: Path) -> None:
    name, table = file.parent.name, project(file)
    dashed = f"hydrophone-{name.replace('_', '-')}"
    assert table["name"] == dashed
    [(point, target)] = table["entry-points"]["hydrophone.plugins"].items()
    assert point == name
    assert target.startswith(f"hydrophone_{name}:")
    core = next(one for one in requirements_of(table) if one.name == "hydrophone-core")
    assert hydrophone.__version__ in core.specifier
    assert {one.operator for one in core.specifier} == {">=", "<"}
    for needed in ("README.md", "CHANGELOG.md", "LICENSE", "tests", f"hydrophone_{name}/py.typed"):
        assert (file.parent / needed).exists(), needed
    meta = project(ROOT / "pyproject.toml")["optional-dependencies"]
    [extra] = map(Requirement, meta[name.replace("_", "-")])
    assert extra.name == dashed


@pytest.mark.parametrize("file", PLUGINS, ids=lambda file: file.parent.name)
def test_the_tests_of_a_plugin_run_with_all_others(file: Path) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    found = {path for pattern in settings["testpaths"] for path in ROOT.glob(pattern)}
    assert file.parent / "tests" in found
    assert str(file.parent.relative_to(ROOT) / "tests") in settings["pythonpath"]
    own = tomllib.loads(file.read_text())["tool"]["mypy"]
    assert own["strict"] is True
    assert "for plugin in plugins/*/" in (ROOT / "Makefile").read_text()


def test_the_command_and_the_protocol_are_found() -> None:
    (command,) = entry_points(group="console_scripts", name="hydrophone")
    assert command.load() is main.main
    (protocol,) = entry_points(group="hydrophone.protocols", name="subsonic")
    assert protocol.load() is SubsonicLayer
