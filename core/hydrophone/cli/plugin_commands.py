"""The commands that plugins add to ours."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import click

from hydrophone.cli.console import errors, load, printable


class CommandLine(click.Group):
    """Our own commands, and behind them those of installed plugins.

    A plugin is imported only for the list of all commands, or when a word is none of ours. Nothing
    of it is run then, so neither a configuration nor a network is needed.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, ours first."""
        return [*self.commands, *(name for name in _of_plugins() if name not in self.commands)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name; ours win."""
        return super().get_command(ctx, cmd_name) or _of_plugins().get(cmd_name)


def open_for_command(
    instance: str,
    work: Callable[[Any], Awaitable[None]],
    *,
    config_file: Path | None,
    data_dir: Path | None,
) -> None:
    """Start a plugin, run something with it, and stop it; see `PluginOpener`."""

    async def run() -> None:
        from hydrophone.server.plugin_commands import open_plugin

        async with open_plugin(load(config_file, data_dir), instance) as plugin:
            await work(plugin)

    asyncio.run(run())


def _of_plugins() -> dict[str, click.Command]:
    from hydrophone.errors import PluginError
    from hydrophone.host.discovery import describe, installed_plugins, load

    found: dict[str, click.Command] = {}
    for name, installed in installed_plugins().items():
        try:
            hook: Callable[[], Iterable[click.Command]] = getattr(
                load(installed), "commands", tuple
            )
            for command in hook():
                found.setdefault(str(command.name), command)
        except PluginError as error:
            errors.print(f"[yellow]Plugin {printable(name)}: {printable(str(error))}[/]")
        except Exception as error:  # noqa: BLE001 - the border: a stranger's code
            said = printable(describe(error))
            errors.print(f"[yellow]Plugin {printable(name)} has no commands: {said}[/]")
    return found
