"""The commands that plugins add to ours."""

import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from hydrophone.cli.console import errors, load, printable
from hydrophone.domain.units import Seconds

_COMMANDS = "hydrophone.cli.plugin_commands"
"""Where a run of the command line keeps them, once they were looked for."""
_LIST_LIMIT = Seconds(3.0)
"""How long an import is waited for by who wants to see what commands there are."""


class CommandLine(click.Group):
    """Our own commands, and behind them those of installed plugins.

    Installed plugins are imported only for the list of all commands, or when a word is none of
    ours; then all of them, once. None is started, so neither a configuration nor a network is
    needed.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, ours first."""
        of_plugins = _of_plugins(ctx, _LIST_LIMIT)
        return [*self.commands, *(name for name in of_plugins if name not in self.commands)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name; ours win."""
        if (own := super().get_command(ctx, cmd_name)) is not None:
            return own
        from hydrophone.host.importing import IMPORT_LIMIT

        return _of_plugins(ctx, IMPORT_LIMIT).get(cmd_name)


def open_for_command(
    instance: str,
    work: Callable[[Any], Awaitable[None]],
    *,
    config_file: Path | None,
    data_dir: Path | None,
) -> None:
    """Start a plugin, run something with it, and stop it; see `PluginOpener`."""
    from hydrophone.host.stranger import run_beside

    async def run() -> None:
        from hydrophone.server.plugin_commands import open_plugin

        async with open_plugin(load(config_file, data_dir), instance) as plugin:
            await work(plugin)

    run_beside(run())


def _of_plugins(context: click.Context, limit: Seconds) -> dict[str, click.Command]:
    from hydrophone.host.discovery import installed_plugins
    from hydrophone.host.importing import load_in_time
    from hydrophone.host.stranger import describe

    known: dict[str, click.Command] | None = context.meta.get(_COMMANDS)
    if known is not None:
        return known
    found: dict[str, click.Command] = {}
    with _interruptible():
        for name, installed in installed_plugins().items():
            try:
                for command in _commands_of(load_in_time(installed, limit)):
                    if isinstance(command, click.Command):
                        found.setdefault(str(command.name), command)
                    else:
                        kind = type(command).__name__
                        _warn(f"Plugin {name} has a command that is none of click: {kind}")
            except Exception as error:  # noqa: BLE001 - the border: a stranger's code
                _warn(f"Plugin {name} has no commands: {describe(error)}")
    context.meta[_COMMANDS] = found
    return found


def _commands_of(plugin: object) -> tuple[object, ...]:
    """Ask the class of a plugin. Raises what its code raises, or PluginError."""
    from hydrophone.host.stranger import called

    hook: Callable[[], Iterable[object]] = getattr(plugin, "commands", tuple)
    return called(lambda: tuple(hook()))


def _warn(said: str) -> None:
    errors.print(f"[yellow]{printable(said)}[/]", soft_wrap=True)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once, so that a `KeyboardInterrupt` is the plugin's own."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
