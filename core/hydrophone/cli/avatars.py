"""`hydrophone users avatar`: pictures of users."""

import asyncio
from pathlib import Path

import click

from hydrophone.cli.console import config_option, data_option, errors, load


@click.command()
@click.argument("name")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--remove", is_flag=True, help="Take the picture away.")
@config_option
@data_option
def avatar(
    name: str, file: Path | None, config_file: Path | None, data_dir: Path | None, *, remove: bool
) -> None:
    """Set a user's picture, which apps show, or take it away.

    FILE is a JPEG, PNG, WebP, GIF or BMP; it is scaled to 512 pixels. Without a picture the
    server draws one.

    \b
    Examples:
      hydrophone users avatar anna anna.jpg
      hydrophone users avatar anna --remove
    """
    if (file is None) != remove:
        raise click.UsageError("Name either a file or --remove.")

    async def run() -> None:
        from hydrophone.server.commands import open_people

        async with open_people(load(config_file, data_dir)) as people:
            if file is None:
                await people.avatars.remove(name)
            else:
                await people.avatars.set_from_file(name, file)

    asyncio.run(run())
    errors.print(f"{'Removed' if remove else 'Set'} the picture of {name}.", markup=False)
