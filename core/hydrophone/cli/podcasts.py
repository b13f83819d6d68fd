"""`hydrophone podcasts`: subscriptions, from other programs and for them."""

import asyncio
from pathlib import Path

import click

from hydrophone.cli.console import config_option, data_option, errors, load, printable


@click.group()
def podcasts() -> None:
    """Take podcasts over from other programs, and hand them on; works while the server runs."""


@podcasts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_option
@data_option
def import_podcasts(file: Path, config_file: Path | None, data_dir: Path | None) -> None:
    """Follow all podcasts of an OPML file, for all users.

    A running server reads the feeds within a minute. Those that are followed already stay.

    \b
    Example:
      hydrophone podcasts import AntennaPod.opml
    """
    from hydrophone.media.opml import MAX_SIZE

    if file.stat().st_size > MAX_SIZE:
        raise click.BadParameter(f"The file is larger than {MAX_SIZE // 2**20} MiB.")

    async def run() -> tuple[int, dict[str, str]]:
        from hydrophone.server.commands import open_subscriptions

        async with open_subscriptions(load(config_file, data_dir), make=True) as subscriptions:
            return await subscriptions.import_opml(content)

    content = file.read_bytes()
    added, refused = asyncio.run(run())
    for url, reason in refused.items():
        errors.print(f"Left out {printable(url)}: {printable(reason)}")
    errors.print(f"Podcasts of this file that are followed: {added}.")


@podcasts.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@config_option
@data_option
def export(file: Path, config_file: Path | None, data_dir: Path | None) -> None:
    """Write all podcasts into an OPML file; one of this name is overwritten.

    Addresses of feeds may hold secrets of those who added them.

    \b
    Example:
      hydrophone podcasts export podcasts.opml
    """

    async def run() -> bytes:
        from hydrophone.server.commands import open_subscriptions

        async with open_subscriptions(load(config_file, data_dir)) as subscriptions:
            return await subscriptions.export_opml()

    content = asyncio.run(run())
    try:
        file.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
    errors.print(f"Wrote {printable(str(file))}.")
