"""The tutorial "Your first source", done word by word by somebody who has just installed us."""

import contextlib
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.fresh_environment import (
    ROOT,
    build_wheels,
    make_environment,
    outside_environment,
)

from hydrophone.testing.server import RunningServer, running_server

PAGE = ROOT / "docs/tutorials/your-first-source.md"
GIVES_WAY = {
    "tests/fake_service.py": ("        album |= {", 1),
    "hydrophone_deep_sea/client.py": ("    track_count: int = 0", 0),
    "hydrophone_deep_sea/source.py": ("def _album", 10),
    "tests/test_source.py": ('    assert service.loopback.requests[-1].headers["auth', 0),
}
"""Where the lines of step 5 go: behind a line that begins so, or in the place of so many lines."""

PIP = """
import subprocess, sys, sysconfig, tempfile, zipfile
from pathlib import Path

if sys.argv[1:] == ["install", "-e", "."]:
    site = Path(sysconfig.get_path("purelib"))
    (site / "editable.pth").write_text(str(Path.cwd()))
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run(build, check=True)
        [wheel] = Path(folder).glob("*.whl")
        archive = zipfile.ZipFile(wheel)
        archive.extractall(site, [name for name in archive.namelist() if ".dist-info/" in name])
else:
    assert sys.argv[1:] == ["install", "pytest"], sys.argv
"""
"""Does what the page wants of pip without a package index; pytest is there already."""


class Reader:
    """Types what the page says, with folders of the test in the place of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.repository = home / "hydrophone-deep-sea"
        steps = re.split(r"^## (?=\d)", PAGE.read_text("utf-8"), flags=re.MULTILINE)
        self.blocks = [re.findall(r"^```(\w+)\n(.*?)^```", step, re.M | re.S) for step in steps]
        """Of each step their kinds and texts; what is to be done before is step 0."""

    def block(self, step: int, kind: str, which: int = 0) -> str:
        text: str = [text for name, text in self.blocks[step] if name == kind][which]
        return text.replace("/tmp/", f"{self.home}/")

    def types(self, script: str, *, cwd: Path | None = None) -> str:
        """Run lines of a shell in the activated environment; each must end with 0."""
        activated = f"cd {self.home}\n{self.block(0, 'sh').splitlines()[0]}\n"
        done = subprocess.run(
            ["bash", "-ec", f"{activated}cd {cwd or self.home}\n{script}"],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={
                **outside_environment(),
                "HOME": str(self.home),
                "COLUMNS": "200",
            },
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextlib.contextmanager
    def service(self) -> Iterator[None]:
        """Start the service of step 3, and put what it prints into try.toml."""
        [_, script] = self.block(3, "sh").split()
        with subprocess.Popen(
            [self.home / ".venv/bin/python", script],
            cwd=self.repository,
            stdout=subprocess.PIPE,
            text=True,
            env=outside_environment(),
        ) as process:
            assert process.stdout is not None
            lines = list(iter(process.stdout.readline, "Ends with Ctrl-C.\n"))
            table = "".join(lines[2:4])
            shown = re.escape(self.block(3, "toml")).replace(re.escape("..."), r"\d+")
            assert re.fullmatch(shown, table)
            (self.repository / "try.toml").write_text(table)
            try:
                yield
            finally:
                process.terminate()

    @contextlib.contextmanager
    def server(self, data: str) -> Iterator[RunningServer]:
        """Serve as step 4 says, at any free port."""
        _, serve, *words = shlex.split(self.block(4, "sh"))
        assert serve == "serve"
        words[words.index("--config") + 1] = str(self.repository / "try.toml")
        place = words.index("--data")
        del words[place : place + 2]
        python = str(self.home / ".venv/bin/python")
        with running_server(
            self.home / data, arguments=words, python=python, environment={"PYTHONPATH": ""}
        ) as running:
            yield running


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Somebody with an activated environment, who has made the repository of step 1."""
    home = tmp_path_factory.mktemp("home")
    build_wheels(tmp_path := tmp_path_factory.mktemp("wheels"))
    python = make_environment(home / ".venv", tmp_path)
    scripts = {
        name: f'#!/bin/sh\nexec "{python}" -m {name} "$@"\n' for name in ("hydrophone", "pytest")
    }
    scripts["pip"] = f"#!{python}\n{PIP}"
    for name, text in scripts.items():
        python.with_name(name).write_text(text)
        python.with_name(name).chmod(0o755)
    made = Reader(home)
    made.types(made.block(0, "sh"))
    assert "passed" in made.types(made.block(1, "sh"))
    return made


def test_steps_2_to_4_make_it_and_show_it(reader: Reader) -> None:
    for path in re.findall(r"^\| `([^`]+)` \|", PAGE.read_text("utf-8"), re.M):
        assert (reader.repository / path).is_file()
    with reader.service():
        check = reader.types(reader.block(3, "sh", 1), cwd=reader.repository)
        assert check == reader.block(3, "text")
        assert not (reader.home / "try").exists()
        with reader.server("try") as server, server.client() as client:
            folders = client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
            assert "Deep Sea" in [one["name"] for one in folders]
            found = client.ask("search3", query="blue")["searchResult3"]
            assert "Blue Hour" in [one["name"] for one in found["album"]]


def test_steps_5_and_6_change_it_and_break_it(reader: Reader) -> None:
    kept = {path: (reader.repository / path).read_text() for path in GIVES_WAY}
    for number, (path, (beginning, replaced)) in enumerate(GIVES_WAY.items()):
        lines = kept[path].splitlines(keepends=True)
        [place] = [at for at, line in enumerate(lines) if line.startswith(beginning)]
        place += 0 if replaced else 1
        lines[place : place + replaced] = [reader.block(5, "python", number)]
        (reader.repository / path).write_text("".join(lines))
    # Step 5 says so in words, for there is nothing new to type.
    assert "passed" in reader.types("pytest", cwd=reader.repository)
    with contextlib.ExitStack() as stack:
        service = stack.enter_context(contextlib.ExitStack())
        service.enter_context(reader.service())
        server = stack.enter_context(reader.server("try-again"))
        client = stack.enter_context(server.client())
        found = client.ask("search3", query="blue")["searchResult3"]
        [album] = [one for one in found["album"] if one["name"] == "Blue Hour"]
        assert client.ask("getAlbum", id=album["id"])["album"]["genre"] == "Ambient"
        service.close()
        client.ask("search3", query="tides")
        # The server tells every second how its plugins stand.
        deadline = time.monotonic() + 60
        listed = ""
        while "cannot be reached" not in listed:
            assert time.monotonic() < deadline, listed
            listed = reader.types(reader.block(6, "sh"), cwd=reader.repository)
