"""Smart playlists to be asked for."""

import json
from collections.abc import Mapping
from pathlib import Path

from contrib.bench.serving import USER, Client, command


def make(client: Client, data: Path, rules: Mapping[str, object]) -> dict[str, str]:
    """Make a smart playlist of each name; return {name: id} of all playlists."""
    for name, those in rules.items():
        file = data / f"{name}.nsp"
        file.write_text(json.dumps(those))
        command(data, "playlists", "import", str(file), "--user", USER)
    answer = json.loads(client.get("getPlaylists", f="json"))["subsonic-response"]
    return {one["name"]: one["id"] for one in answer["playlists"]["playlist"]}
