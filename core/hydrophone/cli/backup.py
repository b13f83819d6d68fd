"""`hydrophone backup`: make, list, check and restore backups."""

from pathlib import Path

import click

from hydrophone.cli.console import (
    config_option,
    data_option,
    errors,
    json_option,
    load,
    output,
    used_file,
)
from hydrophone.domain.backup import BackupManifest, Restored


@click.group()
def backup() -> None:
    """Back up and restore accounts, playlists, stars and all else that is not music."""


@backup.command()
@click.option(
    "--to",
    metavar="PATH",
    help="File to make, or a folder: one that is there, or a name that ends in a slash [default: "
    "the folder of backups].",
)
@config_option
@data_option
@json_option
def create(
    to: str | None, config_file: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """Make a backup; works while the server runs, too.

    It is one file, with secrets in it: database, key file, configuration and playlists. It has
    its name only when it has been read again and is good. Nothing ever deletes it.

    \b
    Examples:
      hydrophone backup create
      hydrophone backup create --to /mnt/usb/
      hydrophone backup create --to before-the-move.zip --json
    """
    from hydrophone.backup import BackupRequest, create_backup, look_at
    from hydrophone.backup.create import usual_name
    from hydrophone.domain.backup import BackupReason
    from hydrophone.services.clock import SystemClock

    config = load(config_file, data_dir)
    now = SystemClock().now()
    target = config.backup.dir if to is None else Path(to)
    # A slash at the end means a folder, as it does for cp and rsync; a `Path` has lost it.
    if to is None or to.endswith("/") or target.is_dir():
        target /= usual_name(now)
    made = create_backup(
        BackupRequest(
            data_dir=str(config.server.data_dir),
            target=str(target.absolute()),
            reason=BackupReason.MANUAL,
            made=now,
            config_file=str(used_file(config_file, data_dir) or ""),
        )
    )
    listing = look_at(made)
    if as_json:
        _print_json(listing)
    else:
        output.print(f"{listing.path}  ({_size(listing.size)})", markup=False, soft_wrap=True)


@backup.command("list")
@config_option
@data_option
@json_option
def list_(config_file: Path | None, data_dir: Path | None, *, as_json: bool) -> None:
    """List the backups in the folder of backups, newest first.

    \b
    Examples:
      hydrophone backup list
      hydrophone backup list --json
    """
    from rich.markup import escape
    from rich.table import Table

    from hydrophone.backup import list_backups
    from hydrophone.errors import StorageError

    config = load(config_file, data_dir)
    folder = config.backup.dir
    if not (config.server.data_dir.is_dir() or folder.is_dir()):
        raise StorageError(f"There is no data folder {config.server.data_dir}.")
    found = list_backups(folder)
    if as_json:
        _print_json(found)
        return
    table = Table("Name", "Made", "Why", "Size", title=escape(str(folder)), title_justify="left")
    for listing in found:
        made, why = "", f"[red]{escape(listing.problem)}[/]"
        if listing.manifest:
            made, why = _time(listing.manifest.made), listing.manifest.reason.value
        table.add_row(escape(listing.name), made, why, _size(listing.size))
    output.print(table)


@backup.command()
@click.argument("name", metavar="FILE|NAME")
@config_option
@data_option
@json_option
def verify(name: str, config_file: Path | None, data_dir: Path | None, *, as_json: bool) -> None:
    """Check a backup as thoroughly as a restore does; exit code 1 if it is not good.

    \b
    Examples:
      hydrophone backup verify hydrophone-20261121T023605Z
      hydrophone backup verify /mnt/usb/hydrophone-20261121T023605Z.zip --json
    """
    from hydrophone.backup import find_backup, verify_backup

    path = find_backup(name, load(config_file, data_dir).backup.dir)
    manifest = verify_backup(path)
    if as_json:
        _print_json(manifest)
        return
    output.print(f"[green]The backup is good.[/] {_summary(manifest)}", soft_wrap=True)


@backup.command()
@click.argument("name", metavar="FILE|NAME")
@config_option
@data_option
@json_option
def restore(name: str, config_file: Path | None, data_dir: Path | None, *, as_json: bool) -> None:
    """Put a backup into the data folder, in the place of what is there; stop the server first.

    The backup is verified before anything is changed. What stood in the folder is kept in it, in
    before-restore-TIME. The configuration is put back only if there is none.

    \b
    Examples:
      hydrophone backup restore hydrophone-20261121T023605Z
      hydrophone backup restore /mnt/usb/hydrophone-20261121T023605Z.zip --data /srv/hydrophone
    """
    from hydrophone.backup import find_backup, restore_backup
    from hydrophone.services.clock import SystemClock

    config = load(config_file, data_dir)
    path = find_backup(name, config.backup.dir)
    restored = restore_backup(
        path,
        config.server.data_dir,
        now=SystemClock().now(),
        with_config=used_file(config_file, data_dir) is None,
    )
    if as_json:
        _print_json(restored)
    else:
        _tell(restored, path)


def _tell(restored: Restored, path: Path) -> None:
    from rich.markup import escape

    output.print(f"[green]Restored into {escape(restored.data_dir)}.[/]", soft_wrap=True)
    output.print(_summary(restored.manifest), soft_wrap=True)
    if restored.moved_to:
        output.print(f"What was there is in {restored.moved_to}", markup=False, soft_wrap=True)
    if restored.config:
        output.print(
            f"The configuration is {restored.config}; look through it before you start the server.",
            markup=False,
            soft_wrap=True,
        )
    errors.print(
        f"Configuration and playlists (M3U8) as they were are in {path}, which any program for zip "
        "files opens.",
        markup=False,
        soft_wrap=True,
    )


def _summary(manifest: BackupManifest) -> str:
    rows = manifest.rows
    counts = ", ".join(
        f"{rows.get(table, 0)} {table}{'' if rows.get(table) == 1 else 's'}"
        for table in ("user", "playlist", "track")
    )
    return f"Made {_time(manifest.made)} by Hydrophone {manifest.version}: {counts}."


def _print_json(value: object) -> None:
    import msgspec

    click.echo(msgspec.json.encode(value))


def _time(timestamp: int) -> str:
    from datetime import datetime

    return datetime.fromtimestamp(timestamp / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _size(size: int) -> str:
    from rich.filesize import decimal

    return decimal(size)
