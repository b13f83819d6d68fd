"""`hydrophone cache`: music of sources that is on the disk."""

import asyncio
from pathlib import Path

import click

from hydrophone.cli.console import (
    config_option,
    data_option,
    errors,
    json_option,
    load,
    output,
    printable,
    refuse_options,
)
from hydrophone.domain.cache import CachedFile

_PAGE = 500
_MIB = 1024 * 1024


@click.group(invoke_without_command=True)
@click.pass_context
@config_option
@data_option
@json_option
def cache(
    context: click.Context, config_file: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """List the music of sources that is on the disk; works while the server runs, too.

    \b
    Examples:
      hydrophone cache
      hydrophone cache --json | jq 'map(.size) | add'
      hydrophone cache delete tr-abc123
    """
    if context.invoked_subcommand is not None:
        refuse_options(context)
        return
    import msgspec
    from rich.table import Table

    found = asyncio.run(_all(config_file, data_dir))
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    table = Table("Id", "Track", "Source", "MiB", "Kept")
    for one in found:
        name = f"{one.artist}: {one.title}" if one.artist else one.title
        size = f"{one.size / _MIB:.1f}"
        table.add_row(one.track_id, printable(name), one.source, size, "yes" if one.is_kept else "")
    output.print(table)
    total = sum(one.size for one in found) / _MIB
    errors.print(f"{len(found)} tracks, {total:.1f} MiB.")


@cache.command()
@click.argument("track_ids", nargs=-1, required=True, metavar="ID...")
@config_option
@data_option
def delete(track_ids: tuple[str, ...], config_file: Path | None, data_dir: Path | None) -> None:
    """Delete copies of tracks; the tracks, their stars and playlists stay.

    They come again when they are played, and not by themselves.

    \b
    Example:
      hydrophone cache delete tr-abc123
    """

    async def run() -> None:
        from hydrophone.server.commands import open_cache

        async with open_cache(load(config_file, data_dir)) as copies:
            for track_id in track_ids:
                deleted = await copies.delete(track_id)
                errors.print(f"Deleted {printable(deleted.title)}.", soft_wrap=True)

    asyncio.run(run())


@cache.command()
@click.argument("identifiers", nargs=-1, required=True, metavar="ID...")
@click.option("--user", "name", metavar="NAME", required=True, help="Who wants them to be kept.")
@click.option("--off", is_flag=True, help="Keep them no longer; copies that are here stay.")
@config_option
@data_option
def keep(
    identifiers: tuple[str, ...],
    name: str,
    config_file: Path | None,
    data_dir: Path | None,
    *,
    off: bool,
) -> None:
    """Keep tracks, albums and playlists on the disk, for ever.

    A server that runs fetches what is not here. Of an album that a source has only named, and
    nobody has opened, no track is known yet: open it in an app first.

    \b
    Examples:
      hydrophone cache keep tr-abc123 al-def456 --user anna
      hydrophone cache keep tr-abc123 --user anna --off
    """

    async def run() -> None:
        from hydrophone.server.keep_commands import open_keeps

        async with open_keeps(load(config_file, data_dir)) as (people, _, keeps):
            owner = await people.accounts.named(name)
            for identifier in identifiers:
                await (keeps.unkeep if off else keeps.keep)(owner, identifier)
                done = "is kept no longer" if off else "is kept"
                errors.print(f"{printable(identifier)} {done}.", soft_wrap=True)

    asyncio.run(run())


async def _all(config_file: Path | None, data_dir: Path | None) -> list[CachedFile]:
    from hydrophone.domain.library import Page
    from hydrophone.server.commands import open_cache

    found: list[CachedFile] = []
    async with open_cache(load(config_file, data_dir)) as copies:
        total = 1
        while len(found) < total:
            page, total = await copies.page("", Page(offset=len(found), size=_PAGE))
            if not page:
                break
            found += page
    return found
