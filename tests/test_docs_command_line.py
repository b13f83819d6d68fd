"""The reference page of the command line has every command, option and exit code, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from hydrophone.cli.main import EPILOG, cli

PAGE = Path(__file__).parents[1] / "docs/reference/command-line.md"


def declared(command: click.Command, path: str) -> Iterator[tuple[str, list[str]]]:
    """Yield (heading, options) of a command and of those below it, as click shows them."""
    context = click.Context(command, info_name=path, **command.context_settings)
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    heading = " ".join([path, *(argument.make_metavar(context) for argument in arguments)])
    # `--help` is the same everywhere: the page has it once.
    parameters = command.get_params(context) if command is cli else command.params
    records = [p.get_help_record(context) for p in parameters if isinstance(p, click.Option)]
    yield heading, sorted(record[0] for record in records if record)
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from declared(child, f"{path} {name}")


def cells_by_heading() -> dict[str, list[str]]:
    """Return the first cells of the rows below each heading, without the table's head."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ").strip("`")
            found[heading] = []
        elif line.startswith("| ") and not line.startswith(("| option", "| code")):
            found[heading].append(line.split("|")[1].strip().strip("`"))
    return found


def test_every_command_has_its_section_with_its_options() -> None:
    documented = {heading: sorted(cells) for heading, cells in cells_by_heading().items()}
    del documented["Exit codes"]
    assert documented == dict(declared(cli, "hydrophone"))


def test_exit_codes_are_those_of_the_help() -> None:
    assert cells_by_heading()["Exit codes"] == re.findall(r"^  (\d)  ", EPILOG, re.MULTILINE)
