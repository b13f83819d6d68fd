"""An environment of its own for what is installed beside our wheels, as with a user."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*words: object, cwd: Path = ROOT, python: object = sys.executable) -> str:
    """Run a module of Python, away from this working copy's own import path."""
    done = subprocess.run(
        [str(python), "-m", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=outside_environment(),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def outside_environment() -> dict[str, str]:
    """Return the variables of this process without this working copy's own import path."""
    return {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}


def build_wheels(folder: Path) -> None:
    """Build ours, that of core of its source distribution."""
    run("hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT / "core")
    run("hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT / "subsonic_api")
    [sdist] = folder.glob("*.tar.gz")
    run("tarfile", "-e", sdist, folder)
    run("hatchling", "build", "-t", "wheel", "-d", folder, cwd=folder / sdist.name[:-7])


def make_environment(folder: Path, wheels: Path) -> Path:
    """Make one with these wheels, which sees what they depend on where it is already.

    Returns its Python.
    """
    venv.create(folder, symlinks=True)
    [site] = folder.glob("lib/python3*/site-packages")
    for wheel in wheels.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(site)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python"
