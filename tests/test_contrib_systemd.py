"""The unit for systemd starts a command that exists, on the folders of its configuration."""

import shlex
from collections import defaultdict
from pathlib import Path

from hydrophone.cli.main import cli
from hydrophone.config import load_config

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "contrib/systemd"
PAGES = [ROOT / "docs/how-to/run-as-a-service.md", ROOT / "docs/how-to/raspberry-pi.md"]


def settings() -> dict[str, list[str]]:
    """Return the values of each key of the unit; a key may come several times."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (FOLDER / "hydrophone.service").read_text().splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found[key].append(value)
    return found


def test_what_it_starts_is_a_command_of_ours() -> None:
    (command,) = settings()["ExecStart"]
    program, *arguments = shlex.split(command)
    assert Path(program).name == "hydrophone"
    name, found, rest = cli.resolve_command(cli.make_context("hydrophone", ["--"]), arguments)
    assert found is not None
    # Fails if an option does not exist, and runs nothing.
    context = found.make_context(name, rest)
    assert context.params["config_file"] == Path("/etc/hydrophone/config.toml")


def test_it_may_write_where_the_configuration_says_and_nowhere_else() -> None:
    unit = settings()
    config = load_config(FOLDER / "config.toml", environ={})
    assert config.server.data_dir == Path("/var/lib") / unit["StateDirectory"][0]
    assert config.server.cache_dir == Path("/var/cache") / unit["CacheDirectory"][0]
    assert config.backup.dir.is_relative_to(config.server.data_dir)
    assert unit["ProtectSystem"] == ["strict"]
    assert "ReadWritePaths" not in unit


def test_its_user_is_made_with_the_data_folder_as_home() -> None:
    (line,) = [
        line
        for line in (FOLDER / "hydrophone.sysusers").read_text().splitlines()
        if not line.startswith("#")
    ]
    kind, name, _, _, home = shlex.split(line)
    assert (kind, name) == ("u", settings()["User"][0])
    assert home == f"/var/lib/{settings()['StateDirectory'][0]}"


def test_the_pages_speak_of_the_same_program_and_files() -> None:
    program = settings()["ExecStart"][0].split()[0]
    for page in PAGES:
        text = page.read_text()
        assert program in text
        for file in FOLDER.iterdir():
            assert f"contrib/systemd/{file.name}" in text


def test_the_pages_give_another_account_what_only_its_group_may_read() -> None:
    assert "install -d -m 750 -g hydrophone /etc/hydrophone" in PAGES[0].read_text()
    for page in PAGES:
        text = page.read_text()
        assert "Group=1000" in text
        assert "sudo chgrp -R 1000 /etc/hydrophone" in text
        assert "sudo chown -R 1000:1000 /mnt/" in text


def test_the_pages_wait_for_the_first_password() -> None:
    """A unit of `Type=exec` counts as started before its program has made anything."""
    assert settings()["Type"] == ["exec"]
    for page in PAGES:
        lines = [line for line in page.read_text().splitlines() if "cat /" in line]
        assert lines
        assert all(line.startswith("until sudo cat") for line in lines)
