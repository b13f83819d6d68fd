"""`hydrophone recognize`: which recording a file is."""

from pathlib import Path

import click

from hydrophone.cli.console import config_option, data_option, json_option, load, output, printable
from hydrophone.plugin.capabilities.recognizer import Recognition


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_option
@data_option
@json_option
def recognize(
    file: Path, config_file: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """Ask plugins which recording FILE is, the likeliest first.

    The plugins of the configuration are started for it, beside a server that may run.

    \b
    Example:
      hydrophone recognize recording.wav
    """
    import msgspec

    from hydrophone.host.stranger import run_beside

    path = file.resolve()

    async def run() -> tuple[Recognition, ...]:
        from hydrophone.server.plugin_commands import open_recognizing

        async with open_recognizing(load(config_file, data_dir)) as recognizing:
            return await recognizing.recognize(path)

    found = run_beside(run())
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    if not found:
        output.print("Nobody knows it.")
    for one in found:
        credit = ", ".join(one.artists)
        output.print(f"{one.score:.0%}  {printable(f'{credit}: {one.title}')}", soft_wrap=True)
