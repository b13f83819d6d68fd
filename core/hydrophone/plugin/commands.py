"""How a plugin's commands get at the plugin."""

import functools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import click

from hydrophone.plugin.base import Plugin

P = ParamSpec("P")
PluginT = TypeVar("PluginT", bound=Plugin[Any])

OPENER = "hydrophone.plugin_opener"
"""Under this name the command line keeps a PluginOpener in click's context."""


class PluginOpener(Protocol):
    """Runs something with a started plugin."""

    def __call__(
        self,
        instance: str,
        work: Callable[[Plugin[Any]], Awaitable[None]],
        *,
        config_file: Path | None,
        data_dir: Path | None,
    ) -> None:
        """Start the instance of the configuration, run the work with it, and stop it.

        Raises PluginError if it does not run, and what the work raises.
        """
        ...


def pass_plugin(
    plugin: type[PluginT],
) -> Callable[[Callable[Concatenate[PluginT, P], Awaitable[None]]], Callable[..., None]]:
    """Make a click command's function of an asynchronous one whose first argument is the plugin.

    The plugin is started for the command and stopped behind it, whether or not a server runs. The
    command gets the options `--instance`, `--config` and `--data`.
    """

    def decorate(
        function: Callable[Concatenate[PluginT, P], Awaitable[None]],
    ) -> Callable[..., None]:
        @click.option(
            "--instance",
            default=plugin.manifest.name,
            show_default=True,
            help="Which table of the configuration, if there are several for this plugin.",
        )
        @click.option(
            "-c",
            "--config",
            "config_file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Configuration file.",
        )
        @click.option(
            "--data",
            "data_dir",
            type=click.Path(file_okay=False, path_type=Path),
            help="Folder of the database.",
        )
        @functools.wraps(function)
        def command(
            *args: Any,  # noqa: ANN401 - handed on
            instance: str,
            config_file: Path | None,
            data_dir: Path | None,
            **kwargs: Any,  # noqa: ANN401 - handed on
        ) -> None:
            async def work(started: Plugin[Any]) -> None:
                if not isinstance(started, plugin):
                    raise click.UsageError(f"{instance} is no instance of {plugin.manifest.name}.")
                await function(started, *args, **kwargs)

            opener: PluginOpener = click.get_current_context().meta[OPENER]
            opener(instance, work, config_file=config_file, data_dir=data_dir)

        return command

    return decorate
