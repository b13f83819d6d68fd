"""The real server with plugins switched on, which does not forgive their bugs."""

import contextlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from hydrophone.server.plugins import STRICT
from hydrophone.testing.server import RunningServer, running_server

_BUG = re.compile(r"^.* has a bug: .*$", re.M)
"""As `host.guard` logs it."""
_PATIENT = "[search]\ndeadline = 30\n"
"""As long as may be: a source on a busy machine is late by the usual 1.5 seconds."""


@contextlib.contextmanager
def running_plugin_server(
    data: Path,
    plugins: Mapping[str, Mapping[str, object]],
    *,
    music: Sequence[Path] = (),
    settings: str = "",
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[RunningServer]:
    """Start a server with these tables under `[plugins]`, and no other plugin.

    `settings` is TOML that goes before them; without `[search]` in it, a search waits for sources
    for half a minute, so that tests find what a source on a busy machine has. Plugins are found as
    they are installed; for one that is not see `hydrophone.testing.installed`, whose `environment`
    goes into ours. Bugs of plugins are raised where they are called. Raises AssertionError at the
    exit if there were any.
    """
    data.mkdir(parents=True, exist_ok=True)
    patient = "" if "search" in tomllib.loads(settings) else _PATIENT
    tables = [_table(f"plugins.{name}", table) for name, table in plugins.items()]
    (data / "config.toml").write_text("\n".join([settings, patient, *tables]), encoding="utf-8")
    with running_server(data, music=music, environment={**environment, STRICT: "1"}) as running:
        yield running
    bugs = _BUG.findall(running.log.read_text())
    if bugs:
        raise AssertionError("\n".join(["Plugins have bugs:", *bugs, f"Traces: {running.log}"]))


def _table(name: str, values: Mapping[str, object]) -> str:
    lines = [f"{json.dumps(key)} = {_value(value)}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def _value(value: object) -> str:
    """Write a value as TOML, whose texts, numbers and truth values are those of JSON."""
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
