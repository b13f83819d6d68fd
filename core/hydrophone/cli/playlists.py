"""`hydrophone playlists`: a user's playlists, and files of other players."""

import asyncio
from pathlib import Path

import click

from hydrophone.cli.console import config_option, data_option, errors, json_option, load, output
from hydrophone.domain.m3u import MAX_SIZE
from hydrophone.domain.playlist import Playlist, PlaylistWithTracks

_USER = "--user"


@click.group()
def playlists() -> None:
    """List, import and export playlists; works while the server runs, too."""


@playlists.command("list")
@click.option(_USER, "name", metavar="NAME", required=True, help="Whose playlists.")
@config_option
@data_option
@json_option
def list_playlists(
    name: str, config_file: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """List a user's own playlists.

    \b
    Examples:
      hydrophone playlists list --user anna
      hydrophone playlists list --user anna --json
    """
    import msgspec
    from rich.markup import escape
    from rich.table import Table

    async def run() -> tuple[Playlist, ...]:
        from hydrophone.server.commands import open_playlists

        async with open_playlists(load(config_file, data_dir)) as (people, files):
            return await files.all_of(await people.accounts.named(name))

    found = asyncio.run(run())
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    table = Table("Id", "Name", "Tracks", "Public", "From")
    for one in found:
        source = one.file or ("smart" if one.rules else "")
        public = "yes" if one.is_public else ""
        table.add_row(one.id, escape(one.name), str(one.track_count), public, escape(source))
    output.print(table)


@playlists.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(_USER, "name", metavar="NAME", required=True, help="Who gets the playlist.")
@config_option
@data_option
@json_option
def import_playlist(
    file: Path, name: str, config_file: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """Make a playlist of an .m3u, .m3u8 or .nsp file.

    What is in no library is left out. The file may lie anywhere; those that lie in a library
    become playlists by themselves.

    \b
    Example:
      hydrophone playlists import Evening.m3u8 --user anna
    """
    import msgspec

    if file.stat().st_size > MAX_SIZE:
        raise click.BadParameter(f"The file is larger than {MAX_SIZE // 2**20} MiB.")

    async def run() -> tuple[PlaylistWithTracks, int]:
        from hydrophone.server.commands import open_playlists

        async with open_playlists(load(config_file, data_dir)) as (people, files):
            owner = await people.accounts.named(name)
            return await files.add(owner, place, data)

    place, data = file.absolute(), file.read_bytes()
    made, left_out = asyncio.run(run())
    if as_json:
        click.echo(msgspec.json.encode({"playlist": made.playlist, "left_out": left_out}))
        return
    shown = made.playlist
    noun = "track" if shown.track_count == 1 else "tracks"
    tracks = f"{shown.track_count} {noun}{' at this moment' if shown.rules else ''}"
    errors.print(f"Made {shown.name} ({shown.id}) with {tracks}.", markup=False)
    if left_out:
        those = "1 entry that is" if left_out == 1 else f"{left_out} entries that are"
        errors.print(f"Left out: {those} in no library of {name}.")


@playlists.command()
@click.option(_USER, "name", metavar="NAME", required=True, help="Whose playlists.")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder; it is made if need be.",
)
@config_option
@data_option
def export(name: str, folder: Path, config_file: Path | None, data_dir: Path | None) -> None:
    """Write every playlist of a user into a folder: smart ones as .nsp, all others as .m3u8.

    Paths are absolute. Files of the same names are overwritten.

    \b
    Example:
      hydrophone playlists export --user anna --to ~/playlists
    """

    async def run() -> int:
        from hydrophone.server.commands import open_playlists

        async with open_playlists(load(config_file, data_dir)) as (people, files):
            owner = await people.accounts.named(name)
            written = 0
            async for file_name, content in files.files(owner):
                await asyncio.to_thread((folder / file_name).write_bytes, content)
                written += 1
            return written

    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = asyncio.run(run())
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written to: {error.strerror}.") from error
    noun = "playlist" if written == 1 else "playlists"
    errors.print(f"Wrote {written} {noun} to {folder}.", markup=False)


@playlists.command()
@click.argument("playlist", metavar="PLAYLIST")
@click.option(_USER, "name", metavar="NAME", required=True, help="Whose playlist.")
@click.option("--off", is_flag=True, help="Keep its tracks no longer; copies that are here stay.")
@config_option
@data_option
def keep(
    playlist: str, name: str, config_file: Path | None, data_dir: Path | None, *, off: bool
) -> None:
    """Keep all tracks of a playlist on the disk, also those that are added later.

    PLAYLIST is its id or its name. A server that runs fetches what is not here.

    \b
    Example:
      hydrophone playlists keep "Sunday morning" --user anna
    """

    async def run() -> str:
        from hydrophone.server.keep_commands import open_keeps

        async with open_keeps(load(config_file, data_dir)) as (people, lists, keeps):
            owner = await people.accounts.named(name)
            own = [one for one in await lists.all(owner) if one.owner == owner.name]
            found = [one for one in own if playlist in (one.id, one.name)]
            if len(found) != 1:
                what = "no playlist" if not found else "more than one playlist"
                raise click.ClickException(f"{name} has {what} {playlist!r}; see the ids.")
            await (keeps.unkeep if off else keeps.keep)(owner, found[0].id)
            return found[0].name

    shown = asyncio.run(run())
    done = "is kept no longer" if off else "is kept with all its tracks"
    errors.print(f"{shown} {done}.", markup=False)
