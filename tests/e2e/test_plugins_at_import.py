"""Plugins whose import takes long, or does not end: the server answers, and commands do."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.waiting import until

from hydrophone.testing.plugin_site import make_site
from hydrophone.testing.server import RunningServer, running_server

CODE = """
import os
import time
from pathlib import Path

import click

from hydrophone.plugin import PLUGIN_API, Manifest, Plugin, hookimpl

GO = Path(os.environ.get("GO", "/"))

print("This is {name}.")
while {condition}:
    time.sleep(0.02)


@click.command("{name}-asks")
def ask():
    \"\"\"Ask {name}.\"\"\"


class {kind}(Plugin):
    manifest = Manifest(name="{name}", version="1.2", summary="Sleeps.", api=PLUGIN_API)

    @classmethod
    @hookimpl
    def commands(cls):
        return (ask, print)
"""
WAITS = {"sleeping": "not GO.exists()", "hanging": "True", "awake": "False"}
"""In the order of their tables: the last one has to wait for the second."""


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    codes = {
        name: CODE.format(name=name, kind=name.capitalize(), condition=condition)
        for name, condition in WAITS.items()
    }
    site: Path = tmp_path_factory.mktemp("site")
    return {**make_site(site, codes), "COLUMNS": "200"}


@pytest.fixture(scope="module")
def server(
    hydrophone_library: Any,
    variables: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("data")
    (data / "config.toml").write_text("".join(f"[plugins.{name}]\n" for name in WAITS))
    held = {**variables, "GO": str(data / "go")}
    with running_server(data, music=[hydrophone_library.root], environment=held) as running:
        # So it answers while the first one is not even imported.
        assert statuses(running)["sleeping"] != "running"
        (data / "go").touch()
        yield running
        assert running.stop() < 20


def statuses(server: RunningServer, what: str = "state") -> Any:
    with server.client() as client:
        login = (server.user, server.password)
        listed = client.http.get("/api/v1/plugins", auth=login).json()
    return {one["instance"]: one[what] for one in listed if one["instance"] in WAITS}


@pytest.fixture(scope="module", autouse=True)
def commands(
    variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """Begin all commands at once: each waits for the one that hangs."""
    folder = tmp_path_factory.mktemp("nothing")
    (folder / "config.toml").write_text("[plugins.hanging]\n[plugins.awake]\n")
    words = {"help": ("--help",), "plugins": ("plugins", "--data", str(folder), "--json")}
    with ExitStack() as stack:
        begun = {
            name: stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "hydrophone", *arguments],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    env={**os.environ, **variables, "HOME": str(folder)},
                )
            )
            for name, arguments in words.items()
        }
        yield begun
        # Another worker may have taken the tests that wait for their ends.
        for process in begun.values():
            process.kill()


def test_the_library_answers_meanwhile(server: RunningServer) -> None:
    with server.client() as client:
        client.await_scan(tracks=5)
        for _ in range(10):
            client.ask("ping")


def test_the_status_says_which_hangs_and_the_others_run(server: RunningServer) -> None:
    wanted = {"sleeping": "running", "hanging": "load_error", "awake": "running"}
    until(lambda: statuses(server) == wanted, str(wanted), seconds=60)
    said = statuses(server, "error")["hanging"]
    assert said.startswith("Its code cannot be imported: that has taken longer than 10 seconds.")
    assert said in server.log.read_text()


def test_commands_do_without_it(commands: dict[str, subprocess.Popen[str]]) -> None:
    shown, errors = commands["help"].communicate(timeout=90)
    assert commands["help"].returncode == 0
    assert "Ask awake." in shown
    assert "Ask sleeping." in shown
    said = "Its code cannot be imported: that has taken longer than 3 seconds."
    assert f"Plugin hanging has no commands: {said}" in errors
    assert "Plugin awake has a command that is none of click: builtin_function" in errors


def test_they_are_looked_at_without_a_server(commands: dict[str, subprocess.Popen[str]]) -> None:
    listed = json.loads(commands["plugins"].communicate(timeout=90)[0])
    assert {one["instance"]: one["state"] for one in listed if one["state"] != "disabled"} == {
        "hanging": "load_error",
        "awake": "stopped",
    }
