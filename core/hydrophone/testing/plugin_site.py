"""A folder of `sys.path` with plugins in it, as pip leaves them: for the real server to find."""

import os
from collections.abc import Mapping
from pathlib import Path

VERSION = "1.2"


def make_site(folder: Path, plugins: Mapping[str, str]) -> dict[str, str]:
    """Install plugins: by name the code of a module, whose class has that name with a capital.

    Returns the environment in which programs find them.
    """
    for name, code in plugins.items():
        (folder / f"{name}_plugin.py").write_text(code)
        info = folder / f"hydrophone_{name}-{VERSION}.dist-info"
        info.mkdir(parents=True)
        metadata = f"Metadata-Version: 2.1\nName: hydrophone-{name}\nVersion: {VERSION}\n"
        (info / "METADATA").write_text(metadata)
        points = f"[hydrophone.plugins]\n{name} = {name}_plugin:{name.capitalize()}\n"
        (info / "entry_points.txt").write_text(points)
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
