"""`hydrophone plugins install`, into an environment of its own, without a network."""

import os
import subprocess
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import hydrophone

CODE = """
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin


class Tide(Plugin):
    manifest = Manifest(name="tide", version="1.2", summary="Comes and goes.", api=PLUGIN_API)
"""
INFO = "hydrophone_tide-1.2.dist-info"
FILES = {
    "hydrophone_tide.py": CODE,
    f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: hydrophone-tide\nVersion: 1.2\n"
    "Requires-Dist: msgspec\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
    "Tag: py3-none-any\n",
    f"{INFO}/entry_points.txt": "[hydrophone.plugins]\ntide = hydrophone_tide:Tide\n",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dist") / "hydrophone_tide-1.2-py3-none-any.whl"
    record = "".join(f"{name},,\n" for name in (*FILES, f"{INFO}/RECORD"))
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in {**FILES, f"{INFO}/RECORD": record}.items():
            packed.writestr(name, content)
    return path


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of an empty environment, which is seen besides our own."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    return folder / "bin" / "python"


def install(python: Path, wheel: Path, code: int = 0) -> str:
    # An editable installation stands in a .pth file, which only its own Python reads.
    ours = str(Path(hydrophone.__path__[0]).parent)
    path = [ours, os.environ.get("PYTHONPATH", ""), sysconfig.get_path("purelib")]
    ended = subprocess.run(
        [python, "-m", "hydrophone", "plugins", "install", wheel],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path)), "COLUMNS": "200"},
    )
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout


def test_it_says_what_was_installed_and_the_table_to_add(python: Path, wheel: Path) -> None:
    command, *said = install(python, wheel).splitlines()
    assert command.endswith(wheel.name)
    assert said == [
        "Installed hydrophone-tide 1.2.",
        "Add this to the configuration, and start the server anew:",
        "",
        "[plugins.tide]",
    ]
    assert install(python, wheel).splitlines()[1:] == ["Nothing new was installed."]


def test_what_cannot_be_installed_is_said(python: Path, tmp_path: Path) -> None:
    (tmp_path / "odd-1-py3-none-any.whl").write_bytes(b"no wheel")
    install(python, tmp_path / "odd-1-py3-none-any.whl", code=1)
