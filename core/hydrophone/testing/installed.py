"""Makes a plugin look installed to a program that a test starts."""

import os
from pathlib import Path


def install(site: Path, name: str, target: str, *, version: str = "1.0") -> None:
    """Write an entry point `name` for `target` (`package.module:Class`) into a folder.

    `environment(site)` has a program find it. The code itself must be importable there, or lie in
    the folder.
    """
    folder = site / f"hydrophone_{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: hydrophone-{name}\nVersion: {version}\n"
    )
    (folder / "entry_points.txt").write_text(f"[hydrophone.plugins]\n{name} = {target}\n")


def environment(site: Path) -> dict[str, str]:
    """Return what a program's environment needs for what was installed there."""
    paths = [str(site), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
