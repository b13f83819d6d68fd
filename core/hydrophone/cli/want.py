"""`hydrophone want`: albums that plugins are to get."""

import asyncio
from pathlib import Path

import click

from hydrophone.cli.console import config_option, data_option, errors, json_option, load, printable
from hydrophone.domain.job import Job


@click.command()
@click.argument("artist")
@click.argument("album")
@click.option("--year", type=click.IntRange(0, 9999), default=0, help="When it came out.")
@config_option
@data_option
@json_option
def want(
    artist: str,
    album: str,
    year: int,
    config_file: Path | None,
    data_dir: Path | None,
    *,
    as_json: bool,
) -> None:
    """Have plugins get an album; `hydrophone jobs` says how far it is.

    Only a server does it. When the album is there, the libraries are scanned.

    \b
    Example:
      hydrophone want 'Nina Simone' 'Pastel Blues' --year 1965
    """
    import msgspec

    async def run() -> Job:
        from hydrophone.plugin.capabilities.acquirer import WantedAlbum
        from hydrophone.server.commands import open_jobs
        from hydrophone.services.acquisitions import wanted_job

        wanted = WantedAlbum(title=album, artists=(artist,), year=year)
        async with open_jobs(load(config_file, data_dir)) as queue:
            return await queue.enqueue(wanted_job(wanted, None))

    job = asyncio.run(run())
    if as_json:
        click.echo(msgspec.json.encode(job))
    else:
        errors.print(f"Job {job.id}: {printable(job.title)}", soft_wrap=True)
