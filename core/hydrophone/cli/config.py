"""`hydrophone config`: is the configuration right, and what does it come to?"""

from pathlib import Path

import click

from hydrophone.cli.console import (
    config_option,
    data_option,
    json_option,
    load,
    output,
    used_file,
)


@click.group("config")
def config_group() -> None:
    """Look at the configuration."""


@config_group.command()
@config_option
@data_option
@json_option
def check(config_file: Path | None, data_dir: Path | None, *, as_json: bool) -> None:
    """Check the configuration without starting anything.

    Prints the file that is used, or every mistake in it with its line.

    \b
    Examples:
      hydrophone config check
      hydrophone config check -c ./config.toml --json
    """
    import os

    import msgspec
    from rich.markup import escape

    from hydrophone.scanner.mounts import mounts_of

    config = load(config_file, data_dir)
    if as_json:
        # Only a plugin knows which of its keys are secret.
        hidden = {name: dict.fromkeys(table, "***") for name, table in config.plugins.items()}
        shown = msgspec.structs.replace(config, plugins=hidden)
        text = msgspec.json.format(msgspec.json.encode(shown, enc_hook=str), indent=2)
        click.echo(text)
        return
    used = used_file(config_file, data_dir)
    output.print(f"[green]The configuration is right.[/] {used or 'No file: all defaults.'}")
    for library in config.libraries:
        missing = "" if library.path.is_dir() else " [yellow](not there now)[/]"
        output.print(f"  library {escape(library.name)}: {escape(str(library.path))}{missing}")
        remote = [one for one in mounts_of(os.path.realpath(library.path)) if one.is_network]
        if config.scan.watch and remote:
            output.print(
                f"    [yellow]on a network mount ({remote[0].kind}):[/] polled every "
                f"{config.scan.poll_minutes} minutes, since nobody tells of changes there"
            )
