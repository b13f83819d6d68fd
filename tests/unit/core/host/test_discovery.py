"""Which plugins are found, and what becomes of odd ones when they are loaded."""

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from hydrophone.errors import PluginError
from hydrophone.host.discovery import GROUP, installed_plugins, load

MODULE = """
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin


class Good(Plugin):
    manifest = Manifest(name="good", version="1", summary="Works.", api=PLUGIN_API)


class Nameless(Plugin):
    pass


class Blocking(Plugin):
    manifest = Manifest(name="bad", version="1", summary="Blocks.", api=PLUGIN_API)

    def start(self):
        pass


function = print
"""


@pytest.fixture(autouse=True)
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "odd_plugins.py").write_text(MODULE)
    (tmp_path / "odd_broken.py").write_text("import no_such_module_anywhere")
    (tmp_path / "odd_leaving.py").write_text("raise SystemExit('bye')")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in ("odd_plugins", "odd_broken", "odd_leaving"):
        sys.modules.pop(name, None)


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group=GROUP)


def test_finding_imports_nothing() -> None:
    found = installed_plugins([point("good", "odd_plugins:Good"), point("bad", "odd_broken:X")])
    assert list(found) == ["bad", "good"]
    assert "odd_plugins" not in sys.modules
    assert "odd_broken" not in sys.modules


def test_loads_the_class() -> None:
    found = installed_plugins([point("good", "odd_plugins:Good")])
    assert load(found["good"]).manifest.summary == "Works."


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("bad", "odd_broken:X", "no_such_module_anywhere"),
        ("bad", "odd_leaving:X", "SystemExit: bye"),
        ("bad", "odd_nowhere:X", "odd_nowhere"),
        ("bad", "not a module!", "`module:Class` is expected"),
        ("bad", "odd_plugins:Absent", "Absent"),
        ("bad", "odd_plugins:function", "no subclass of Plugin"),
        ("bad", "odd_plugins", "no subclass of Plugin"),
        ("bad", "odd_plugins:Nameless", "no manifest"),
        ("bad", "odd_plugins:Good", "its manifest 'good'"),
        ("bad", "odd_plugins:Blocking", "Its start must be an `async def`"),
    ],
)
def test_says_why_a_plugin_cannot_be_loaded(name: str, value: str, reason: str) -> None:
    with pytest.raises(PluginError, match=reason):
        load(installed_plugins([point(name, value)])[name])


def test_a_clash_of_names_refuses_both() -> None:
    found = installed_plugins([point("good", "odd_plugins:Good"), point("good", "other:Good")])
    with pytest.raises(PluginError, match="uninstall one"):
        load(found["good"])


def test_the_same_entry_point_twice_is_no_clash() -> None:
    found = installed_plugins([point("good", "odd_plugins:Good")] * 2)
    assert not found["good"].is_clash
