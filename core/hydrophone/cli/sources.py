"""`hydrophone sources`: what is kept of the answers of sources."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from hydrophone.cli.console import (
    config_option,
    data_option,
    date_of,
    errors,
    json_option,
    load,
    output,
    printable,
    refuse_options,
)
from hydrophone.domain.answers import SourceAnswers


@click.group(invoke_without_command=True)
@click.pass_context
@config_option
@data_option
@json_option
def sources(
    context: click.Context, config_file: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """List what is kept of the answers of sources, so that they are asked once for many.

    Whether a source runs is said by `hydrophone plugins`.

    \b
    Examples:
      hydrophone sources
      hydrophone sources clear internet_archive
    """
    if context.invoked_subcommand is not None:
        refuse_options(context)
        return

    async def run() -> tuple[SourceAnswers, ...]:
        from hydrophone.server.commands import open_answers

        async with open_answers(load(config_file, data_dir)) as answers:
            return await answers.statistics()

    found = asyncio.run(run())
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(found))
    elif found:
        _print_table(found)
    else:
        output.print("No source has answered anything yet; `hydrophone plugins` lists what runs.")


@sources.command()
@click.argument("source", required=False, default="", metavar="[SOURCE]")
@config_option
@data_option
def clear(source: str, config_file: Path | None, data_dir: Path | None) -> None:
    """Forget the answers of a source, or of all: they are asked anew.

    What people have starred, listed, rated or played stays, and so do all ids.

    \b
    Example:
      hydrophone sources clear internet_archive
    """

    async def run() -> int:
        from hydrophone.server.commands import open_answers

        async with open_answers(load(config_file, data_dir)) as answers:
            return await answers.clear(source)

    errors.print(f"Forgot {asyncio.run(run())} answers.")


def _print_table(found: Sequence[SourceAnswers]) -> None:
    from rich.table import Table

    table = Table("Source", "Answers", "KiB", "Served again", "Oldest")
    for one in found:
        table.add_row(
            printable(one.source),
            str(one.count),
            f"{one.size / 1024:.1f}",
            str(one.hits),
            date_of(one.oldest),
        )
    output.print(table)
