"""The plugin, and its commands."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import click

from hydrophone.plugin import (
    PLUGIN_API,
    Context,
    Manifest,
    Permission,
    PermissionKind,
    Plugin,
    hookimpl,
    pass_plugin,
)
from hydrophone.plugin.capabilities.source import Source
from hydrophone_internet_archive import listing, queries
from hydrophone_internet_archive._version import __version__
from hydrophone_internet_archive.archive import Archive
from hydrophone_internet_archive.config import Config
from hydrophone_internet_archive.formats import wanted
from hydrophone_internet_archive.source import ArchiveSource

_PER_SECOND = 10.0
"""Of everything, pictures and downloads too; search and metadata keep to `pacing`."""


class InternetArchive(Plugin[Config]):
    """Concerts, and whatever else people have given to the Internet Archive."""

    manifest = Manifest(
        name="internet_archive",
        version=__version__,
        summary="Live music and other audio of the Internet Archive.",
        api=PLUGIN_API,
        config=Config,
        permissions=(
            Permission(
                kind=PermissionKind.NETWORK,
                target="base_url",
                reason="To search the Archive and to get its music and pictures.",
                per_second=_PER_SECOND,
            ),
            Permission(
                kind=PermissionKind.NETWORK,
                target="archive.org",
                reason="The Archive itself, if base_url does not name another.",
                per_second=_PER_SECOND,
            ),
        ),
        homepage="https://archive.org/details/etree",
    )

    def __init__(self, config: Config, context: Context) -> None:
        """Opens nothing."""
        super().__init__(config, context)
        self.archive = Archive(config, context.http, context.logger)

    async def check(self) -> str:
        """Ask the Archive how many recordings the collections have."""
        query = queries.of_collections(self.config.collections)
        found = await self.archive.client.search(query, rows=1, fields=("identifier",))
        host = urlsplit(self.config.base_url).hostname
        names = ", ".join(self.config.collections)
        return f"{host} answers: {found.total:,} recordings in {names}."

    @hookimpl
    def sources(self) -> Sequence[Source]:
        """Offer the catalogue."""
        context = self.context
        return (ArchiveSource(self.config, self.archive, context.http, context.clock),)

    @classmethod
    @hookimpl
    def commands(cls) -> Sequence[click.Command]:
        """Offer `hydrophone archive`."""
        return (archive,)


@click.group()
def archive() -> None:
    """Look around in the Internet Archive."""


@archive.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@pass_plugin(InternetArchive)
async def _search(plugin: InternetArchive, words: tuple[str, ...], limit: int) -> None:
    """Find concerts by words: artist, place, date, song."""
    _print(await listing.search(plugin.archive, " ".join(words), most=limit))


@archive.command("concerts")
@click.argument("artist")
@click.option("--year", type=click.IntRange(1860, 2100), help="Of this year only.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@pass_plugin(InternetArchive)
async def _concerts(plugin: InternetArchive, artist: str, year: int | None, limit: int) -> None:
    """List the concerts of an artist with their recordings, the best first."""
    _print(await listing.concerts(plugin.archive, artist, year=year, most=limit))


@archive.command("show")
@click.argument("item")
@pass_plugin(InternetArchive)
async def _show(plugin: InternetArchive, item: str) -> None:
    """Show a recording with its tracks, and what would be fetched of each."""
    _print(await listing.show(plugin.archive, item, wanted(plugin.config.formats)))


def _print(lines: list[str]) -> None:
    """Print what strangers have written, without characters that a terminal obeys."""
    if not lines:
        raise click.ClickException("The Internet Archive has nothing there.")
    for line in lines:
        click.echo("".join(c for c in line if c.isprintable()))
